import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkClock } from '../../../../core/cli/checks/clock';
import { checkDiskSpace, checkEvidenceFolder } from '../../../../core/cli/checks/folder';
import { checkNativeModule, checkNode } from '../../../../core/cli/checks/program';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'keyrite-checks-'));
});

afterEach(async () => {
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true, force: true });
});

describe('what the doctor checks', () => {
  it('finds an old Node missing, with its remedy', () => {
    expect(checkNode('20.18.3')).toMatchObject({ state: 'missing', remedy: expect.stringContaining('20.19') });
    expect(checkNode('20.19.0')).toMatchObject({ state: 'ok', remedy: '' });
    expect(checkNode('24.0.0')).toMatchObject({ state: 'ok' });
  });

  it('finds the native module of this machine, and says why another does not load', async () => {
    expect(await checkNativeModule()).toMatchObject({ state: 'ok' });
    const broken = await checkNativeModule(() => Promise.reject(new Error('invalid ELF header\nmore')));
    expect(broken).toMatchObject({
      state: 'missing',
      found: 'invalid ELF header',
      remedy: expect.stringContaining('npm rebuild'),
    });
  });

  it('takes a clock that stands before the installation for wrong', () => {
    const installed = new Date('2026-01-02T00:00:00Z');
    expect(checkClock(new Date('2025-01-01T00:00:00Z'), installed)).toMatchObject({ state: 'warning' });
    expect(checkClock(new Date('2026-01-03T00:00:00Z'), installed)).toMatchObject({ state: 'ok' });
  });

  it('looks at the folder above where the evidence folder is not made yet', async () => {
    expect(await checkEvidenceFolder(path.join(folder, 'not', 'there'))).toMatchObject({ state: 'ok' });
    expect(await checkDiskSpace(path.join(folder, 'not', 'there'))).toMatchObject({
      found: expect.stringMatching(/^\d+ MB free$/),
    });
  });

  it.skipIf(process.getuid?.() === 0)('finds a folder missing that cannot be written', async () => {
    await chmod(folder, 0o500);
    expect(await checkEvidenceFolder(folder)).toMatchObject({ state: 'missing', remedy: expect.stringContaining('--out') });
  });
});

import { execFileSync } from 'node:child_process';
import { chmod, chown, link, lstat, mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { latchDisk } from '../../../core/control/latch-disk';
import { spoilLatch } from '../../../core/control/latch-fallback';
import { latchBytes, type LatchRecord } from '../../../core/control/latch-record';
import { openLatch } from '../../../proxy/latch';
import { removeTemporaryFolders, temporaryFolder } from '../pack/sample-pack';
import { mountTmpfs, mountWorks, remount, unmount } from '../tmpfs';

afterAll(removeTemporaryFolders);

const ARMED: LatchRecord = { version: 1, state: 'armed', by: 'ada', why: '', at: '2026-11-23T12:00:00.000Z', blocks: [] };
const KILLED: LatchRecord = { ...ARMED, state: 'killed', why: 'a much longer reason than the other one has' };
const onPosix = it.skipIf(process.platform === 'win32');
const asRoot = it.runIf(process.geteuid?.() === 0);

async function armedAt(name = 'latch.json'): Promise<{ folder: string; path: string }> {
  const folder = await temporaryFolder();
  const path = join(folder, name);
  await latchDisk(path).replace(latchBytes(ARMED));
  return { folder, path };
}

describe('the latch on a disk', () => {
  it('reads what it wrote, for its owner alone, with nothing left beside it', async () => {
    const { folder, path } = await armedAt();
    expect(await latchDisk(path).read()).toEqual({ kind: 'read', record: ARMED });
    await latchDisk(path).replace(latchBytes(KILLED));
    expect(await latchDisk(path).read()).toEqual({ kind: 'read', record: KILLED });
    expect(await readdir(folder)).toEqual(['latch.json']);
    if (process.platform !== 'win32') expect((await lstat(path)).mode & 0o777).toBe(0o600);
  });

  it('is written over whole, whether the new content is longer or shorter', async () => {
    const { path } = await armedAt();
    for (const record of [KILLED, ARMED]) {
      await latchDisk(path).overwrite(latchBytes(record));
      expect(await readFile(path)).toEqual(latchBytes(record));
    }
  });

  it('tells missing, removed and emptied apart', async () => {
    const { path } = await armedAt();
    await latchDisk(path).empty();
    expect(await latchDisk(path).read()).toEqual({ kind: 'unusable', problem: 'is empty', mayPass: false });
    await latchDisk(path).remove();
    expect(await latchDisk(path).read()).toEqual({ kind: 'missing' });
  });

  it('is not a folder, and is replaced by none', async () => {
    const path = join(await temporaryFolder(), 'latch.json');
    await mkdir(path);
    expect(await latchDisk(path).read()).toMatchObject({ kind: 'unusable' });
    await expect(latchDisk(path).replace(latchBytes(KILLED))).rejects.toThrow();
  });

  onPosix('is not read through a link, and a link is replaced, not followed', async () => {
    const { folder, path } = await armedAt('elsewhere.json');
    const linked = join(folder, 'latch.json');
    await symlink(path, linked);
    expect(await latchDisk(linked).read()).toEqual({ kind: 'unusable', problem: 'is a link', mayPass: false });
    await expect(latchDisk(linked).overwrite(latchBytes(KILLED))).rejects.toThrow();
    await latchDisk(linked).replace(latchBytes(KILLED));
    expect(await latchDisk(path).read()).toEqual({ kind: 'read', record: ARMED });
    expect(await latchDisk(linked).read()).toEqual({ kind: 'read', record: KILLED });
  });

  onPosix.each([0o620, 0o602, 0o666])('is not trusted when others may write to it (mode %o)', async (mode) => {
    const { path } = await armedAt();
    await chmod(path, mode);
    expect(await latchDisk(path).read()).toMatchObject({
      kind: 'unusable',
      problem: expect.stringContaining('written by others'),
    });
  });

  asRoot('is not trusted when it belongs to somebody else', async () => {
    const { path } = await armedAt();
    await chown(path, 65_534, 65_534);
    expect(await latchDisk(path).read()).toMatchObject({ kind: 'unusable', problem: expect.stringContaining('another user') });
  });

  onPosix('does not wait for the other end of a pipe of its name', async () => {
    const path = join(await temporaryFolder(), 'latch.json');
    execFileSync('mkfifo', [path]);
    expect(await latchDisk(path).read()).toEqual({ kind: 'unusable', problem: 'is not a file', mayPass: false });
  });

  it('takes nothing for a latch that is larger than one can be', async () => {
    const { path } = await armedAt();
    await writeFile(path, Buffer.alloc((1 << 24) + 1, ' '));
    expect(await latchDisk(path).read()).toMatchObject({ problem: expect.stringContaining('16777217 bytes') });
  });

  it('does not count a means whose effect cannot be read back', async () => {
    const { folder, path } = await armedAt();
    await rename(path, join(folder, 'other.json'));
    expect(await spoilLatch(latchDisk(path), latchBytes(KILLED), true)).toBe('killed'); // gone is lost
    expect(await spoilLatch(latchDisk(path), latchBytes(KILLED), false)).toBe('unknown');
  });

  onPosix('spoils a file of two names under both of them', async () => {
    const { folder, path } = await armedAt();
    await link(path, join(folder, 'backup.json'));
    expect(await spoilLatch(latchDisk(path), latchBytes(KILLED), false)).toBe('same');
    expect(await latchDisk(path).read()).toMatchObject({ record: { state: 'killed' } });
  });
});

const canMount = mountWorks();
if (!canMount) console.warn('Skipped: the tests of a full and of a read-only state folder need root on Linux, to mount a tmpfs.');

async function onTmpfs(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = mountTmpfs('64k', ',mode=0700');
  try {
    await test(folder);
  } finally {
    unmount(folder);
  }
}

async function fill(folder: string): Promise<void> {
  for (let n = 0; ; n++) {
    try {
      await writeFile(join(folder, `filling-${n}`), Buffer.alloc(4096));
    } catch {
      return; // full
    }
  }
}

describe.runIf(canMount)('the latch on a disk that refuses', () => {
  const act = { who: 'ada', why: 'drill' };
  const open = (folder: string) => openLatch(folder, { hasHistory: true, now: Date.now });

  it('stays killed after a restart although the disk was full', () =>
    onTmpfs(async (folder) => {
      await openLatch(folder, { hasHistory: false, now: Date.now });
      const latch = await open(folder);
      await fill(folder);
      expect(await latch.kill(act)).toMatchObject({ ok: true });
      expect((await open(folder)).state()).toMatchObject({ killed: true, by: 'ada', problem: '' });
      expect(await latch.arm(act)).toMatchObject({
        error: { code: 'proxy.latchNotWritten', detail: { errno: 'ENOSPC', restart: 'same' } },
      });
      expect((await open(folder)).state()).toMatchObject({ killed: true });
    }));

  it('says that a restart may serve when the disk became read-only', () =>
    onTmpfs(async (folder) => {
      await openLatch(folder, { hasHistory: false, now: Date.now });
      const latch = await open(folder);
      remount(folder, 'ro');
      expect(await latch.kill(act)).toMatchObject({ error: { detail: { errno: 'EROFS', restart: 'unknown' } } });
      expect(latch.mayUse('k')).toMatchObject({ reason: 'killed' });
    }));
});

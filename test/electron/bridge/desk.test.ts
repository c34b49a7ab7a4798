import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OfficerRegistry } from '../../../core/officers/registry';
import type { Station } from '../../../core/station/port';
import { deskFunctions } from '../../../electron/bridge/desk';
import type { TokenSource } from '../../../electron/token-source';

let privateFolder = '';
beforeEach(() => {
  privateFolder = mkdtempSync(join(tmpdir(), 'keyrite-private-'));
});
afterEach(() => rmSync(privateFolder, { recursive: true, force: true }));

function keeps(ceremonyId: string, ...names: readonly string[]): void {
  mkdirSync(join(privateFolder, ceremonyId), { mode: 0o700 });
  for (const name of names) writeFileSync(join(privateFolder, ceremonyId, name), 'a secret', { mode: 0o600 });
}

/** The desk of a station with one ceremony on the stage, two that were left, and a sealed one. */
async function desk() {
  const pack = (ceremonyId: string, state: string) => ({ ceremonyId, state });
  const packs = [pack('on-stage', 'running'), pack('left', 'running'), pack('bare', 'running'), pack('sealed', 'completed')];
  const functions = deskFunctions({
    station: {
      packs: () => Promise.resolve({ ok: true, value: packs }),
      current: () => ({ ceremonyId: 'on-stage', phase: 'running', title: '', step: null, runMode: 'rehearsal' }),
    } as unknown as Station,
    officers: { list: () => Promise.resolve({ ok: true, value: [] }) } as unknown as OfficerRegistry,
    tokens: {} as TokenSource,
    isRehearsal: () => true,
    privateFolder,
  });
  const got = await functions.get();
  if (!got.ok) throw new Error(got.error.code);
  return got.value;
}

describe('the desk', () => {
  it('says how many secret files an unfinished ceremony keeps, and which were left behind by others', async () => {
    keeps('on-stage', 'token');
    keeps('left', 'token', 'key.pem');
    keeps('sealed', 'token');
    keeps('lost', 'credential');
    keeps('empty');
    const { unfinished, leftBehind } = await desk();
    expect(unfinished).toEqual([
      { ceremonyId: 'left', state: 'running', privateFiles: 2 },
      { ceremonyId: 'bare', state: 'running', privateFiles: 0 },
    ]);
    expect([...leftBehind].sort((a, b) => a.ceremonyId.localeCompare(b.ceremonyId))).toEqual([
      { ceremonyId: 'lost', privateFiles: 1 },
      { ceremonyId: 'sealed', privateFiles: 1 },
    ]);
  });

  it('has nothing to say where no ceremony kept anything yet', async () => {
    rmSync(privateFolder, { recursive: true });
    expect((await desk()).leftBehind).toEqual([]);
  });
});

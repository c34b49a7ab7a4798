import { mkdtempSync, rmSync, statfsSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { loadPin } from '../../../proxy/run/secrets-at-hand';
import type { SecretSource } from '../../../proxy/settings/settings';

const TMPFS = 0x01021994;
const isTmpfs = (path: string): boolean => {
  try {
    return statfsSync(path).type === TMPFS;
  } catch {
    return false;
  }
};

describe('when the source of the PIN last changed', () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  /** A folder below `base` with a PIN that was written at this time. */
  function pinIn(base: string, changedAt: Date): string {
    const folder = mkdtempSync(join(base, 'keyrite-pin-'));
    folders.push(folder);
    writeFileSync(join(folder, 'pin'), '10203040\n', { mode: 0o600 });
    utimesSync(join(folder, 'pin'), changedAt, changedAt);
    return folder;
  }

  async function changed(source: SecretSource, env: Record<string, string> = {}): Promise<number | null> {
    const pin = await loadPin(source, { env, supervisor: null });
    if (!pin.ok) throw new Error(JSON.stringify(pin.remarks));
    onTestFinished(() => void pin.value.bytes.fill(0));
    return pin.value.changedAt;
  }

  const THEN = new Date('2026-11-23T08:00:00Z');

  it.skipIf(isTmpfs(tmpdir()))('is told by a file that stays', async () => {
    expect(await changed({ from: 'file', path: join(pinIn(tmpdir(), THEN), 'pin') })).toBe(THEN.getTime());
  });

  it('is not told by a credential of systemd, which is written anew at each start', async () => {
    const folder = pinIn(tmpdir(), THEN);
    expect(await changed({ from: 'credential', name: 'pin' }, { CREDENTIALS_DIRECTORY: folder })).toBeNull();
  });

  it.runIf(process.platform === 'linux' && isTmpfs('/dev/shm'))(
    'is not told by a file in memory, which is one of a container',
    async () => {
      expect(await changed({ from: 'file', path: join(pinIn('/dev/shm', THEN), 'pin') })).toBeNull();
    },
  );
});

import { spawnSync } from 'node:child_process';
import { chown, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { cleanUp, stateFolder } from '../../proxy/control/control-ground';
import { buildEntries, type BuiltEntries } from '../../softhsm/build-child';

const isRoot = process.geteuid?.() === 0;
if (!isRoot) console.warn('Skipped: that root acts as the owner of a state folder can be seen by root alone.');

describe.runIf(isRoot)('keyrite kill, called by root for the proxy of another user', () => {
  let built: BuiltEntries;
  beforeAll(async () => {
    built = await buildEntries({ driver: 'test/core/cli/kill-driver.ts' });
  }, 60_000);
  afterEach(cleanUp);
  afterAll(() => built.remove());

  it('leaves a latch of that user, which the proxy will take for its own', async () => {
    const folder = await stateFolder();
    await chown(folder, 65_534, 65_534);
    const env = { ...process.env, SUDO_USER: 'ada' };
    const ran = spawnSync(process.execPath, [built.path('driver'), folder], { encoding: 'utf8', env });
    expect([ran.status, ran.stderr]).toEqual([0, '']);
    expect(await readdir(folder)).toEqual(['latch.json']);
    const { uid, gid, mode } = await lstat(join(folder, 'latch.json'));
    expect([uid, gid, mode & 0o777]).toEqual([65_534, 65_534, 0o600]);
  });
});

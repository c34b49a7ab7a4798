import { chmod, chown, lstat, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { makeOwnFolder, ownFolder } from '../../../core/control/own-folder';
import { takeStateLock } from '../../../core/control/state-lock';
import { lockHolder } from '../../../core/pack/lock';
import { cleanUp, stateFolder } from '../../proxy/control/control-ground';

afterEach(cleanUp);

describe.skipIf(process.platform === 'win32')('a state folder', () => {
  it('is made with all that leads to it, for its owner alone', async () => {
    const folder = join(await stateFolder(), 'a', 'b');
    expect(await makeOwnFolder(folder)).toMatchObject({ ok: true });
    expect((await lstat(folder)).mode & 0o777).toBe(0o700);
  });

  it('is closed to others when it is ours and they could look into it', async () => {
    const folder = join(await stateFolder(), 'state');
    await mkdir(folder);
    await chmod(folder, 0o755); // as systemd makes it by default
    expect(await makeOwnFolder(folder)).toMatchObject({ ok: true });
    expect((await lstat(folder)).mode & 0o777).toBe(0o700);
  });

  it('is refused when others could have written to it, and is not repaired: nobody knows what they did', async () => {
    const folder = join(await stateFolder(), 'state');
    await mkdir(folder);
    await chmod(folder, 0o777);
    expect(await makeOwnFolder(folder)).toMatchObject({ error: { code: 'proxy.foreign' } });
    expect((await lstat(folder)).mode & 0o777).toBe(0o777);
  });

  it.runIf(process.geteuid?.() === 0)('is refused when it belongs to somebody else', async () => {
    const folder = join(await stateFolder(), 'state');
    await mkdir(folder, { mode: 0o700 });
    await chown(folder, 65_534, 65_534);
    expect(await makeOwnFolder(folder)).toMatchObject({ error: { code: 'proxy.foreign' } });
  });

  it('is no file, and may be reached by a link', async () => {
    const folder = await stateFolder();
    await writeFile(join(folder, 'file'), '');
    expect(await ownFolder(join(folder, 'file'))).toMatchObject({ error: { code: 'proxy.foreign' } });
    await symlink(folder, join(folder, 'link'));
    expect(await ownFolder(join(folder, 'link'))).toEqual(await ownFolder(folder));
  });

  it('has one proxy, and its lock names that', async () => {
    const folder = await stateFolder();
    const first = await takeStateLock(folder);
    expect(await takeStateLock(folder)).toMatchObject({ error: { code: 'proxy.alreadyRunning', detail: { pid: process.pid } } });
    expect(await lockHolder(join(folder, 'lock'))).toMatchObject({ pid: process.pid });
    if (first.ok) await first.value.release();
    expect(await lockHolder(join(folder, 'lock'))).toBeNull();
  });
});

import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { which } from '../../../core/setup/system-packages.mjs';

const ROOT = path.resolve(import.meta.dirname, '..', '..', '..');
const MODULE = pathToFileURL(path.join(ROOT, 'core', 'setup', 'system-packages.mjs')).href;

let bin: string;

beforeEach(async () => {
  bin = await mkdtemp(path.join(tmpdir(), 'keyrite-bin-'));
});

afterEach(() => rm(bin, { recursive: true, force: true }));

/** A program on the otherwise empty PATH that writes down how it was called. */
async function program(name: string, body: string): Promise<void> {
  const file = path.join(bin, name);
  await writeFile(file, `#!/bin/sh\necho "${name} $*" >> "${bin}/calls"\n${body}\n`);
  await chmod(file, 0o755);
}

const calls = async () => (await readFile(path.join(bin, 'calls'), 'utf8')).trim().split('\n');

/** Installs SoftHSM in a process of its own that sees nothing of this machine but `bin`, without a terminal. */
async function install(permission: { yes: boolean; noInstall: boolean }, need = 'softhsm') {
  const code = `import { installPackages } from ${JSON.stringify(MODULE)};
    process.getuid = () => 0;
    console.log(JSON.stringify(await installPackages(${JSON.stringify(need)}, 'The thing', ${JSON.stringify(permission)})));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], { env: { PATH: bin } });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { ok: boolean; reason?: string };
}

const WITHOUT_ASKING = { yes: false, noInstall: false };

describe.skipIf(process.platform !== 'linux')('installing what the system lacks', () => {
  it('goes ahead where no person is at a terminal, with fresh lists and without questions', async () => {
    await program('apt-get', 'exit 0');
    await program('apt-cache', 'exit 1');
    expect(await install(WITHOUT_ASKING)).toEqual({ ok: true });
    const called = await calls();
    expect(called[0]).toBe('apt-get update -qq');
    expect(called.at(-1)).toBe('apt-get install -y -qq --no-install-recommends softhsm2');
  });

  it('takes the new names of libraries where the old ones are gone', async () => {
    await program('apt-get', 'exit 0');
    await program('apt-cache', 'case "$2" in libgtk-3-0t64|libasound2t64) exit 0;; *) exit 1;; esac');
    expect(await install(WITHOUT_ASKING, 'libraries')).toEqual({ ok: true });
    expect((await calls()).at(-1)).toMatch(/ libnss3 libgtk-3-0t64 libasound2t64 libgbm1$/);
  });

  it('touches nothing with --no-install and names the exact command', async () => {
    await program('apt-get', 'exit 0');
    expect(await install({ yes: true, noInstall: true })).toEqual({
      ok: false,
      reason: 'The thing is missing. Install it with: apt-get install softhsm2',
    });
    await expect(calls()).rejects.toThrow('ENOENT');
  });

  it('says why an installation failed, and names the exact command', async () => {
    await program('apt-get', 'echo "E: no network" >&2; exit 100');
    await program('apt-cache', 'exit 1');
    const { ok, reason } = await install(WITHOUT_ASKING);
    expect(ok).toBe(false);
    expect(reason).toMatch(/exit code 100.*E: no network.*apt-get install softhsm2$/);
  });

  it('knows the names of another package manager', async () => {
    await program('dnf', 'exit 0');
    expect(await install(WITHOUT_ASKING)).toEqual({ ok: true });
    expect((await calls()).at(-1)).toBe('dnf install -y -q softhsm');
  });

  it('says what to look for where it knows no package manager', async () => {
    expect(await install(WITHOUT_ASKING)).toMatchObject({
      ok: false,
      reason: expect.stringContaining('apt-get install softhsm2'),
    });
  });
});

describe('a program on the PATH', () => {
  it('is found where it can be run', async () => {
    await symlink(process.execPath, path.join(bin, 'keyrite-node'));
    await writeFile(path.join(bin, 'not-runnable'), '');
    expect(which('keyrite-node', { PATH: `/nowhere${path.delimiter}${bin}` })).toBe(path.join(bin, 'keyrite-node'));
    expect(which('not-runnable', { PATH: bin })).toBeNull();
  });
});

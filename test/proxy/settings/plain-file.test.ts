import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTls } from '../../../proxy/auth/tls';
import { loadAuthorizer } from '../../../proxy/authorize/authorizer';
import { LARGEST_FILE_BYTES, readPlainFile } from '../../../proxy/settings/plain-file';
import { readSettings } from '../../../proxy/settings/read';
import { PROFILES_FOLDER } from './ground';

let folder = '';
let pipe = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyrite-plain-'));
  pipe = join(folder, 'pipe');
  mkdirSync(join(folder, 'folder'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a file of the operator', () => {
  it('is read in whole, through a link', async () => {
    writeFileSync(join(folder, 'file'), 'text', { mode: 0o640 });
    symlinkSync(join(folder, 'file'), join(folder, 'link'));
    const { bytes, mode } = await readPlainFile(join(folder, 'link'));
    expect([new TextDecoder().decode(bytes), mode & 0o777]).toEqual(['text', 0o640]);
  });

  it('is refused when it is too large or a folder', async () => {
    writeFileSync(join(folder, 'large'), Buffer.alloc(LARGEST_FILE_BYTES + 1));
    await expect(readPlainFile(join(folder, 'large'))).rejects.toMatchObject({ code: '1048577 bytes are too many' });
    await expect(readPlainFile(join(folder, 'folder'))).rejects.toMatchObject({ code: 'EISDIR' });
    await expect(readPlainFile(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe.skipIf(process.platform === 'win32')('a pipe that nobody writes to', () => {
  beforeAll(() => {
    expect(spawnSync('mkfifo', ['-m', '600', pipe]).status).toBe(0);
  });

  it('in place of the settings, a certificate or the policies is refused, and nobody waits for it', async () => {
    const settings = await readSettings(pipe, { env: {}, profilesFolder: PROFILES_FOLDER });
    expect(settings.remarks.map(({ problem }) => problem)).toEqual([`${pipe} cannot be read (no regular file).`]);
    const tls = await readTls({ certificateFile: pipe, keyFile: pipe, client: null }, 0);
    expect(tls).toMatchObject({ ok: false, problem: { key: 'tls.tls_cert_pem' } });
    expect(await loadAuthorizer(pipe)).toMatchObject({ ok: false, problems: [{ problem: 'This is not a file.' }] });
  });
});

describe.skipIf(process.platform === 'win32')('settings that every user may write', () => {
  it('are refused: whoever writes them chooses the library that is given the PIN', async () => {
    const file = join(folder, 'settings.toml');
    writeFileSync(file, '');
    const problems = async (mode: number): Promise<readonly string[]> => {
      chmodSync(file, mode);
      const { remarks } = await readSettings(file, { env: {}, profilesFolder: PROFILES_FOLDER });
      return remarks.map(({ problem }) => problem);
    };
    const usual = await problems(0o644);
    const more = (await problems(0o646)).filter((problem) => !usual.includes(problem));
    expect(more).toEqual([`${file} may be written by every user of this machine.`]);
  });
});

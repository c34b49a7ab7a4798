import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadSecret, loadSecretAccessKey, type SecretTools } from '../../../proxy/settings/secrets';

const SECRET = 'PleaseReplaceThisWithSomeSecretOfLength43To64';
const isRoot = process.geteuid?.() === 0;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyrite-secrets-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
function file(content: string | Uint8Array, mode = 0o600): string {
  const path = join(folder, `secret-${count++}`);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

const TOOLS: SecretTools = { env: {}, supervisor: null };

async function textOf(source: Parameters<typeof loadSecret>[0], tools = TOOLS): Promise<string> {
  const answer = await loadSecret(source, 'pin', tools);
  return answer.ok ? new TextDecoder().decode(answer.value) : `refused: ${answer.problem} | ${answer.remedy}`;
}

describe('a secret in a file', () => {
  it.each([
    ['1234', '1234'],
    ['1234\n', '1234'],
    ['1234\r\n', '1234'],
    ['1234\n\n', '1234\n'],
    [' 1234 ', ' 1234 '],
    ['\n', ''],
    ['', ''],
    ['1234\r', '1234\r'],
  ])('%j is %j: one newline at its end is not part of it', async (content, secret) => {
    expect(await textOf({ from: 'file', path: file(content) })).toBe(secret);
  });

  it.each([[0o600], [0o400]])('may have mode %o', async (mode) => {
    expect(await textOf({ from: 'file', path: file(SECRET, mode) })).toBe(SECRET);
  });

  it.each([[0o640], [0o604], [0o440], [0o660], [0o610], [0o601], [0o644], [0o666]])('is refused with mode %o', async (mode) => {
    const said = await textOf({ from: 'file', path: file(SECRET, mode) });
    expect(said).toMatch(/^refused: .* can be used by others than its owner \(mode 0\d{3}\) \| chmod 0600/);
    expect(said).not.toContain(SECRET);
  });

  it.runIf(isRoot)('is refused where it belongs to another user', async () => {
    const path = file(SECRET);
    chownSync(path, 12_345, 0);
    expect(await textOf({ from: 'file', path })).toMatch(/^refused: .* belongs to another user \(uid 12345\)/);
  });

  it('is refused where a link leads to it: whoever can change the link would choose the secret', async () => {
    const link = join(folder, 'link');
    symlinkSync(file(SECRET), link);
    expect(await textOf({ from: 'file', path: link })).toMatch(/^refused: .* is a link/);
  });

  it('is refused where it is a folder, a pipe, missing or too large, without waiting and without a word of its content', async () => {
    expect(await textOf({ from: 'file', path: folder })).toMatch(/^refused: .* is no regular file/);
    const pipe = join(folder, 'pipe');
    expect(spawnSync('mkfifo', ['-m', '600', pipe]).status).toBe(0);
    expect(await textOf({ from: 'file', path: pipe })).toMatch(/^refused: .* is no regular file/);
    expect(await textOf({ from: 'file', path: join(folder, 'none') })).toMatch(/^refused: .* does not exist/);
    const large = await textOf({ from: 'file', path: file('S'.repeat(4097)) });
    expect(large).toMatch(/^refused: .* has 4097 bytes/);
    expect(large).not.toContain('SSSS');
    expect(await textOf({ from: 'file', path: file('S'.repeat(4096)) })).toHaveLength(4096);
  });
});

describe('a credential of systemd', () => {
  const tools = (): SecretTools => ({ env: { CREDENTIALS_DIRECTORY: folder }, supervisor: null });

  it('is found in the folder that systemd names', async () => {
    writeFileSync(join(folder, 'pin'), '1234\n', { mode: 0o400 });
    expect(await textOf({ from: 'credential', name: 'pin' }, tools())).toBe('1234');
  });

  it.runIf(isRoot)('may be read by the group of root, which is how systemd shows an access list', async () => {
    writeFileSync(join(folder, 'shown'), '1234', { mode: 0o600 });
    chmodSync(join(folder, 'shown'), 0o440);
    expect(await textOf({ from: 'credential', name: 'shown' }, tools())).toBe('1234');
  });

  it('may be a link, as container runtimes mount it, but not one to what everybody can read', async () => {
    mkdirSync(join(folder, '..data'));
    symlinkSync(file('1234'), join(folder, 'linked'));
    expect(await textOf({ from: 'credential', name: 'linked' }, tools())).toBe('1234');
    symlinkSync(file('1234', 0o644), join(folder, 'open'));
    expect(await textOf({ from: 'credential', name: 'open' }, tools())).toMatch(/^refused: .*mode 0644/);
  });

  it('is refused where systemd names no folder', async () => {
    expect(await textOf({ from: 'credential', name: 'pin' })).toMatch(
      /^refused: there is no \$CREDENTIALS_DIRECTORY .* \| .*LoadCredential=pin:/,
    );
  });
});

describe('a secret from a descriptor', () => {
  it('is read to its end, and the descriptor is closed', async () => {
    const number = openSync(file(`${SECRET}\n`), 'r');
    expect(await textOf({ from: 'descriptor', number })).toBe(SECRET);
    expect(() => fstatSync(number)).toThrow('EBADF');
  });

  it('is refused where the descriptor is not open or gives too much', async () => {
    const closed = openSync(file(''), 'r');
    closeSync(closed);
    expect(await textOf({ from: 'descriptor', number: closed })).toMatch(
      /^refused: descriptor \d+ cannot be read to its end \(EBADF\)/,
    );
    const large = openSync(file('S'.repeat(5000)), 'r');
    expect(await textOf({ from: 'descriptor', number: large })).toMatch(/^refused: descriptor \d+ gives more than 4096 bytes/);
  });

  it('may come through a pipe, in pieces, until the writer ends', async () => {
    const pipe = join(folder, 'pieces');
    expect(spawnSync('mkfifo', ['-m', '600', pipe]).status).toBe(0);
    const number = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = openSync(pipe, 'w');
    writeSync(writer, 'Please');
    const answer = textOf({ from: 'descriptor', number });
    writeSync(writer, 'Replace\n');
    closeSync(writer);
    expect(await answer).toBe('PleaseReplace');
  });

  it('is not waited for without end', async () => {
    const pipe = join(folder, 'endless');
    expect(spawnSync('mkfifo', ['-m', '600', pipe]).status).toBe(0);
    // Open for writing, too, it never ends.
    const number = openSync(pipe, 'r+');
    const said = await textOf({ from: 'descriptor', number }, { ...TOOLS, waitMs: 20 });
    expect(said).toMatch(/^refused: descriptor \d+ cannot be read to its end \(ETIMEDOUT\)/);
  });
});

describe('a secret from a supervisor', () => {
  it('is asked for by its name', async () => {
    const supervisor = { secret: async (name: string) => (name === 'pin' ? new TextEncoder().encode('1234') : null) };
    expect(await textOf({ from: 'supervisor' }, { env: {}, supervisor })).toBe('1234');
    const other = await loadSecret({ from: 'supervisor' }, 'production/ABC', { env: {}, supervisor });
    expect(other).toMatchObject({ ok: false, problem: 'the supervisor has no secret "production/ABC"' });
  });

  it('is refused where nobody supervises', async () => {
    expect(await textOf({ from: 'supervisor' })).toMatch(/^refused: .*nothing supervises this proxy/);
  });
});

describe('a secret access key', () => {
  it.each([[43], [45], [52], [64]])('of %i characters is taken', async (length) => {
    const secret = 'aB3/+=Zz'.repeat(8).slice(0, length);
    const source = { from: 'file', path: file(`${secret}\n`) } as const;
    expect(await loadSecretAccessKey(source, 'x', TOOLS)).toEqual({ ok: true, value: secret });
  });

  it.each([
    ['x'.repeat(42)],
    ['x'.repeat(65)],
    [`${SECRET} `],
    [`${SECRET}\n\n`],
    [''],
    ['ü'.repeat(43)],
    [`${'x'.repeat(43)}\u0000`],
  ])('like %j is refused and not repeated', async (secret) => {
    const answer = await loadSecretAccessKey({ from: 'file', path: file(secret) }, 'x', TOOLS);
    expect(answer).toMatchObject({ ok: false, remedy: expect.stringContaining('43 to 64 characters') });
    if (secret !== '') expect(JSON.stringify(answer)).not.toContain(secret.trim());
  });
});

it('a socket is no secret file', async () => {
  const path = join(folder, 'socket');
  const server = createServer().listen(path);
  await new Promise((done) => server.once('listening', done));
  expect(await textOf({ from: 'file', path })).toMatch(/^refused: /);
  await new Promise((done) => server.close(done));
});

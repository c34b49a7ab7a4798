import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { parseCredentialFile, readCredentialFile } from '../../../core/as-kms/credential-file';
import { readEndpoint } from '../../../core/as-kms/endpoint';

let folder = '';
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'keyrite-credential-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const SECRET = 'PleaseReplaceThisWithSomeSecretOfLength43To64';
const CONSOLE = {
  XksProxyUriPath: '/example/prefix/kms/xks/v1',
  XksProxyAuthenticationCredential: { AccessKeyId: 'BETWEEN2TENAND3TENCHARACTERS', RawSecretAccessKey: SECRET },
};

async function file(content: string, mode: number): Promise<string> {
  const path = join(folder, `${mode.toString(8)}-${content.length}.json`);
  await writeFile(path, content);
  await chmod(path, mode);
  return path;
}

describe('a credential file', () => {
  it('is the console’s, with the prefix in it', () => {
    expect(parseCredentialFile(JSON.stringify(CONSOLE))).toEqual({
      ok: true,
      value: { credential: { accessKeyId: 'BETWEEN2TENAND3TENCHARACTERS', secret: SECRET }, prefix: '/example/prefix' },
    });
    const bare = parseCredentialFile(JSON.stringify({ ...CONSOLE, XksProxyUriPath: '/kms/xks/v1' }));
    expect(bare.ok && bare.value.prefix).toBe('');
  });

  it('or id and secret alone', () => {
    const read = parseCredentialFile(JSON.stringify({ accessKeyId: 'AAAA', secretAccessKey: SECRET }));
    expect(read).toEqual({ ok: true, value: { credential: { accessKeyId: 'AAAA', secret: SECRET }, prefix: null } });
  });

  it('is never quoted when it cannot be used', () => {
    for (const text of [
      `{"secretAccessKey": "${SECRET}"`,
      `{"secretAccessKey": "${SECRET}"}`,
      JSON.stringify({ ...CONSOLE, XksProxyUriPath: SECRET }),
    ]) {
      const read = parseCredentialFile(text);
      expect(read.ok).toBe(false);
      expect(JSON.stringify(read)).not.toContain(SECRET.slice(0, 8));
    }
  });

  it('is refused while group or others may read it', async () => {
    const content = JSON.stringify(CONSOLE);
    expect((await readCredentialFile(await file(content, 0o600))).ok).toBe(true);
    expect((await readCredentialFile(await file(content, 0o400))).ok).toBe(true);
    for (const mode of [0o640, 0o604, 0o644, 0o620, 0o601]) {
      const path = await file(content, mode);
      expect(await readCredentialFile(path)).toEqual({ ok: false, problem: expect.stringContaining(`chmod 600 ${path}`) });
    }
  });

  it('has to be there and a file', async () => {
    expect(await readCredentialFile(join(folder, 'none'))).toEqual({ ok: false, problem: expect.stringContaining('ENOENT') });
    expect((await readCredentialFile(folder)).ok).toBe(false);
  });
});

describe('the endpoint', () => {
  it('is https with host and port, which the Host header names unless it is 443', () => {
    expect(readEndpoint('https://xks.example.com', false)).toEqual({
      ok: true,
      value: { isTls: true, host: 'xks.example.com', port: 443, authority: 'xks.example.com' },
    });
    expect(readEndpoint('https://xks.example.com:8443/', false)).toMatchObject({
      value: { port: 8443, authority: 'xks.example.com:8443' },
    });
    expect(readEndpoint('https://[2001:db8::1]', false)).toMatchObject({
      value: { host: '2001:db8::1', authority: '[2001:db8::1]' },
    });
  });

  it('is plain HTTP only to this machine and only when asked for', () => {
    expect(readEndpoint('http://127.0.0.1:8080', true)).toMatchObject({ ok: true, value: { isTls: false, port: 8080 } });
    expect(readEndpoint('http://localhost', true).ok).toBe(true);
    expect(readEndpoint('http://[::1]:80', true).ok).toBe(true);
    expect(readEndpoint('http://127.0.0.1:8080', false)).toMatchObject({
      ok: false,
      problem: expect.stringContaining('--insecure-loopback'),
    });
    for (const url of ['http://xks.example.com', 'http://10.0.0.1', 'http://127.evil.example', 'http://localhost.evil.example'])
      expect(readEndpoint(url, true).ok).toBe(false);
  });

  it('holds neither path nor password', () => {
    for (const url of [
      'https://a.example/p',
      'https://a.example/?q',
      'https://u:p@a.example',
      'ftp://a.example',
      'a.example',
      '',
    ])
      expect(readEndpoint(url, true).ok).toBe(false);
  });

  it('is read without throwing, whatever is given', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.webUrl()), (text) => typeof readEndpoint(text, true).ok === 'boolean'));
  });
});

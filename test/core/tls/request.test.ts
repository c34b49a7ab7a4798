import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { certificateRequest } from '../../../core/tls/request';
import { makeServerKey, type ServerKey } from '../../../core/tls/server-key';
import { certificateFolder, hasOpenssl } from '../../proxy/auth/certificates';

const HOST = 'xks.example.com';
let key: ServerKey;

beforeAll(async () => {
  key = await makeServerKey();
});

const pemOf = (request: ReturnType<typeof certificateRequest>): string => {
  if (!request.ok) throw new Error(JSON.stringify(request.error));
  return request.value.pem;
};

describe('the key of a server', () => {
  it('is RSA of 3072 bits, in PEM bytes of its own memory, and is named by its public half', () => {
    const read = createPrivateKey({ key: Buffer.from(key.pem), format: 'pem' });
    expect(read.asymmetricKeyDetails).toMatchObject({ modulusLength: 3072, publicExponent: 65_537n });
    expect(read.export({ type: 'pkcs8', format: 'pem' })).toBe(Buffer.from(key.pem).toString());
    const der = createPublicKey(read).export({ type: 'spki', format: 'der' });
    expect(key.publicKeySha256).toBe(createHash('sha256').update(der).digest('hex'));
    expect(key.pem.buffer.byteLength).toBe(key.pem.length);
  });
});

describe('a certificate request', () => {
  it.skipIf(!hasOpenssl)('is one that OpenSSL verifies, with the host as CN and alternative name, signed with SHA-256', () => {
    const file = join(certificateFolder(), 'request.pem');
    writeFileSync(file, pemOf(certificateRequest({ key: key.pem, host: HOST, organization: 'Müller & Söhne, Inc.' })));
    const text = execFileSync('openssl', ['req', '-in', file, '-verify', '-noout', '-text', '-nameopt', 'utf8,sep_comma_plus'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect(text).toContain('CN=xks.example.com');
    expect(text).toContain('O=Müller & Söhne, Inc.');
    expect(text).toMatch(/Subject Alternative Name:\s+DNS:xks\.example\.com\n/);
    expect(text).toContain('Signature Algorithm: sha256WithRSAEncryption');
    expect(text).toContain('3072 bit');
  });

  it('names the same public key as the key', () => {
    const request = certificateRequest({ key: key.pem, host: HOST });
    expect(request.ok && request.value.publicKeySha256).toBe(key.publicKeySha256);
  });

  it('holds nothing of the private key, and leaves its bytes as they were', () => {
    const before = Buffer.from(key.pem).toString();
    const pem = pemOf(certificateRequest({ key: key.pem, host: HOST }));
    expect(Buffer.from(key.pem).toString()).toBe(before);
    const secret = createPrivateKey(before).export({ format: 'jwk' }).d ?? '';
    const der = Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
    expect(der.includes(Buffer.from(secret, 'base64url'))).toBe(false);
  });

  it.each([
    ['an address', { host: '192.0.2.1' }],
    ['a host with a second name behind a comma', { host: 'xks.example.com,DNS:evil.example' }],
    ['a host too long for a CN', { host: `${'a'.repeat(60)}.example.com` }],
    ['an organization with a line end', { organization: 'A\nB' }],
    ['an empty organization', { organization: '' }],
    ['an organization of 65 characters', { organization: 'x'.repeat(65) }],
  ])('is not made for %s', (_what, differs) => {
    expect(certificateRequest({ key: key.pem, host: HOST, ...differs })).toMatchObject({
      ok: false,
      error: { code: 'input.invalid' },
    });
  });

  it('is not made with a weak, an encrypted or another kind of key, and the refusal quotes nothing', () => {
    const pem = ({ privateKey }: { readonly privateKey: KeyObject }, lock = {}) =>
      Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem', ...lock }));
    const keys = [
      pem(generateKeyPairSync('rsa', { modulusLength: 1024 })),
      pem(generateKeyPairSync('ec', { namedCurve: 'P-256' })),
      pem(generateKeyPairSync('rsa', { modulusLength: 2048 }), { cipher: 'aes-256-cbc', passphrase: 'x' }),
      Buffer.from('no key'),
    ];
    for (const each of keys) {
      const refused = certificateRequest({ key: each, host: HOST });
      expect(refused).toMatchObject({ ok: false, error: { detail: { name: 'key' } } });
      expect(JSON.stringify(refused)).not.toContain('BEGIN');
    }
  });
});

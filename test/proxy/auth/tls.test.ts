import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { daysToExpiry, readTls } from '../../../proxy/auth/tls';
import { authority, certificate, certificateFolder, encrypted, traditional, type Pair, hasOpenssl } from './certificates';

const DAY = 86_400_000;
const read = (pair: Pair, now = Date.now()): ReturnType<typeof readTls> => readTls({ ...pair, client: null }, now);

async function problemOf(pair: Pair, now = Date.now()): Promise<string> {
  const found = await read(pair, now);
  return found.ok ? 'none' : `${found.problem.key}: ${found.problem.problem}`;
}

describe.skipIf(!hasOpenssl)('TLS files', () => {
  it('may hold keys of RSA and EC, in PKCS#8, PKCS#1 and SEC1', async () => {
    const folder = certificateFolder();
    const ca = authority(folder);
    const rsa = certificate(folder, ca, { name: 'rsa', key: 'rsa:2048' });
    const ec = certificate(folder, ca, { name: 'ec' });
    const p384 = certificate(folder, ca, { name: 'p384', key: 'secp384r1' });
    for (const pair of [rsa, traditional(rsa, 'rsa'), ec, traditional(ec, 'ec'), p384])
      expect(await problemOf(pair)).toBe('none');
  });

  it('say whose they are and how long they last', async () => {
    const folder = certificateFolder();
    const pair = certificate(folder, authority(folder), { name: 'leaf', days: 10 });
    const found = await read(pair);
    if (!found.ok) throw new Error(found.problem.problem);
    expect(found.value.certificate).toMatchObject({ subject: 'CN=xks.example.com', names: 'DNS:xks.example.com' });
    expect(found.value.warnings).toEqual([]);
    expect(daysToExpiry(found.value.certificate, Date.now() + 1000)).toBe(9);
    expect(daysToExpiry(found.value.certificate, Date.now() + 11 * DAY)).toBe(-2);
  });

  it('count by the certificate of the chain that expires first', async () => {
    const folder = certificateFolder();
    const ca = authority(folder);
    const leaf = certificate(folder, ca, { name: 'leaf', days: 20 });
    appendFileSync(leaf.certificateFile, readFileSync(certificate(folder, ca, { name: 'between', days: 5 }).certificateFile));
    const found = await read(leaf);
    expect(found.ok && daysToExpiry(found.value.certificate, Date.now() + 1000)).toBe(4);
  });

  it('that cannot be used are named with what is wrong, and nothing of what is in them', async () => {
    const folder = certificateFolder();
    const ca = authority(folder);
    const good = certificate(folder, ca, { name: 'good' });
    const other = certificate(folder, ca, { name: 'other' });
    const rubbish = join(folder, 'rubbish.pem');
    writeFileSync(rubbish, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    const cases: readonly (readonly [Pair, RegExp, number?])[] = [
      [{ ...good, keyFile: other.keyFile }, /^tls\.tls_key_pem: The key in .* is not the key of the first certificate/],
      [{ ...good, certificateFile: join(folder, 'none.pem') }, /^tls\.tls_cert_pem: .* cannot be read \(ENOENT\)/],
      [{ ...good, keyFile: folder }, /^tls\.tls_key_pem: .* cannot be read \(EISDIR\)/],
      [{ ...good, certificateFile: rubbish }, /^tls\.tls_cert_pem: .* no readable certificate/],
      [{ ...good, certificateFile: good.keyFile }, /^tls\.tls_cert_pem: .* no readable certificate/],
      [{ ...good, keyFile: good.certificateFile }, /^tls\.tls_key_pem: .* no private key/],
      [encrypted(good), /^tls\.tls_key_pem: .* without a passphrase/],
      [good, /^tls\.tls_cert_pem: .* expired at /, Date.now() + 31 * DAY],
      [good, /^tls\.tls_cert_pem: .* not valid before /, Date.now() - DAY],
    ];
    for (const [pair, expected, now] of cases) expect(await problemOf(pair, now)).toMatch(expected);
  });

  it('with a key of another kind or a weak one are refused', async () => {
    const folder = certificateFolder();
    const ca = authority(folder);
    expect(await problemOf(certificate(folder, ca, { name: 'weak', key: 'rsa:1024' }))).toMatch(
      /^tls\.tls_key_pem: .* has 1024 bits/,
    );
    const edwards = certificate(folder, ca, { name: 'edwards' });
    execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', edwards.keyFile]);
    expect(await problemOf(edwards)).toMatch(/no private key of RSA or EC/);
  });

  it('are worth a warning when every user can read the key', async () => {
    const folder = certificateFolder();
    const pair = certificate(folder, authority(folder), { name: 'open' });
    chmodSync(pair.keyFile, 0o644);
    const found = await read(pair);
    expect(found.ok && found.value.warnings).toMatchObject([{ severity: 'warning', key: 'tls.tls_key_pem' }]);
  });

  it('need a CA where clients show certificates', async () => {
    const folder = certificateFolder();
    const ca = authority(folder);
    const pair = certificate(folder, ca, { name: 'leaf' });
    const client = { caFile: pair.keyFile, subject: 'x' };
    expect(await readTls({ ...pair, client }, Date.now())).toMatchObject({
      ok: false,
      problem: { key: 'tls.mtls_client_ca_pem' },
    });
    expect((await readTls({ ...pair, client: { ...client, caFile: ca.certificateFile } }, Date.now())).ok).toBe(true);
  });
});

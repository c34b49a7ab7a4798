import { afterEach, describe, expect, it } from 'vitest';
import type { ServerOptions } from 'node:https';
import { judgeCertificate, judgeOldTls, judgeSuites } from '../../../core/as-kms/cases/tls';
import type { TlsFiles } from '../../../core/as-kms/transport';
import { issue, type Issued } from './certificates';
import { startReferenceProxy, type ReferenceProxy } from './reference-proxy';
import { named, run, testOf } from './run-against';

const root = issue({ commonName: 'Test Root', isAuthority: true });
const good = issue({ commonName: 'localhost', dnsNames: ['localhost'], issuer: root });

let proxy: ReferenceProxy | null = null;

afterEach(async () => {
  await proxy?.close();
  proxy = null;
});

async function reportOver(shown: Issued, options: ServerOptions = {}, tls: TlsFiles = { ca: root.certPem }) {
  proxy = await startReferenceProxy([], { cert: shown.certPem, key: shown.keyPem, ...options });
  return run(testOf(`https://localhost:${proxy.port}`, { tls }));
}

describe('a proxy over TLS', () => {
  it('that is right passes every case; a port of its own and a private root are remarked', async () => {
    const report = await reportOver(good);
    expect(named(report, 'fails')).toEqual([]);
    expect(named(report, 'untested')).toEqual([]);
    expect(named(report, 'warns')).toEqual(['address', 'certificate']);
    expect(report.cases.find(({ name }) => name === 'certificate')?.seen).toMatch(
      /^localhost, issued by Test Root, 90 days left; trusted here because of --ca$/,
    );
    expect(report.cases.find(({ name }) => name === 'tls-suites')?.seen).toBe(
      'TLS_AES_256_GCM_SHA384, TLS_CHACHA20_POLY1305_SHA256, ECDHE-ECDSA-AES256-GCM-SHA384',
    );
    expect(report.verdict.isContent).toBe(true);
  });

  it('whose name no DNS knows yet is found at its address, and has to prove the name', async () => {
    const named443 = issue({ commonName: 'xks.example.test', dnsNames: ['xks.example.test'], issuer: root });
    proxy = await startReferenceProxy([], { cert: named443.certPem, key: named443.keyPem });
    const ready = testOf('https://xks.example.test', { tls: { ca: root.certPem } });
    const endpoint = { ...ready.store.endpoint, connectTo: { host: '127.0.0.1', port: proxy.port } };
    const report = await run({ ...ready, store: { ...ready.store, endpoint } });
    expect(named(report, 'fails')).toEqual([]);
    expect(named(report, 'warns')).toEqual(['certificate']);
    const elsewhere = { ...endpoint, host: 'xks.other.test', authority: 'xks.other.test' };
    const refused = await run({ ...ready, store: { ...ready.store, endpoint: elsewhere } });
    expect(refused.verdict.isContent).toBe(false);
  });

  it('that still speaks TLS 1.1 is found', async () => {
    const report = await reportOver(good, { minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' });
    expect(named(report, 'fails')).toEqual(['tls-old-refused']);
    expect(report.cases.find(({ name }) => name === 'tls-old-refused')?.seen).toBe('TLSv1.1 was accepted');
  });

  it('that offers none of the specification’s suites is found', async () => {
    const report = await reportOver(good, { ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' });
    expect(named(report, 'fails')).toEqual(['tls-suites']);
  });

  it.each([
    [
      'expired',
      issue({ commonName: 'localhost', dnsNames: ['localhost'], issuer: root, days: -3 }),
      'the certificate has expired',
    ],
    [
      'for another host',
      issue({ commonName: 'xks.example.com', dnsNames: ['xks.example.com'], issuer: root }),
      'for another host name',
    ],
    ['signed by itself', issue({ commonName: 'localhost', dnsNames: ['localhost'] }), 'self-signed'],
  ])('whose certificate is %s cannot be connected: named once, the rest is not tested', async (_, shown, words) => {
    const report = await reportOver(shown);
    expect(named(report, 'fails')).toEqual(['certificate', 'reach']);
    expect(report.cases.find(({ name }) => name === 'certificate')).toMatchObject({
      seen: expect.stringContaining(words),
      kmsSays: 'XKS_PROXY_INVALID_TLS_CONFIGURATION',
    });
    expect(report.cases.find(({ name }) => name === 'reach')?.kmsSays).toBe('XKS_PROXY_INVALID_TLS_CONFIGURATION');
    expect(named(report, 'untested')).toContain('round-trip');
    expect(report.verdict).toMatchObject({ isContent: false, isReached: true });
  });

  it('that sends its certificate without the intermediate one is found, and served once it sends the chain', async () => {
    const intermediate = issue({ commonName: 'Test Issuing', isAuthority: true, issuer: root });
    const leaf = issue({ commonName: 'localhost', dnsNames: ['localhost'], issuer: intermediate });
    const alone = await reportOver(leaf);
    expect(alone.cases.find(({ name }) => name === 'certificate')?.seen).toContain('without the chain');
    await proxy?.close();
    const whole = await reportOver({ ...leaf, certPem: leaf.certPem + intermediate.certPem });
    expect(named(whole, 'fails')).toEqual([]);
  });

  it('with mTLS is tested with the client certificate, and refuses one without', async () => {
    const client = issue({ commonName: 'cks.kms.eu-central-1.amazonaws.com', issuer: root });
    const options = { requestCert: true, rejectUnauthorized: true, ca: root.certPem };
    const report = await reportOver(good, options, { ca: root.certPem, clientCert: client.certPem, clientKey: client.keyPem });
    expect(named(report, 'fails')).toEqual([]);
    await proxy?.close();
    expect(named(await reportOver(good, options), 'fails')).toContain('reach');
  });
});

describe('the judges of TLS', () => {
  const certificate = {
    commonName: 'xks.example.com',
    names: ['xks.example.com'],
    issuer: 'Amazon RSA 2048 M01',
    validFrom: 'Jan  1 00:00:00 2026 GMT',
    validTo: 'Jan  1 00:00:00 2027 GMT',
    problem: '',
  };
  const shown = { certificate, host: 'xks.example.com', now: Date.UTC(2026, 10, 23), hasOwnRoots: false };

  it('are content with a public certificate for the host, also by the wildcard of its parent', () => {
    expect(judgeCertificate(shown)).toEqual({
      outcome: 'holds',
      seen: 'xks.example.com, issued by Amazon RSA 2048 M01, 39 days left',
    });
    expect(judgeCertificate({ ...shown, certificate: { ...certificate, commonName: '*.example.com' } }).outcome).toBe('holds');
    expect(judgeCertificate({ ...shown, certificate: { ...certificate, commonName: '*.com' } }).outcome).toBe('warns');
    expect(judgeCertificate({ ...shown, certificate: { ...certificate, commonName: '' } }).outcome).toBe('warns');
  });

  it('remark fewer than ten days, fail what is not trusted, and say nothing without a handshake', () => {
    expect(judgeCertificate({ ...shown, now: Date.UTC(2026, 11, 23) }).outcome).toBe('warns');
    expect(judgeCertificate({ ...shown, certificate: { ...certificate, problem: 'SELF_SIGNED_CERT_IN_CHAIN' } }).outcome).toBe(
      'fails',
    );
    expect(judgeCertificate({ ...shown, certificate: null }).outcome).toBe('untested');
  });

  it('take a refusal for a refusal only where this machine could have asked', () => {
    expect(judgeOldTls({ kind: 'failed', code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' }).outcome).toBe('holds');
    expect(judgeOldTls({ kind: 'failed', code: 'ERR_SSL_NO_PROTOCOLS_AVAILABLE' }).outcome).toBe('untested');
    expect(judgeOldTls(null).outcome).toBe('notApplicable');
    expect(judgeSuites([]).outcome).toBe('fails');
  });
});

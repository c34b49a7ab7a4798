import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ALL_CASES } from '../../core/as-kms/cases/all';
import type { ProxyTest, ProxyTestReport } from '../../core/as-kms/proxy-test';
import { refusal } from '../../core/xks/errors';
import { issue } from '../core/as-kms/certificates';
import { endpointOf, named, run, testOf } from '../core/as-kms/run-against';
import { ground, PREFIX, STORE, type GroundOptions } from './server-ground';
import { CREDENTIAL, REGION } from './xks-call';

/** All cases, those too that are run only by name. */
async function reportOn(
  options: GroundOptions = {},
  url = (port: number) => `http://127.0.0.1:${port}`,
  change: Partial<ProxyTest> = {},
) {
  const { server, faults } = await ground(options);
  const signer = { credential: { accessKeyId: CREDENTIAL.accessKeyId, secret: CREDENTIAL.secret }, region: REGION };
  const store = { endpoint: endpointOf(url(server.port)), prefix: PREFIX, signer };
  const report = await run(testOf(url(server.port), { store, keyId: 'foo', cases: ALL_CASES, ...change }));
  expect(faults).toEqual([]);
  return report;
}

/** With what was seen, so that a failing test says what is wrong. */
function trouble({ cases }: ProxyTestReport): string[] {
  return cases.filter(({ outcome }) => outcome === 'fails' || outcome === 'untested').map(({ name, seen }) => `${name}: ${seen}`);
}

describe('the proxy as KMS sees it', () => {
  it('passes every case, over plain HTTP on this machine', async () => {
    const report = await reportOn();
    expect(trouble(report)).toEqual([]);
    expect(named(report, 'warns')).toEqual(['address']);
    expect(report.verdict.isContent).toBe(true);
  });

  it('passes every case over TLS, with a client certificate where mTLS is on', async () => {
    const files = await mkdtemp(join(tmpdir(), 'keyrite-as-kms-'));
    onTestFinished(() => rm(files, { recursive: true, force: true }));
    const root = issue({ commonName: 'Test Root', isAuthority: true });
    const server = issue({ commonName: 'localhost', dnsNames: ['localhost'], issuer: root });
    const client = issue({ commonName: 'cks.kms.us-east-1.amazonaws.com', issuer: root });
    const [certificateFile, keyFile, caFile] = ['cert.pem', 'key.pem', 'ca.pem'].map((name) => join(files, name)) as [
      string,
      string,
      string,
    ];
    await Promise.all([
      writeFile(certificateFile, server.certPem),
      writeFile(keyFile, server.keyPem, { mode: 0o600 }),
      writeFile(caFile, root.certPem),
    ]);
    const url = (port: number) => `https://localhost:${port}`;
    const bare = { certificateFile, keyFile, client: null };
    const report = await reportOn({ tls: bare }, url, { tls: { ca: root.certPem } });
    expect(trouble(report)).toEqual([]);
    expect(named(report, 'warns')).toEqual(['address', 'certificate']);

    const tls = { ...bare, client: { caFile, subject: 'cks.kms.us-east-1.amazonaws.com' } };
    const own = { ca: root.certPem, clientCert: client.certPem, clientKey: client.keyPem };
    expect(trouble(await reportOn({ tls }, url, { tls: own }))).toEqual([]);
    expect(named(await reportOn({ tls }, url, { tls: { ca: root.certPem } }), 'fails')).toContain('reach');
  });

  it('passes with each way to read foreign ciphertexts', async () => {
    for (const foreignFramings of [[], ['spec'], ['sample', 'spec']] as const)
      expect(trouble(await reportOn({ stores: [{ ...STORE, foreignFramings }] }))).toEqual([]);
  });

  it('answers a key store without a prefix like any other', async () => {
    const signer = { credential: { accessKeyId: CREDENTIAL.accessKeyId, secret: CREDENTIAL.secret }, region: REGION };
    const { server } = await ground({ stores: [{ ...STORE, prefix: '' }] });
    const url = `http://127.0.0.1:${server.port}`;
    const store = { endpoint: endpointOf(url), prefix: '', signer };
    expect(trouble(await run(testOf(url, { store, keyId: 'foo', cases: ALL_CASES })))).toEqual([]);
  });

  it('carries the latency run without an error', async () => {
    const report = await reportOn({}, undefined, { cases: [], latencySeconds: 1, rate: 40 });
    expect(report.latency?.summary).toMatchObject({ calls: 40, errors: {} });
  });

  it('that was killed is found out: nothing is encrypted, and the verdict says so', async () => {
    const rules = { mayUse: () => refusal('InvalidStateException', 'killed', 'This proxy was switched off.').error };
    const report = await reportOn({ rules });
    expect(named(report, 'fails')).toEqual(expect.arrayContaining(['metadata', 'round-trip']));
    expect(report.cases.find(({ name }) => name === 'metadata')?.seen).toBe('keyStatus is DISABLED');
    expect(report.cases.find(({ name }) => name === 'round-trip')?.seen).toContain('400 InvalidStateException');
    expect(report.verdict.isContent).toBe(false);
  });

  it('that takes unsigned requests, by its settings, is found out', async () => {
    expect(named(await reportOn({ serving: { isSigV4On: false } }), 'fails')).toEqual(
      expect.arrayContaining(['unsigned', 'wrong-secret']),
    );
  });

  it('with a policy that keeps services out is remarked and no more', async () => {
    const decide = ({ caller }: { caller: string }) => ({ allowed: caller.startsWith('arn:'), policy: 'people-only' });
    const report = await reportOn({ parts: { authorizer: () => ({ decide }) } });
    expect(trouble(report)).toEqual([]);
    expect(named(report, 'warns')).toEqual(['address', 'callers']);
  });
});

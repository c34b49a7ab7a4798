import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verb } from '../../../core/cli/proxy-test';
import type { ProxyTestReport } from '../../../core/as-kms/proxy-test';
import { issue } from '../as-kms/certificates';
import {
  CREDENTIAL,
  KEY_ID,
  PREFIX,
  REGION,
  startReferenceProxy,
  type Defect,
  type ReferenceProxy,
} from '../as-kms/reference-proxy';
import { runVerb } from './run-verb';

let folder = '';
let credentialFile = '';
let proxy: ReferenceProxy | null = null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyrite-proxy-test-'));
  credentialFile = join(folder, 'credential.json');
  const set = { AccessKeyId: CREDENTIAL.accessKeyId, RawSecretAccessKey: CREDENTIAL.secret };
  const content = { XksProxyUriPath: `${PREFIX}/kms/xks/v1`, XksProxyAuthenticationCredential: set };
  await writeFile(credentialFile, JSON.stringify(content), { mode: 0o600 });
});

afterEach(async () => {
  await proxy?.close();
  proxy = null;
  await rm(folder, { recursive: true, force: true });
});

async function serving(...defects: Defect[]): Promise<string> {
  proxy = await startReferenceProxy(defects);
  return `http://127.0.0.1:${proxy.port}`;
}

/** Patient, and without load, unless the test says otherwise. */
const proxyTest = (values: Record<string, string | boolean>) =>
  runVerb(verb, {
    'credential-file': credentialFile,
    key: KEY_ID,
    region: REGION,
    'insecure-loopback': true,
    'latency-seconds': '0',
    rate: '50',
    'timeout-ms': '15000',
    json: false,
    ...values,
  });

describe('keyrite proxy-test', () => {
  it('shows the cases by theme, explains what is remarked and ends with the verdict', async () => {
    const { code, out, err } = await proxyTest({ url: await serving() });
    expect(code).toBe(0);
    expect(out).toMatch(
      /^http:\/\/127\.0\.0\.1:\d+\/test\/prefix\/kms\/xks\/v1, key reference\.key-1, Region eu-central-1, access key BETWEEN2/,
    );
    expect(out).toMatch(/\nGetHealthStatus\n {2}ok +health +1 in the fleet: ACTIVE\n/);
    expect(out).toMatch(/\n {2}ok +tampered-metadata +400 InvalidCiphertextException\n/);
    expect(out).toMatch(/\nremark: address\n {2}Expected: .+\n {2}Seen: .+\n {2}What it means: .+\n {2}What to do: .+\n/);
    expect(out.trimEnd().split('\n').at(-1)).toBe('KMS would be content with this proxy, with 1 remark.');
    expect(err).toMatch(/^\d+ cases \.\.\.\n$/);
    expect(out + err).not.toContain(CREDENTIAL.secret);
  });

  it('says of each failure what was expected, what was seen, what it means and what to do; and exits with 1', async () => {
    const { code, out } = await proxyTest({ url: await serving('health without fleet') });
    expect(code).toBe(1);
    expect(out).toContain(
      [
        'FAILS: health',
        '  Expected:      GetHealthStatus names fleet size, vendor, model and 1 to 10 key managers with their states.',
        '  Seen:          ekmFleetDetails is not as it must be',
        '  What it means: KMS cannot interpret the response and does not connect the key store. (XKS_PROXY_INVALID_RESPONSE)',
      ].join('\n'),
    );
    expect(out.trimEnd().split('\n').at(-1)).toBe('KMS would not be content with this proxy: 1 case did not hold (health).');
  });

  it('prints one JSON object with everything, and no secret in it', async () => {
    const { code, out, err } = await proxyTest({
      url: await serving('IV reused'),
      json: true,
      'latency-seconds': '1',
      rate: '10',
    });
    expect(code).toBe(1);
    expect(err).toBe('');
    const report = JSON.parse(out) as ProxyTestReport;
    expect(report.proxy).toMatchObject({
      path: `${PREFIX}/kms/xks/v1`,
      key: KEY_ID,
      region: REGION,
      accessKeyId: CREDENTIAL.accessKeyId,
    });
    expect(report.cases.filter(({ outcome }) => outcome === 'fails').map(({ name }) => name)).toEqual(['iv-fresh']);
    expect(report.latency?.summary).toMatchObject({ calls: 10, errors: {} });
    expect(out).not.toContain(CREDENTIAL.secret);
  });

  it('shows the latency run with its percentiles', async () => {
    const { out } = await proxyTest({ url: await serving(), only: 'health', 'latency-seconds': '1', rate: '10' });
    expect(out).toMatch(
      /Latency: 10 calls in 1 s, 10\/s, .+\n {2}p50 [\d.]+ ms {3}p95 [\d.]+ ms {3}p99 [\d.]+ ms {3}max [\d.]+ ms {3}over 250 ms: \d+\n/,
    );
  });

  it('runs the cases that are named, and suggests the one that was meant', async () => {
    const url = await serving('IV reused');
    expect((await proxyTest({ url, only: 'health, metadata' })).code).toBe(0);
    expect((await proxyTest({ url, only: 'iv-fresh' })).code).toBe(1);
    expect(await proxyTest({ url, only: 'iv-frehs' })).toMatchObject({
      code: 2,
      err: 'There is no case "iv-frehs". Did you mean iv-fresh?\n',
    });
  });

  it('exits with 3 where nobody can be reached, because then nothing was tested', async () => {
    const url = await serving();
    await proxy?.close();
    const { code, out } = await proxyTest({ url });
    expect(code).toBe(3);
    expect(out).toContain('XKS_PROXY_NOT_REACHABLE');
    expect(out.trimEnd().split('\n').at(-1)).toContain('cannot be reached from this machine');
  });

  it.each([
    [{ url: '' }, '--url is missing.'],
    [{ url: 'https://xks.example.com/p' }, 'belongs to --prefix'],
    [{ url: 'http://127.0.0.1:1', 'insecure-loopback': false }, '--insecure-loopback'],
    [{ url: 'http://xks.example.com' }, 'use https'],
    [{ key: '' }, '--key is missing.'],
    [{ key: 'a/b' }, '--key is 1 to 128'],
    [{ prefix: '/a b' }, '--prefix is like'],
    [{ region: 'EU Central' }, 'is no Region'],
    [{ rate: '0' }, '--rate is a whole number from 1 to 2000'],
    [{ 'latency-seconds': '-1' }, '--latency-seconds is a whole number'],
    [{ 'timeout-ms': '1e3' }, '--timeout-ms is a whole number'],
    [{ 'client-cert': '/nowhere/cert.pem' }, 'go together'],
    [{ 'client-cert': '/nowhere/cert.pem', 'client-key': '/nowhere/key.pem' }, 'cannot be read (ENOENT)'],
    [{ ca: '/nowhere/ca.pem' }, 'cannot be read (ENOENT)'],
    [{ 'credential-file': '/nowhere/credential.json' }, 'cannot be read (ENOENT)'],
  ])('refuses %j with 2 and says why', async (values, words) => {
    const { code, out, err } = await proxyTest({ url: 'http://127.0.0.1:1', ...values });
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(words);
    expect(err).not.toContain(CREDENTIAL.secret);
  });

  it('refuses a credential file others may read', async () => {
    await chmod(credentialFile, 0o644);
    expect(await proxyTest({ url: 'http://127.0.0.1:1' })).toMatchObject({ code: 2, err: expect.stringContaining('chmod 600') });
  });

  it('refuses roots and client certificates that cannot be used, instead of blaming the proxy', async () => {
    const file = async (name: string, content: string) => {
      await writeFile(join(folder, name), content);
      return join(folder, name);
    };
    const [one, other] = [issue({ commonName: 'one' }), issue({ commonName: 'other' })];
    const cut = await file('cut.pem', one.certPem.replace('MII', 'M'));
    const cert = await file('cert.pem', one.certPem);
    const [ownKey, otherKey] = [await file('own.pem', one.keyPem), await file('other.pem', other.keyPem)];
    const url = await serving();
    expect(await proxyTest({ url, ca: cut })).toMatchObject({ code: 2, err: `${cut} holds no certificates as PEM.\n` });
    expect(await proxyTest({ url, ca: ownKey })).toMatchObject({ code: 2 });
    expect((await proxyTest({ url, 'client-cert': cert, 'client-key': otherKey })).err).toContain('that belong together');
    const good = { ca: cert, 'client-cert': cert, 'client-key': ownKey };
    expect((await proxyTest({ url, only: 'health', ...good })).code).toBe(0);
  });

  it('takes the prefix as the console shows it, in place of that in the file', async () => {
    const url = await serving();
    expect((await proxyTest({ url, only: 'health', prefix: `${PREFIX}/kms/xks/v1` })).code).toBe(0);
    expect((await proxyTest({ url, only: 'health', prefix: '/another' })).code).toBe(1);
  });

  it('stops between two cases when it is told to, without a verdict', async () => {
    const said: string[] = [];
    const stop = new AbortController();
    stop.abort();
    const values = { url: await serving(), 'credential-file': credentialFile, key: KEY_ID, region: REGION };
    const defaults = { 'insecure-loopback': true, 'latency-seconds': '5', rate: '50', 'timeout-ms': '15000' };
    const code = await verb.run({
      values: { ...values, ...defaults },
      positionals: [],
      out: (text) => said.push(text),
      err: () => undefined,
      isTerminal: false,
      signal: stop.signal,
    });
    expect(code).toBe(130);
    expect(said).toEqual([]);
    expect(proxy?.calls()).toBe(0);
  });
});

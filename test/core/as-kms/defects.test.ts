import { afterEach, describe, expect, it } from 'vitest';
import { ALL_CASES } from '../../../core/as-kms/cases/all';
import { chosenCases } from '../../../core/as-kms/run-cases';
import { startReferenceProxy, type Defect, type ReferenceProxy } from './reference-proxy';
import { named, run, testOf } from './run-against';

let proxy: ReferenceProxy | null = null;

afterEach(async () => {
  await proxy?.close();
  proxy = null;
});

async function reportOn(...defects: Defect[]) {
  proxy = await startReferenceProxy(defects);
  return run(testOf(`http://127.0.0.1:${proxy.port}`));
}

/** Every proxy of these tests speaks plain HTTP on an address: that alone is remarked. */
const ALWAYS_REMARKED = ['address'];

describe('the cases against a proxy that is right', () => {
  it('hold, all of them, and the verdict is that KMS would be content', async () => {
    const report = await reportOn();
    expect(named(report, 'fails')).toEqual([]);
    expect(named(report, 'untested')).toEqual([]);
    expect(named(report, 'warns')).toEqual(ALWAYS_REMARKED);
    expect(named(report, 'notApplicable')).toEqual(['certificate', 'tls-suites', 'tls-old-refused']);
    expect(report.verdict.isContent).toBe(true);
  });

  it('hold as well where the proxy has no metadata, which is then not judged', async () => {
    const report = await reportOn('no metadata');
    expect(named(report, 'fails')).toEqual([]);
    expect(named(report, 'notApplicable')).toContain('tampered-metadata');
    expect(report.verdict.isContent).toBe(true);
  });
});

const UNAUTHENTICATED = ['wrong-signature', 'wrong-secret', 'unknown-access-key', 'wrong-scope', 'stale-time', 'future-time'];
const SIGNED_PARTS = ['unsigned-parts', 'changed-after-signing'];
const TAMPERED = ['tampered-ciphertext', 'tampered-tag', 'tampered-iv', 'tampered-aad', 'tampered-metadata', 'foreign-metadata'];
const ENCRYPTING = [
  'round-trip',
  'integrity-value',
  'iv-fresh',
  'plaintext-sizes',
  'plaintext-4300',
  'plaintext-beyond',
  'aad-8192',
];

/** Defect, cases that fail, cases that only remark. */
const FOUND_BY: readonly (readonly [Defect, readonly string[], (readonly string[])?])[] = [
  ['accepts stale dates', ['stale-time']],
  ['accepts future dates', ['future-time']],
  ['allows one minute only', [], ['time-window']],
  ['forgets the Region', ['wrong-scope']],
  ['forgets the service and the day', ['wrong-scope']],
  ['forgets the body', ['changed-after-signing']],
  ['signature not compared', ['wrong-signature', 'wrong-secret', 'changed-after-signing']],
  ['lets host go unsigned', ['unsigned-parts']],
  ['no authentication', ['unsigned', ...UNAUTHENTICATED, ...SIGNED_PARTS]],
  ['401 as 403', ['unsigned', ...UNAUTHENTICATED, ...SIGNED_PARTS, 'error-bodies']],
  ['signs host and date only', ['curl-headers']],
  ['signs its own host', ['changed-after-signing'], ['host-forms']],
  ['IV reused', ['iv-fresh']],
  ['IV of zeros', ['iv-fresh']],
  ['IV of 8 bytes', ['encrypt-shape']],
  ['IV of 12 bytes only', ['tampered-iv']],
  ['metadata not bound', ['tampered-metadata', 'foreign-metadata']],
  ['framing without lengths', ['metadata-as-aad']],
  ['metadata of 21 bytes', ['encrypt-shape']],
  ['tag not verified', [...TAMPERED, 'metadata-as-aad', 'wrong-lengths']],
  ['short tags accepted', ['wrong-lengths']],
  ['bad ciphertext as 500', [...TAMPERED, 'metadata-as-aad', 'wrong-lengths']],
  ['integrity value of the ciphertext alone', ['integrity-value']],
  ['no integrity value', ['integrity-value']],
  ['wrong plaintext', [...ENCRYPTING, 'largest-request']],
  ['plaintext cap of 4096', ['plaintext-4300', 'plaintext-beyond', 'largest-request']],
  ['plaintext cap of 4300 as 400', ['plaintext-beyond']],
  ['AAD cap of 4096', ['aad-8192', 'largest-request']],
  ['ARN cap of 256', ['long-arns', 'largest-request']],
  ['strict ARNs', ['callers']],
  ['refuses unknown members', ['health-operations', 'metadata-callers', 'unknown-members']],
  ['refuses unknown operations', ['health-operations', 'unknown-members']],
  ['denies services', [], ['callers']],
  ['404 as HTML', ['unknown-key', 'unknown-prefix', 'unknown-path', 'error-bodies', 'content-type']],
  ['unknown key as 400', ['unknown-key']],
  ['GET as 200', ['get-refused']],
  ['lenient base64', ['bad-base64']],
  ['any algorithm', ['wrong-algorithm']],
  ['missing members as 500', ['missing-members', 'missing-metadata'], ['health-bad-body']],
  ['not JSON as 500', ['not-json']],
  ['body cap of 8192', ['plaintext-beyond', 'aad-8192', 'largest-request']],
  ['drops large bodies', ['oversize-fields']],
  ['health without fleet', ['health']],
  ['health all unavailable', ['health']],
  ['health degraded', [], ['health']],
  ['health accepts any body', [], ['health-bad-body']],
  ['key of 128 bits', ['metadata']],
  ['key disabled', ['metadata']],
  ['long messages', ['error-bodies']],
  ['messages of any character', ['error-bodies']],
  ['text/plain', ['content-type']],
  ['closes connections', [], ['keep-alive']],
];

describe('each defect is found by the cases for it and by no other', () => {
  it.each(FOUND_BY.map(([defect, fails, warns]) => ({ defect, fails, warns: warns ?? [] })))(
    '$defect: $fails',
    async ({ defect, fails, warns }) => {
      const report = await reportOn(defect);
      expect(named(report, 'fails')).toEqual(fails);
      expect(named(report, 'warns')).toEqual([...ALWAYS_REMARKED, ...warns]);
      expect(report.verdict.isContent).toBe(fails.length === 0);
    },
  );
});

describe('what a defect means', () => {
  it('is said with the finding: a plaintext that must not come back is the gravest', async () => {
    const report = await reportOn('metadata not bound');
    expect(report.cases.find(({ name }) => name === 'tampered-metadata')).toMatchObject({
      outcome: 'fails',
      seen: 'metadata, first byte: A PLAINTEXT CAME BACK (and 3 more)',
      means: expect.stringContaining('changed ciphertexts pass for true ones'),
      remedy: expect.stringContaining('Do not use this proxy'),
    });
  });

  it('leaves cases untested that would prove nothing, and silence is no reason for content', async () => {
    const report = await reportOn('wrong plaintext');
    expect(named(report, 'untested')).toEqual(expect.arrayContaining([...TAMPERED, 'unknown-key', 'missing-members']));
    expect(report.verdict.sentence).toMatch(
      /^KMS would not be content with this proxy: 8 cases did not hold \(.+\); \d+ cases could not be tested\.$/,
    );
  });

  it('is a time-out where nothing comes, after one more attempt', async () => {
    proxy = await startReferenceProxy(['hangs on Decrypt']);
    const only = chosenCases(ALL_CASES, ['plaintext-4300']) ?? [];
    const report = await run(testOf(`http://127.0.0.1:${proxy.port}`, { timeoutMs: 1000, cases: only }));
    expect(report.cases[0]).toMatchObject({ outcome: 'fails', seen: '4,300 B: Decrypt: no answer within 1000 ms, twice' });
    expect(proxy.calls()).toBe(1);
  });

  it('can end the proxy: that case runs only when it is named', async () => {
    expect(named(await reportOn('dies of a giant AAD'), 'fails')).toEqual([]);
    await proxy?.close();
    proxy = await startReferenceProxy(['dies of a giant AAD']);
    const only = chosenCases(ALL_CASES, ['giant-aad']) ?? [];
    const report = await run(testOf(`http://127.0.0.1:${proxy.port}`, { cases: only }));
    expect(named(report, 'fails')).toEqual(['giant-aad']);
  });

  it('is not told of a proxy that is not there', async () => {
    const gone = await startReferenceProxy();
    await gone.close();
    const report = await run(testOf(`http://127.0.0.1:${gone.port}`));
    expect(report.verdict).toMatchObject({ isContent: false, isReached: false });
    expect(report.cases.find(({ name }) => name === 'reach')).toMatchObject({
      seen: 'nobody listens there (connection refused)',
      kmsSays: 'XKS_PROXY_NOT_REACHABLE',
    });
  });

  it.each<[{ region?: string; prefix?: string }, string]>([
    [{ region: 'us-east-1' }, 'INVALID_CREDENTIALS'],
    [{ prefix: '/other' }, 'XKS_PROXY_INVALID_CONFIGURATION'],
  ])('with %j names what connecting would end with: %s', async (wrong, code) => {
    proxy = await startReferenceProxy();
    const test = testOf(`http://127.0.0.1:${proxy.port}`);
    const signer = { ...test.store.signer, region: wrong.region ?? test.store.signer.region };
    const store = { ...test.store, signer, prefix: wrong.prefix ?? test.store.prefix };
    const report = await run({ ...test, store });
    expect(named(report, 'fails')).toEqual(['health']);
    expect(report.cases.find(({ name }) => name === 'health')?.kmsSays).toBe(code);
    expect(named(report, 'untested').length).toBeGreaterThan(30);
  });
});

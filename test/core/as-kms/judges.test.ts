import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { XKS_STATUS, type XksErrorName } from '../../../core/xks/errors';
import { judgeAddress, judgeCredential } from '../../../core/as-kms/cases/address';
import { judgeContentTypes, judgeErrorBodies } from '../../../core/as-kms/cases/answers';
import { judgeBeyondLimit, judgeFreshIvs, judgeIntegrity, judgeShape } from '../../../core/as-kms/cases/encrypt';
import { judgeHealth, judgeHealthSpeed } from '../../../core/as-kms/cases/health';
import { judgeKeyMetadata } from '../../../core/as-kms/cases/metadata';
import { clockDifference, connectionWouldFail } from '../../../core/as-kms/connection-error';
import { inWords, type Answer, type Exchange } from '../../../core/as-kms/exchange';
import { gravest, type Judgement } from '../../../core/as-kms/judgement';
import { each, refusedWith } from '../../../core/as-kms/probes';
import { judgeRoundTrip, type RoundTrip } from '../../../core/as-kms/round-trip';
import { verdictOf } from '../../../core/as-kms/verdict';
import { endpointOf } from './run-against';

function answer(status: number, body: unknown, more: Partial<Answer> = {}): Answer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const bytes = new TextEncoder().encode(text);
  return {
    kind: 'answer',
    status,
    contentType: 'application/json',
    date: '',
    body: bytes,
    ms: 5,
    attempts: 1,
    isReused: true,
    ...more,
  };
}

const NAMES = Object.keys(XKS_STATUS) as XksErrorName[];
const anyName = fc.constantFrom(...NAMES);
const anyAnswer: fc.Arbitrary<Exchange> = fc.oneof(
  fc
    .record({ status: fc.integer({ min: 100, max: 599 }), body: fc.oneof(fc.json(), fc.string()) })
    .map(({ status, body }) => answer(status, body)),
  fc
    .record({ status: fc.constantFrom(400, 401, 403, 404, 429, 500, 501, 503), name: anyName })
    .map(({ status, name }) => answer(status, { errorName: name })),
  fc
    .constantFrom('timeout', 'unreachable', 'tls', 'broken')
    .map((kind) => ({ kind, what: 'nothing came', ms: 250, attempts: 2 })),
);

describe('an expected refusal', () => {
  it('holds for exactly its name with exactly its status', () => {
    fc.assert(
      fc.property(anyName, anyAnswer, (expected, exchange) => {
        const isIt =
          exchange.kind === 'answer' &&
          exchange.status === XKS_STATUS[expected] &&
          (() => {
            try {
              const json = JSON.parse(new TextDecoder().decode(exchange.body)) as unknown;
              return (
                typeof json === 'object' &&
                json !== null &&
                !Array.isArray(json) &&
                (json as { errorName?: unknown }).errorName === expected
              );
            } catch {
              return false;
            }
          })();
        expect(refusedWith(expected)([{ what: 'it', exchange }]).outcome).toBe(isIt ? 'holds' : 'fails');
      }),
    );
  });

  it('does not hold when one of several differs, wherever it stands', () => {
    fc.assert(
      fc.property(fc.nat(6), fc.nat(6), (before, after) => {
        const right = { what: 'right', exchange: answer(401, { errorName: 'AuthenticationFailedException' }) };
        const wrong = { what: 'wrong', exchange: answer(200, {}) };
        const seen = [...Array<typeof right>(before).fill(right), wrong, ...Array<typeof right>(after).fill(right)];
        expect(refusedWith('AuthenticationFailedException')(seen)).toMatchObject({ outcome: 'fails', seen: 'wrong: 200' });
      }),
    );
  });

  it('is not proved by sending nothing', () => {
    expect(each(() => ({ outcome: 'holds', seen: '' }))([]).outcome).toBe('untested');
    expect(gravest([]).outcome).toBe('untested');
  });
});

describe('what is said of an answer', () => {
  it('is one printable line and never holds the body of a success', () => {
    fc.assert(
      fc.property(anyAnswer, (exchange) => {
        expect(inWords(exchange)).toMatch(/^[\x20-\x7e]{1,200}$/);
      }),
    );
    expect(inWords(answer(200, { plaintext: 'c2VjcmV0' }))).toBe('200');
    expect(inWords(answer(400, { errorName: 'ValidationException', errorMessage: '\u001B[2Jgone\n' }))).toBe(
      '400 ValidationException ("?[2Jgone?")',
    );
  });
});

describe('health', () => {
  const fleet = (...states: string[]) => ({
    xksProxyFleetSize: 2,
    xksProxyVendor: 'v',
    xksProxyModel: 'm 1',
    ekmVendor: 'e',
    ekmFleetDetails: states.map((healthStatus, i) => ({ id: `hsm-${i}`, model: 'x', healthStatus })),
  });

  it('may be partly degraded, but not gone altogether', () => {
    expect(judgeHealth(answer(200, fleet('ACTIVE', 'ACTIVE')), 0).outcome).toBe('holds');
    expect(judgeHealth(answer(200, fleet('ACTIVE', 'UNAVAILABLE')), 0).outcome).toBe('warns');
    expect(judgeHealth(answer(200, fleet('UNAVAILABLE', 'UNAVAILABLE')), 0)).toMatchObject({
      outcome: 'fails',
      kmsSays: 'XKS_PROXY_NOT_REACHABLE',
    });
  });

  it('has a fleet of 1 to 10, known states and every member', () => {
    expect(judgeHealth(answer(200, fleet(...Array<string>(10).fill('ACTIVE'))), 0).outcome).toBe('holds');
    expect(judgeHealth(answer(200, fleet(...Array<string>(11).fill('ACTIVE'))), 0).outcome).toBe('fails');
    expect(judgeHealth(answer(200, fleet('FINE')), 0).outcome).toBe('fails');
    for (const member of Object.keys(fleet('ACTIVE')))
      expect(judgeHealth(answer(200, { ...fleet('ACTIVE'), [member]: undefined }), 0)).toMatchObject({
        outcome: 'fails',
        seen: expect.stringContaining(member),
      });
    expect(judgeHealth(answer(200, { ...fleet('ACTIVE'), xksProxyFleetSize: 0 }), 0).outcome).toBe('fails');
    expect(judgeHealth(answer(200, '<html>'), 0).outcome).toBe('fails');
  });

  it.each([
    [answer(401, { errorName: 'AuthenticationFailedException' }), 'INVALID_CREDENTIALS'],
    [answer(403, { errorName: 'AccessDeniedException' }), 'XKS_PROXY_ACCESS_DENIED'],
    [answer(404, { errorName: 'InvalidUriPathException' }), 'XKS_PROXY_INVALID_CONFIGURATION'],
    [answer(404, '<html>'), 'XKS_PROXY_INVALID_RESPONSE'],
    [answer(500, { errorName: 'InternalException' }), 'XKS_PROXY_INVALID_RESPONSE'],
    [answer(503, { errorName: 'DependencyTimeoutException' }), 'XKS_PROXY_TIMED_OUT'],
    [{ kind: 'timeout', what: 'late', ms: 500, attempts: 2 }, 'XKS_PROXY_TIMED_OUT'],
    [{ kind: 'unreachable', what: 'gone', ms: 1, attempts: 1 }, 'XKS_PROXY_NOT_REACHABLE'],
    [{ kind: 'tls', what: 'no', ms: 1, attempts: 1 }, 'XKS_PROXY_INVALID_TLS_CONFIGURATION'],
  ] as const)('otherwise names the ConnectionErrorCode (%#): %s', (exchange, code) => {
    expect(connectionWouldFail(exchange, 0)).toMatchObject({ outcome: 'fails', kmsSays: code });
  });

  it('tells clocks that are apart, which a 401 may be all about', () => {
    const now = Date.UTC(2026, 10, 23, 12);
    const at = (ms: number) =>
      answer(401, { errorName: 'AuthenticationFailedException' }, { date: new Date(now + ms).toUTCString() });
    expect(connectionWouldFail(at(400_000), now).seen).toMatch(/; the proxy’s clock is 400 s ahead of this machine’s$/);
    expect(clockDifference(at(-90_000), now)).toContain('90 s behind');
    expect(clockDifference(at(30_000), now)).toBe('');
    expect(clockDifference(answer(401, {}), now)).toBe('');
  });

  it('is slow from 200 ms on', () => {
    const took = (ms: number) => [{ what: 'call', exchange: answer(200, {}, { ms }) }];
    expect(judgeHealthSpeed(took(199)).outcome).toBe('holds');
    expect(judgeHealthSpeed(took(201)).outcome).toBe('warns');
  });
});

describe('key metadata', () => {
  it('has to be of AES-256 that encrypts, decrypts and is enabled', () => {
    const good = { keySpec: 'AES_256', keyUsage: ['DECRYPT', 'WRAP', 'ENCRYPT'], keyStatus: 'ENABLED' };
    expect(judgeKeyMetadata(answer(200, good)).outcome).toBe('holds');
    for (const bad of [
      { keySpec: 'RSA_0' },
      { keyUsage: ['ENCRYPT'] },
      { keyUsage: 'ENCRYPT' },
      { keyStatus: 'DISABLED' },
      { keyStatus: 'enabled' },
      { keyUsage: Array<string>(11).fill('DECRYPT') },
    ])
      expect(judgeKeyMetadata(answer(200, { ...good, ...bad })).outcome).toBe('fails');
    expect(judgeKeyMetadata(answer(404, { errorName: 'KeyNotFoundException' })).kmsSays).toBe('XksKeyNotFoundException');
  });
});

describe('round trips', () => {
  const bytes = (n: number, fill = 1) => new Uint8Array(n).fill(fill);
  /** The specification's worked example of the integrity value. */
  const fromBase64 = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));
  const example: RoundTrip = {
    what: 'the example',
    plain: { plaintext: bytes(12), aad: fromBase64('cHJvamVjdD1uaWxlLGRlcGFydG1lbnQ9bWFya2V0aW5n'), wantsIntegrity: true },
    encryption: answer(200, {}),
    encrypted: {
      plain: { plaintext: bytes(12), aad: null, wantsIntegrity: true },
      sealed: {
        aad: fromBase64('cHJvamVjdD1uaWxlLGRlcGFydG1lbnQ9bWFya2V0aW5n'),
        metadata: fromBase64('a2V5X3ZlcnNpb249MQ=='),
        iv: fromBase64('HMrlRw85cAJUd5Ax'),
        ciphertext: fromBase64('ghxkK1txeDNn3q8Y'),
        tag: fromBase64('vBxN2ncH1oEkR8WVXpmyYQ=='),
      },
      integrity: fromBase64('qHA/ImC9h5HsLRXqCyPmWgYx7tzyoTplzILbP0fPXsc='),
    },
    decryption: answer(200, { plaintext: Buffer.from(bytes(12)).toString('base64') }),
  };
  if ('problem' in example.encrypted) throw new Error('unreachable');
  const { encrypted } = example;

  it('agree with the specification’s worked example, and with nothing else', () => {
    expect(judgeIntegrity(example).outcome).toBe('holds');
    fc.assert(
      fc.property(
        fc.constantFrom('aad', 'metadata', 'iv', 'ciphertext', 'tag'),
        fc.nat(11),
        fc.integer({ min: 1, max: 255 }),
        (member, at, bits) => {
          const old = encrypted.sealed[member as 'iv'];
          const sealed = { ...encrypted.sealed, [member]: old.with(at, old[at]! ^ bits) };
          expect(judgeIntegrity({ ...example, encrypted: { ...encrypted, sealed } }).outcome).toBe('fails');
        },
      ),
    );
    expect(judgeIntegrity({ ...example, encrypted: { ...encrypted, integrity: null } }).outcome).toBe('fails');
  });

  it('fail when another plaintext comes back, or one of another length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), (back) => {
        const same = Buffer.from(back).equals(bytes(12));
        const decryption = answer(200, { plaintext: Buffer.from(back).toString('base64') });
        expect(judgeRoundTrip({ ...example, decryption }).outcome).toBe(same ? 'holds' : 'fails');
      }),
    );
  });

  it.each([
    ['iv', 8, 'fails'],
    ['iv', 12, 'holds'],
    ['iv', 16, 'holds'],
    ['iv', 13, 'fails'],
    ['tag', 12, 'fails'],
    ['tag', 16, 'holds'],
    ['ciphertext', 28, 'fails'],
    ['metadata', 20, 'holds'],
    ['metadata', 21, 'fails'],
  ] as const)('with %s of %i bytes: %s', (member, length, outcome) => {
    const sealed = { ...encrypted.sealed, [member]: bytes(length) };
    expect(judgeShape({ ...example, encrypted: { ...encrypted, sealed } }).outcome).toBe(outcome);
  });

  it('never with the same IV twice', () => {
    const withIv = (fill: number): RoundTrip => ({
      ...example,
      encrypted: { ...encrypted, sealed: { ...encrypted.sealed, iv: bytes(12, fill) } },
    });
    expect(judgeFreshIvs([withIv(1), withIv(2), withIv(3)]).outcome).toBe('holds');
    expect(judgeFreshIvs([withIv(1), withIv(2), withIv(1)]).outcome).toBe('fails');
    expect(judgeFreshIvs([withIv(0), withIv(1)]).outcome).toBe('fails');
  });

  it('beyond the least size may end in 501, but in no other error', () => {
    const refused = (status: number, errorName: string): RoundTrip => ({
      ...example,
      encryption: answer(status, { errorName }),
      encrypted: { problem: 'no answer of success' },
      decryption: null,
    });
    expect(judgeBeyondLimit([example, refused(501, 'UnsupportedOperationException')]).outcome).toBe('holds');
    expect(judgeBeyondLimit([refused(400, 'ValidationException')]).outcome).toBe('fails');
    expect(judgeBeyondLimit([refused(501, 'InternalException')]).outcome).toBe('fails');
  });
});

describe('all answers', () => {
  it('have a message of printable ASCII under 512 characters', () => {
    const error = (errorMessage: string) => [answer(400, { errorName: 'ValidationException', errorMessage })];
    expect(judgeErrorBodies(error('x'.repeat(511))).outcome).toBe('holds');
    expect(judgeErrorBodies(error('x'.repeat(512))).outcome).toBe('fails');
    expect(judgeErrorBodies(error('tab\there')).outcome).toBe('fails');
    expect(judgeErrorBodies([answer(400, { errorName: 'ValidationException' })]).outcome).toBe('holds');
    expect(judgeErrorBodies([answer(400, { errorName: 'toString' })]).outcome).toBe('fails');
    expect(judgeErrorBodies([answer(405, 'no')]).outcome).toBe('untested');
  });

  it('say application/json, with a charset or without', () => {
    for (const contentType of ['application/json', 'application/json; charset=utf-8', 'Application/JSON'])
      expect(judgeContentTypes([answer(200, {}, { contentType })]).outcome).toBe('holds');
    for (const contentType of ['', 'text/json', 'application/jsonp', 'application/x-amz-json-1.1'])
      expect(judgeContentTypes([answer(200, {}, { contentType })]).outcome).toBe('fails');
  });
});

describe('the address', () => {
  it('is https, a name and port 443', () => {
    const outcome = (url: string) => judgeAddress({ endpoint: endpointOf(url), prefix: '/p' }).outcome;
    expect(outcome('https://xks.example.com')).toBe('holds');
    for (const url of ['https://192.0.2.7', 'https://xks.example.com:8443', 'http://localhost'])
      expect(outcome(url)).toBe('warns');
  });

  it('comes with a credential of the form KMS asks for; a bad one is not shown', () => {
    expect(judgeCredential({ accessKeyId: 'A'.repeat(20), secret: 'x'.repeat(43) }).outcome).toBe('holds');
    expect(judgeCredential({ accessKeyId: 'A'.repeat(30), secret: 'x'.repeat(64) }).outcome).toBe('holds');
    for (const [accessKeyId, secret] of [
      ['A'.repeat(19), 'x'.repeat(43)],
      ['A1'.repeat(10), 'x'.repeat(43)],
      ['A'.repeat(20), 'x'.repeat(42)],
      ['A'.repeat(20), 'x'.repeat(65)],
    ] as const) {
      const judged = judgeCredential({ accessKeyId, secret });
      expect(judged.outcome).toBe('warns');
      expect(judged.seen).not.toContain(secret);
    }
  });
});

describe('the verdict', () => {
  const finding = (outcome: Judgement['outcome']) =>
    ({ name: 'a-case', theme: 'health', outcome, expects: '', seen: '', means: '', remedy: '', kmsSays: '' }) as const;
  const latency = (outcome: Judgement['outcome']): Judgement => ({ outcome, seen: 'p99 is 300 ms' });

  it('is content exactly when nothing failed and nothing was left untested', () => {
    const outcomes = fc.constantFrom<Judgement['outcome']>('holds', 'fails', 'warns', 'untested', 'notApplicable');
    fc.assert(
      fc.property(fc.array(outcomes), fc.option(outcomes), (cases, run) => {
        const isBad = [...cases, ...(run === null ? [] : [run])].some((outcome) => outcome === 'fails' || outcome === 'untested');
        expect(verdictOf(cases.map(finding), run === null ? null : latency(run), true).isContent).toBe(!isBad);
      }),
    );
  });

  it('names what it rests on', () => {
    expect(verdictOf([finding('holds'), finding('warns')], null, true).sentence).toBe(
      'KMS would be content with this proxy, with 1 remark.',
    );
    expect(verdictOf([finding('fails')], latency('fails'), true).sentence).toBe(
      'KMS would not be content with this proxy: 1 case did not hold (a-case); the latency run: p99 is 300 ms.',
    );
    expect(verdictOf([], null, false)).toMatchObject({ isContent: false, isReached: false });
  });
});

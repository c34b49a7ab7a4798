import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  authorizationHeader,
  canonicalRequest,
  headerValue,
  readAuthorization,
  signature,
  signingKey,
  XKS_SERVICE,
  type SignatureTools,
} from '../../../core/xks/sigv4';

const TOOLS: SignatureTools = {
  sha256Hex: (data) => createHash('sha256').update(data).digest('hex'),
  hmacSha256: (key, data) => createHmac('sha256', key).update(data).digest(),
};

const ID = 'BETWEEN2TENAND3TENCHARACTERS';
const SECRET = 'PleaseReplaceThisWithSomeSecretOfLength43To64';
const TIME = '20240102T030405Z';
const SCOPE = { date: '20240102', region: 'us-east-1', service: XKS_SERVICE };
const BODY = '{"requestMetadata":{"kmsRequestId":"4112f4d6-db54-4af4-ae30-c55a22a8dfae","kmsOperation":"KmsHealthCheck"}}';
const REQUEST = {
  method: 'POST',
  path: '/example/uri/path/prefix/kms/xks/v1/health',
  headers: [
    ['host', 'xks.example.com'],
    ['x-amz-date', TIME],
  ] as const,
  bodySha256: TOOLS.sha256Hex(BODY),
};

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('Signature Version 4 for an XKS proxy', () => {
  it('signs the known request with the known signature', () => {
    expect(BODY).toHaveLength(107);
    expect(TOOLS.sha256Hex(canonicalRequest(REQUEST))).toBe('1e738bbeb8073fbd31ed3d294e7c04bfd6c6c81eb1ef795ff2881929540ee354');
    const value = signature(signingKey(SECRET, SCOPE, TOOLS), TIME, SCOPE, REQUEST, TOOLS);
    expect(hexOf(value)).toBe('771d2803c17461128e7a42f4156853feae6d6f15d37517d076dbcd17dc720d8e');
  });

  it('reads the header it wrote', () => {
    const name = fc.stringMatching(/^[a-z0-9-]{1,12}$/);
    fc.assert(
      fc.property(
        fc.stringMatching(/^[A-Z2-7]{20,30}$/),
        fc.stringMatching(/^[0-9]{8}$/),
        fc.stringMatching(/^[a-z]{2}-[a-z]{1,9}-[0-9]$/),
        fc.uniqueArray(name, { minLength: 1 }),
        fc.stringMatching(/^[0-9a-f]{64}$/),
        (accessKeyId, date, region, names, hex) => {
          const scope = { date, region, service: XKS_SERVICE };
          const sorted = names.toSorted();
          const headers = sorted.map((header): [string, string] => [header, '']);
          const written = authorizationHeader(accessKeyId, scope, { ...REQUEST, headers }, hex);
          expect(readAuthorization(written)).toEqual({ accessKeyId, scope, signedHeaders: sorted, signature: hex });
        },
      ),
    );
  });

  const good = authorizationHeader(ID, SCOPE, REQUEST, 'ab'.repeat(32));
  it.each([
    ['another scheme', good.replace('AWS4-HMAC-SHA256', 'Bearer')],
    ['a scope without its end', good.replace('/aws4_request', '')],
    ['a scope with another end', good.replace('aws4_request', 'aws4_requests')],
    ['unsorted headers', good.replace('host;x-amz-date', 'x-amz-date;host')],
    ['a header twice', good.replace('host;', 'host;host;')],
    ['no header', good.replace('host;x-amz-date', '')],
    ['header names in capitals', good.replace('host', 'Host')],
    ['a short signature', good.slice(0, -1)],
    ['a signature in capitals', good.replace(/ab/g, 'AB')],
    ['something after the signature', `${good} `],
    ['a line break', good.replace(', SignedHeaders', ',\n SignedHeaders')],
    ['an id with a slash', good.replace(ID, 'A/B')],
    ['nothing', ''],
  ])('does not read a header with %s', (_what, header) => {
    expect(readAuthorization(header)).toBeNull();
  });

  it('reads :authority where HTTP/2 has it in place of host', () => {
    expect(readAuthorization(good.replace('host;', ':authority;'))?.signedHeaders).toEqual([':authority', 'x-amz-date']);
  });

  it('takes no time to refuse a long header', () => {
    expect(readAuthorization(`AWS4-HMAC-SHA256 Credential=${'A/'.repeat(30_000)}`)).toBeNull();
    expect(readAuthorization(good.replace('host', 'a;'.repeat(30_000)))).toBeNull();
  });

  it('signs a header value without the blanks that do not count', () => {
    expect(headerValue('  a   b  c ')).toBe('a b c');
    expect(headerValue('"a  b"')).toBe('"a b"');
  });

  it('makes another signature of anything else', () => {
    const sign = (change: object, scope = SCOPE, time = TIME, secret = SECRET): string =>
      hexOf(signature(signingKey(secret, scope, TOOLS), time, scope, { ...REQUEST, ...change }, TOOLS));
    const known = sign({});
    const others = [
      sign({ method: 'PUT' }),
      sign({ path: `${REQUEST.path}/` }),
      sign({ bodySha256: TOOLS.sha256Hex(`${BODY} `) }),
      sign({ headers: [['host', 'xks.example.org'], REQUEST.headers[1]] }),
      sign({}, { ...SCOPE, region: 'us-east-2' }),
      sign({}, { ...SCOPE, date: '20240103' }),
      sign({}, SCOPE, '20240102T030406Z'),
      sign({}, SCOPE, TIME, `${SECRET}x`),
    ];
    expect(new Set([known, ...others]).size).toBe(others.length + 1);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { credentialSet } from '../../../proxy/auth/credentials';
import { CLOCK_WINDOW_MS, verifySignature, type SignedCall, type Verification } from '../../../proxy/auth/sigv4';
import { amzTime, CREDENTIAL, REGION, signedHeaders, type Signing } from '../xks-call';

const HOST = 'xks.example.com';
const PATH = '/example/uri/path/prefix/kms/xks/v1/health';
const BODY = '{"requestMetadata":{"kmsRequestId":"4112f4d6-db54-4af4-ae30-c55a22a8dfae","kmsOperation":"KmsHealthCheck"}}';
const NOW = Date.UTC(2024, 0, 2, 3, 4, 5);
const AUDIENCE = { region: REGION, credentials: credentialSet([CREDENTIAL], null, NOW) };

function callOf(headers: Readonly<Record<string, string>>, body = BODY): SignedCall {
  return { method: 'POST', path: PATH, rawHeaders: Object.entries(headers).flat(), body: Buffer.from(body) };
}

function signed(signing: Signing = {}, body = BODY): SignedCall {
  return callOf(signedHeaders(HOST, PATH, body, { at: NOW, ...signing }), body);
}

function verify(call: SignedCall, now = NOW, audience = AUDIENCE): Verification {
  return verifySignature(call, audience, now);
}

function reasonOf({ result }: Verification): string {
  if (result.ok) return 'ok';
  expect(result.error.name).toBe('AuthenticationFailedException');
  return result.error.reason;
}

describe('the verification of a signature', () => {
  it('takes the known request with the known signature', () => {
    const authorization =
      `AWS4-HMAC-SHA256 Credential=${CREDENTIAL.accessKeyId}/20240102/us-east-1/kms-xks-proxy/aws4_request, ` +
      'SignedHeaders=host;x-amz-date, Signature=771d2803c17461128e7a42f4156853feae6d6f15d37517d076dbcd17dc720d8e';
    const call = callOf({ Host: HOST, 'X-Amz-Date': '20240102T030405Z', Authorization: authorization });
    expect(verify(call)).toEqual({ accessKeyId: CREDENTIAL.accessKeyId, result: { ok: true, value: null } });
  });

  it('takes the list of signed headers from the request, as curl needs it', () => {
    const headers = { 'content-type': 'application/json', 'x-extra': 'a  b ' };
    expect(reasonOf(verify(signed({ headers, signedHeaders: ['content-type', 'host', 'x-amz-date', 'x-extra'] })))).toBe('ok');
  });

  it.each([43, 45, 52, 64])('takes secrets of %i characters', (length) => {
    const secret = 'aZ09/+='.repeat(10).slice(0, length);
    const audience = { region: REGION, credentials: credentialSet([{ ...CREDENTIAL, secret }], null, NOW) };
    expect(reasonOf(verify(signed({ secret }), NOW, audience))).toBe('ok');
    expect(reasonOf(verify(signed({ secret: secret.slice(1) }), NOW, audience))).toBe('signature');
  });

  it('takes every credential of the key store, and no other', () => {
    const second = { accessKeyId: 'SECOND2SECOND2SECOND2', secret: 's'.repeat(43), since: null };
    const audience = { region: REGION, credentials: credentialSet([CREDENTIAL, second], null, NOW) };
    expect(reasonOf(verify(signed(second), NOW, audience))).toBe('ok');
    expect(reasonOf(verify(signed(), NOW, audience))).toBe('ok');
    expect(reasonOf(verify(signed(second)))).toBe('unknownId');
    expect(reasonOf(verify(signed({ accessKeyId: second.accessKeyId }), NOW, audience))).toBe('signature');
  });

  it('says the same about an unknown id and a wrong secret, and tells them apart for the audit alone', () => {
    const unknown = verify(signed({ accessKeyId: 'UNKNOWN2UNKNOWN2UNKNOWN2' }));
    const wrong = verify(signed({ secret: 'x'.repeat(43) }));
    expect(unknown.accessKeyId).toBe('UNKNOWN2UNKNOWN2UNKNOWN2');
    expect([reasonOf(unknown), reasonOf(wrong)]).toEqual(['unknownId', 'signature']);
    expect(!unknown.result.ok && !wrong.result.ok && unknown.result.error.message === wrong.result.error.message).toBe(true);
  });

  it.each([
    ['service', { service: 's3' }],
    ['region', { region: 'eu-west-1' }],
    ['hostNotSigned', { signedHeaders: ['x-amz-date'] }],
    ['dateNotSigned', { signedHeaders: ['host'] }],
    ['dateScope', { scopeDate: '20240101' }],
    ['headerMissing', { signedHeaders: ['host', 'x-amz-date', 'x-not-there'] }],
    ['dateForm', { headers: { 'x-amz-date': '2024-01-02T03:04:05Z' } }],
    ['dateForm', { headers: { 'x-amz-date': '20240230T030405Z' } }],
  ])('refuses with the reason %s', (reason, signing) => {
    const { result } = verify(signed(signing));
    expect(!result.ok && result.error.reason).toBe(reason);
  });

  it('names in its message what somebody setting this up needs', () => {
    const { result } = verify(signed({ region: 'eu-west-1' }));
    expect(!result.ok && result.error.message).toContain('eu-west-1');
    const late = verify(signed(), NOW + 600_000);
    expect(!late.result.ok && late.result.error.message).toContain('600 s before');
  });

  it('takes five minutes to either side, and not a second more', () => {
    for (const apart of [CLOCK_WINDOW_MS, -CLOCK_WINDOW_MS]) {
      expect(reasonOf(verify(signed(), NOW + apart))).toBe('ok');
      expect(reasonOf(verify(signed(), NOW + apart + Math.sign(apart) * 1000))).toBe('clock');
    }
  });

  it('goes on over midnight', () => {
    const before = Date.UTC(2024, 0, 2, 23, 59, 58);
    const after = Date.UTC(2024, 0, 3, 0, 0, 2);
    expect(reasonOf(verify(signed({ at: before }), after))).toBe('ok');
    expect(reasonOf(verify(signed({ at: after }), before))).toBe('ok');
    expect(reasonOf(verify(signed({ at: before }), after))).toBe('ok');
  });

  it('takes :authority for the host, as HTTP/2 sends it', () => {
    const { authorization = '' } = signedHeaders(HOST, PATH, BODY, { at: NOW });
    const date = { 'x-amz-date': amzTime(NOW) };
    const raw = (headers: Readonly<Record<string, string>>): string => reasonOf(verify(callOf(headers)));
    expect(raw({ ':authority': HOST, ...date, authorization })).toBe('ok');
    expect(raw({ ':authority': HOST, host: HOST, ...date, authorization })).toBe('ok');
    expect(raw({ ':authority': HOST, host: 'other.example.com', ...date, authorization })).toBe('headerTwice');
    const named = signedHeaders(HOST, PATH, BODY, {
      at: NOW,
      signedHeaders: [':authority', 'x-amz-date'],
      headers: { ':authority': HOST },
    });
    expect(raw({ ':authority': HOST, ...date, authorization: named['authorization']! })).toBe('ok');
  });

  it('refuses a signed header that is there twice, whatever its letter case', () => {
    const call = signed();
    for (const name of ['host', 'Host', 'X-AMZ-DATE'])
      expect(reasonOf(verify({ ...call, rawHeaders: [...call.rawHeaders, name, HOST] }))).toBe('headerTwice');
    expect(reasonOf(verify({ ...call, rawHeaders: [...call.rawHeaders, 'x-other', 'a', 'x-other', 'b'] }))).toBe('ok');
  });

  it('refuses a request without a signature, and one with two', () => {
    const call = signed();
    expect(reasonOf(verify({ ...call, rawHeaders: ['host', HOST] }))).toBe('unsigned');
    const { authorization = '' } = signedHeaders(HOST, PATH, BODY, { at: NOW });
    expect(reasonOf(verify({ ...call, rawHeaders: [...call.rawHeaders, 'Authorization', authorization] }))).toBe(
      'authorizationForm',
    );
    expect(reasonOf(verify(callOf({ host: HOST, authorization: 'Basic YTpi' })))).toBe('authorizationForm');
  });

  it('refuses when any byte that was signed differs', () => {
    const call = signed();
    expect(reasonOf(verify({ ...call, body: Buffer.from(`${BODY} `) }))).toBe('signature');
    expect(reasonOf(verify({ ...call, path: PATH.replace('health', 'healtg') }))).toBe('signature');
    expect(reasonOf(verify({ ...call, method: 'PUT' }))).toBe('signature');
    expect(reasonOf(verify({ ...call, rawHeaders: call.rawHeaders.map((text) => (text === HOST ? `${HOST}:443` : text)) }))).toBe(
      'signature',
    );
  });

  it('takes what was signed with the secret, whatever the path, host and body', () => {
    const body = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(fc.stringMatching(/^(\/[A-Za-z0-9._-]{1,9}){1,9}$/), fc.domain(), body, (path, host, bytes) => {
        const headers = signedHeaders(host, path, bytes, { at: NOW });
        const call = { method: 'POST', path, rawHeaders: Object.entries(headers).flat(), body: bytes };
        expect(reasonOf(verify(call))).toBe('ok');
        expect(reasonOf(verify({ ...call, body: Uint8Array.of(...bytes, 0) }))).toBe('signature');
      }),
    );
  });

  it('never throws, whatever the headers are', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 });
    const name = fc.oneof(fc.constantFrom('authorization', 'host', 'x-amz-date', ':authority'), text);
    fc.assert(
      fc.property(fc.array(fc.tuple(name, text)), (headers) => {
        expect(verify({ ...signed(), rawHeaders: headers.flat() }).result.ok).toBe(false);
      }),
    );
  });
});

import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { refusal, type XksResult } from '../../core/xks/errors';
import { readAuthorization, signature, XKS_SERVICE, type Authorization, type SignatureTools } from '../../core/xks/sigv4';
import { amzTimeMs, dayOf } from './amz-time';
import type { CredentialSet } from './credentials';
import { signedHeadersOf, valuesOf, type SignedHeaders } from './signed-headers';

/** A request may be this much older or newer than our clock says (specification, "Authentication": five minutes). */
export const CLOCK_WINDOW_MS = 300_000;

const TOOLS: SignatureTools = {
  sha256Hex: (data) => hash('sha256', data, 'hex'),
  hmacSha256: (key, data) => createHmac('sha256', key).update(data).digest(),
};

/** What an unknown access key id is checked against, so that it takes as long as a wrong secret. */
const NOBODYS_KEY = randomBytes(32);

/** A request as it came, its path already known to be one of ours. */
export interface SignedCall {
  readonly method: string;
  readonly path: string;
  /** name, value, name, value ... as sent */
  readonly rawHeaders: readonly string[];
  readonly body: Uint8Array;
}

/** Whom a key store listens to. */
export interface Audience {
  readonly region: string;
  readonly credentials: CredentialSet;
}

export interface Verification {
  /** what the request says about itself, believed or not; '' where it says nothing readable. For the audit. */
  readonly accessKeyId: string;
  readonly result: XksResult<null>;
}

/**
 * Verifies Signature Version 4 as `kms-xks-proxy` has it: the signed headers are those the request lists, with host (or :authority)
 * and x-amz-date among them; the Region is the key store's; the date is ours within five minutes. Every failure is a 401. Its message
 * says which check failed, for it reaches the people who set this up by way of the logs of KMS. Only the last check keeps to itself
 * whether it was the id or the secret: to the audit it says so, to a stranger it does not.
 */
export function verifySignature(call: SignedCall, audience: Audience, now: number): Verification {
  const header = authorizationOf(call.rawHeaders);
  if (!header.ok) return { accessKeyId: '', result: header };
  const { accessKeyId } = header.value;
  const covered = coveredBy(header.value, call.rawHeaders, audience, now);
  return { accessKeyId, result: covered.ok ? compare(call, audience, header.value, covered.value, now) : covered };
}

interface Covered {
  /** x-amz-date as sent */
  readonly time: string;
  readonly headers: (SignedHeaders & { readonly ok: true })['headers'];
}

function unauthenticated(reason: string, message: string): ReturnType<typeof refusal> {
  return refusal('AuthenticationFailedException', reason, message);
}

function authorizationOf(rawHeaders: readonly string[]): XksResult<Authorization> {
  const [header, ...more] = valuesOf(rawHeaders, 'authorization');
  if (header === undefined) return unauthenticated('unsigned', 'The request is not signed: it has no Authorization header.');
  const read = more.length === 0 ? readAuthorization(header) : null;
  if (read !== null) return { ok: true, value: read };
  return unauthenticated(
    'authorizationForm',
    'The Authorization header is not one of AWS Signature Version 4, or there are several.',
  );
}

/** Everything that has to be right before a signature is worth computing. */
function coveredBy(
  { scope, signedHeaders }: Authorization,
  rawHeaders: readonly string[],
  { region }: Audience,
  now: number,
): XksResult<Covered> {
  if (scope.service !== XKS_SERVICE)
    return unauthenticated('service', `Signed for the service ${scope.service}; an XKS proxy is called as ${XKS_SERVICE}.`);
  if (scope.region !== region)
    return unauthenticated('region', `Signed for the Region ${scope.region}; this key store takes calls from ${region}.`);
  if (!signedHeaders.includes('host') && !signedHeaders.includes(':authority'))
    return unauthenticated('hostNotSigned', 'The signature does not cover the host header.');
  if (!signedHeaders.includes('x-amz-date'))
    return unauthenticated('dateNotSigned', 'The signature does not cover the x-amz-date header.');
  const covered = signedHeadersOf(rawHeaders, signedHeaders);
  if (!covered.ok) return notOnce(covered.name, covered.problem);
  const time = covered.headers.find(([name]) => name === 'x-amz-date')?.[1] ?? '';
  const late = untimely(time, scope.date, now);
  return late ?? { ok: true, value: { time, headers: covered.headers } };
}

function notOnce(name: string, problem: 'missing' | 'twice'): XksResult<never> {
  return problem === 'missing'
    ? unauthenticated('headerMissing', `The signature covers the header ${name.slice(0, 64)}, which the request does not have.`)
    : unauthenticated(
        'headerTwice',
        `The signature covers the header ${name.slice(0, 64)}, which the request has more than once.`,
      );
}

function untimely(time: string, scopeDate: string, now: number): XksResult<never> | null {
  const at = amzTimeMs(time);
  if (at === null) return unauthenticated('dateForm', 'x-amz-date is not a time like 20240102T030405Z.');
  if (dayOf(time) !== scopeDate)
    return unauthenticated('dateScope', 'The day in the credential scope is not the day of x-amz-date.');
  const apartMs = now - at;
  if (Math.abs(apartMs) <= CLOCK_WINDOW_MS) return null;
  const seconds = Math.round(Math.abs(apartMs) / 1000);
  return unauthenticated(
    'clock',
    `The request is dated ${seconds} s ${apartMs > 0 ? 'before' : 'after'} this proxy's clock; 300 s are allowed. Check the clock of the proxy's host.`,
  );
}

function compare(
  call: SignedCall,
  audience: Audience,
  authorization: Authorization,
  covered: Covered,
  now: number,
): XksResult<null> {
  const { accessKeyId, scope } = authorization;
  const credential = audience.credentials.find(accessKeyId);
  const key = credential?.keyFor(scope) ?? NOBODYS_KEY;
  const request = { method: call.method, path: call.path, headers: covered.headers, bodySha256: TOOLS.sha256Hex(call.body) };
  const isRight = timingSafeEqual(
    signature(key, covered.time, scope, request, TOOLS),
    Buffer.from(authorization.signature, 'hex'),
  );
  if (credential !== undefined && isRight) {
    credential.used(now);
    return { ok: true, value: null };
  }
  return unauthenticated(
    credential === undefined ? 'unknownId' : 'signature',
    'The signature does not fit: the access key ID is not one of this key store, its secret is another one, or something on the way changed the host, the path or the body.',
  );
}

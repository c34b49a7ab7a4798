import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { headerValue, readAuthorization, signature, signingKey, type Authorization, type SignatureTools } from '../../xks/sigv4';
import { no, yes, type Answer } from './refusal';
import type { Addressed } from './request';

/** A request may be this much older or newer than the clock of KMS. */
const CLOCK_WINDOW_MS = 300_000;

const TOOLS: SignatureTools = {
  sha256Hex: (data) => createHash('sha256').update(data).digest('hex'),
  hmacSha256: (key, data) => createHmac('sha256', key).update(data).digest(),
};

export interface SignedCall {
  readonly method: string;
  readonly path: string;
  /** lower-case name -> value */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Whom one endpoint listens to. */
export interface Audience {
  readonly service: Addressed['service'];
  readonly region: string;
  /** the secret of an access key id, or null */
  readonly secretOf: (accessKeyId: string) => string | null;
  /** epoch ms that signatures are judged by: the real clock, not the one of the rehearsal, or its clients would seem late */
  readonly now: number;
}

const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

/**
 * Signature Version 4, judged as AWS does. Answers the access key id.
 * Errors: MissingAuthenticationTokenException, IncompleteSignatureException, UnrecognizedClientException, InvalidSignatureException.
 */
export function authenticate(call: SignedCall, audience: Audience): Answer<string> {
  const header = call.headers['authorization'];
  if (header === undefined) return no('MissingAuthenticationTokenException', 'Missing Authentication Token');
  const authorization = readAuthorization(header);
  if (!authorization) return incomplete(header);
  const secret = audience.secretOf(authorization.accessKeyId);
  if (secret === null) return no('UnrecognizedClientException', 'The security token included in the request is invalid.');
  const scoped = checkScope(authorization, audience);
  if (!scoped.ok) return scoped;
  const timely = checkTime(call.headers['x-amz-date'] ?? '', authorization, audience.now);
  if (!timely.ok) return timely;
  const isRight = timingSafeEqual(expected(call, authorization, secret), Buffer.from(authorization.signature, 'hex'));
  return isRight ? yes(authorization.accessKeyId) : no('InvalidSignatureException', MISMATCH);
}

function incomplete(header: string): Answer<never> {
  const missing = ['Credential', 'Signature', 'SignedHeaders'].filter((name) => !header.includes(`${name}=`));
  const text = missing.map((name) => `Authorization header requires '${name}' parameter.`).join(' ');
  return no('IncompleteSignatureException', text === '' ? 'The Authorization header is not one of Signature Version 4.' : text);
}

function checkScope({ scope }: Authorization, { service, region }: Audience): Answer<null> {
  if (scope.service !== service)
    return no('InvalidSignatureException', `Credential should be scoped to correct service: '${service}'. `);
  if (scope.region !== region)
    return no('InvalidSignatureException', `Credential should be scoped to a valid region, not '${scope.region}'. `);
  return yes(null);
}

function checkTime(time: string, { scope, signedHeaders }: Authorization, now: number): Answer<null> {
  const at = amzTimeMs(time);
  if (at === null || !signedHeaders.includes('x-amz-date') || !signedHeaders.includes('host'))
    return no(
      'IncompleteSignatureException',
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
    );
  if (time.slice(0, 8) !== scope.date)
    return no(
      'InvalidSignatureException',
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scope.date}' != '${time.slice(0, 8)}', from '${time}'.`,
    );
  if (now - at > CLOCK_WINDOW_MS)
    return no(
      'InvalidSignatureException',
      `Signature expired: ${time} is now earlier than ${amzTime(now - CLOCK_WINDOW_MS)} (${amzTime(now)} - 5 min.)`,
    );
  if (at - now > CLOCK_WINDOW_MS)
    return no(
      'InvalidSignatureException',
      `Signature not yet current: ${time} is still later than ${amzTime(now + CLOCK_WINDOW_MS)} (${amzTime(now)} + 5 min.)`,
    );
  return yes(null);
}

function expected({ method, path, headers, body }: SignedCall, authorization: Authorization, secret: string): Uint8Array {
  const covered = authorization.signedHeaders.map((name) => [name, headerValue(headers[name] ?? '')] as const);
  const request = { method, path, headers: covered, bodySha256: TOOLS.sha256Hex(body) };
  const key = signingKey(secret, authorization.scope, TOOLS);
  return signature(key, headers['x-amz-date'] ?? '', authorization.scope, request, TOOLS);
}

function amzTime(at: number): string {
  return new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, '');
}

/** Epoch ms of `YYYYMMDD'T'hhmmss'Z'`; null for anything else. */
function amzTimeMs(text: string): number | null {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  const at = Date.parse(`${year ?? ''}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute ?? ''}:${second ?? ''}Z`);
  return Number.isNaN(at) ? null : at;
}

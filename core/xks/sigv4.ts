/** The service in the credential scope, and the word that ends it. */
export const XKS_SERVICE = 'kms-xks-proxy';
const TERMINATOR = 'aws4_request';
const ALGORITHM = 'AWS4-HMAC-SHA256';

/** Functions a pure room does not have. Text is hashed as UTF-8. */
export interface SignatureTools {
  readonly sha256Hex: (data: Uint8Array | string) => string;
  readonly hmacSha256: (key: Uint8Array | string, data: string) => Uint8Array;
}

export interface Scope {
  /** `YYYYMMDD`, UTC */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

export interface SignedRequest {
  readonly method: string;
  /** as sent, from the first slash; XKS paths need no encoding */
  readonly path: string;
  /** lower-case name and value of each signed header, sorted by name; values trimmed, runs of blanks made one */
  readonly headers: readonly (readonly [string, string])[];
  /** SHA-256 of the raw body, lower-case hex */
  readonly bodySha256: string;
}

/** What an Authorization header says, checked for its form alone. */
export interface Authorization {
  readonly accessKeyId: string;
  readonly scope: Scope;
  readonly signedHeaders: readonly string[];
  /** 64 lower-case hex digits */
  readonly signature: string;
}

/** HTTP/2 has `:authority` in place of Host, and a caller may sign it under that name (specification, "HTTP/2"). */
const FORM =
  /^AWS4-HMAC-SHA256 +Credential=([^/,\s]{1,128})\/(\d{8})\/([a-z0-9-]{1,64})\/([a-z0-9-]{1,64})\/aws4_request, *SignedHeaders=(:?[a-z0-9_-]+(?:;[a-z0-9_-]+)*), *Signature=([0-9a-f]{64})$/;

/** Reads an Authorization header of Signature Version 4; null when it is none. The list of signed headers must be sorted and without doubles. */
export function readAuthorization(header: string): Authorization | null {
  const [, accessKeyId, date, region, service, list, signature] = FORM.exec(header) ?? [];
  if (!accessKeyId || !date || !region || !service || !list || !signature) return null;
  const signedHeaders = list.split(';');
  if (signedHeaders.some((name, i) => i > 0 && name <= (signedHeaders[i - 1] ?? ''))) return null;
  return { accessKeyId, scope: { date, region, service }, signedHeaders, signature };
}

/** A header value as it is signed. */
export function headerValue(raw: string): string {
  return raw.trim().replaceAll(/ {2,}/g, ' ');
}

/** The canonical request of an XKS call: these have no query. */
export function canonicalRequest({ method, path, headers, bodySha256 }: SignedRequest): string {
  const lines = headers.map(([name, value]) => `${name}:${value}\n`).join('');
  return `${method}\n${path}\n\n${lines}\n${headers.map(([name]) => name).join(';')}\n${bodySha256}`;
}

function scopeText({ date, region, service }: Scope): string {
  return `${date}/${region}/${service}/${TERMINATOR}`;
}

/** The key that signs for one day, Region and service. Costs four HMACs, so whoever verifies many requests keeps it for the day. */
export function signingKey(secret: string, { date, region, service }: Scope, { hmacSha256 }: SignatureTools): Uint8Array {
  const dateKey = hmacSha256(`AWS4${secret}`, date);
  return hmacSha256(hmacSha256(hmacSha256(dateKey, region), service), TERMINATOR);
}

/** The 32 bytes of the signature. `time` is x-amz-date: `YYYYMMDD'T'hhmmss'Z'`. */
export function signature(
  key: Uint8Array,
  time: string,
  scope: Scope,
  request: SignedRequest,
  { sha256Hex, hmacSha256 }: SignatureTools,
): Uint8Array {
  return hmacSha256(key, `${ALGORITHM}\n${time}\n${scopeText(scope)}\n${sha256Hex(canonicalRequest(request))}`);
}

/** The header value a caller sends. */
export function authorizationHeader(accessKeyId: string, scope: Scope, request: SignedRequest, signatureHex: string): string {
  const names = request.headers.map(([name]) => name).join(';');
  return `${ALGORITHM} Credential=${accessKeyId}/${scopeText(scope)}, SignedHeaders=${names}, Signature=${signatureHex}`;
}

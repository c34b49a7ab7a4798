import { createHash, createHmac } from 'node:crypto';
import {
  authorizationHeader,
  headerValue,
  signature,
  signingKey,
  XKS_SERVICE,
  type Scope,
  type SignatureTools,
  type SignedRequest,
} from '../xks/sigv4';

export interface Credential {
  readonly accessKeyId: string;
  /** never printed, never in an error */
  readonly secret: string;
}

/** What KMS signs with. Region: the one KMS calls from. */
export interface Signer {
  readonly credential: Credential;
  readonly region: string;
  /** `kms-xks-proxy`; something else only to see whether it is refused */
  readonly service?: string;
}

/** A request before its signature; header names in lower case. */
export interface Unsigned {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** KMS signs these two; curl signs content-type besides. */
export const KMS_SIGNS: readonly string[] = ['host', 'x-amz-date'];

const TOOLS: SignatureTools = {
  sha256Hex: (data) => createHash('sha256').update(data).digest('hex'),
  hmacSha256: (key, data) => createHmac('sha256', key).update(data).digest(),
};

const keys = new WeakMap<Signer, { readonly scope: string; readonly key: Uint8Array }>();

/** Derived once per signer and day: the latency run shall measure the proxy, not the caller's HMACs. */
function keyFor(signer: Signer, scope: Scope): Uint8Array {
  const held = keys.get(signer);
  const named = `${scope.date}/${scope.region}/${scope.service}`;
  if (held?.scope === named) return held.key;
  const key = signingKey(signer.credential.secret, scope, TOOLS);
  keys.set(signer, { scope: named, key });
  return key;
}

/** x-amz-date: `YYYYMMDD'T'hhmmss'Z'`. */
export function amzDate(at: Date): string {
  return at.toISOString().replaceAll(/[-:]|\.\d+/g, '');
}

export interface SigningOptions {
  readonly at: Date;
  readonly signedHeaders?: readonly string[];
  /** the day in the credential scope, `YYYYMMDD`; without it that of `at` */
  readonly scopeDate?: string;
}

/** The request's headers with x-amz-date and Authorization (Signature Version 4). */
export function signed(request: Unsigned, signer: Signer, options: SigningOptions): Readonly<Record<string, string>> {
  const time = amzDate(options.at);
  const headers: Record<string, string> = { ...request.headers, 'x-amz-date': time };
  const names = [...(options.signedHeaders ?? KMS_SIGNS)].sort();
  const scope: Scope = {
    date: options.scopeDate ?? time.slice(0, 8),
    region: signer.region,
    service: signer.service ?? XKS_SERVICE,
  };
  const toSign: SignedRequest = {
    method: request.method,
    path: request.path,
    headers: names.map((name) => [name, headerValue(headers[name] ?? '')] as const),
    bodySha256: TOOLS.sha256Hex(request.body),
  };
  const value = signature(keyFor(signer, scope), time, scope, toSign, TOOLS);
  const hex = Buffer.from(value).toString('hex');
  return { ...headers, authorization: authorizationHeader(signer.credential.accessKeyId, scope, toSign, hex) };
}

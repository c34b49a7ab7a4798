import { createHash, createHmac } from 'node:crypto';
import { authorizationHeader, headerValue, signature, signingKey, XKS_SERVICE, type SignatureTools } from '../../core/xks/sigv4';

export const TOOLS: SignatureTools = {
  sha256Hex: (data) => createHash('sha256').update(data).digest('hex'),
  hmacSha256: (key, data) => createHmac('sha256', key).update(data).digest(),
};

export const CREDENTIAL = {
  accessKeyId: 'BETWEEN2TENAND3TENCHARACTERS',
  secret: 'PleaseReplaceThisWithSomeSecretOfLength43To64',
  since: null,
} as const;

export const REGION = 'us-east-1';

export const METADATA = {
  awsPrincipalArn: 'arn:aws:iam::123456789012:user/Alice',
  kmsKeyArn: 'arn:aws:kms:us-east-2:123456789012:/key/1234abcd-12ab-34cd-56ef-1234567890ab',
  kmsOperation: 'Encrypt',
  kmsRequestId: '4112f4d6-db54-4af4-ae30-c55a22a8dfae',
  kmsViaService: 'ebs',
};

/** How a request is signed, and what about it is wrong. */
export interface Signing {
  readonly accessKeyId?: string;
  readonly secret?: string;
  readonly region?: string;
  readonly service?: string;
  /** epoch ms */
  readonly at?: number;
  /** `YYYYMMDD` in the scope */
  readonly scopeDate?: string;
  readonly signedHeaders?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
}

export function amzTime(at: number): string {
  return new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, '');
}

/** The headers of a signed request, `host` among them. */
export function signedHeaders(
  host: string,
  path: string,
  body: Uint8Array | string,
  signing: Signing = {},
): Record<string, string> {
  const time = amzTime(signing.at ?? Date.now());
  const scope = {
    date: signing.scopeDate ?? time.slice(0, 8),
    region: signing.region ?? REGION,
    service: signing.service ?? XKS_SERVICE,
  };
  const headers: Record<string, string> = { host, 'x-amz-date': time, ...signing.headers };
  const names = [...(signing.signedHeaders ?? ['host', 'x-amz-date'])].sort();
  const request = {
    method: signing.method ?? 'POST',
    path,
    headers: names.map((name): [string, string] => [name, headerValue(headers[name] ?? '')]),
    bodySha256: TOOLS.sha256Hex(body),
  };
  const key = signingKey(signing.secret ?? CREDENTIAL.secret, scope, TOOLS);
  const hex = Buffer.from(signature(key, time, scope, request, TOOLS)).toString('hex');
  const authorization = authorizationHeader(signing.accessKeyId ?? CREDENTIAL.accessKeyId, scope, request, hex);
  return { ...headers, authorization };
}

export function encryptBody(
  plaintext: Uint8Array | string,
  more: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return {
    requestMetadata: METADATA,
    plaintext: Buffer.from(plaintext).toString('base64'),
    encryptionAlgorithm: 'AES_GCM',
    ...more,
  };
}

/** The request that undoes an answer of Encrypt. */
export function decryptBody(
  sealed: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const { ciphertext, initializationVector, authenticationTag, ciphertextMetadata } = sealed;
  return {
    requestMetadata: { ...METADATA, kmsOperation: 'Decrypt' },
    encryptionAlgorithm: 'AES_GCM',
    ciphertext,
    initializationVector,
    authenticationTag,
    ...(ciphertextMetadata === undefined ? {} : { ciphertextMetadata }),
    ...more,
  };
}

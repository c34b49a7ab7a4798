import { randomUUID } from 'node:crypto';

/** Who the calls are said to come from: what a proxy's own policy looks at. */
export interface OnBehalfOf {
  readonly awsPrincipalArn: string;
  readonly kmsKeyArn: string;
}

/** AWS's example account: no real caller or key is named. */
export function exampleCaller(region: string): OnBehalfOf {
  const account = '111122223333';
  return {
    awsPrincipalArn: `arn:aws:iam::${account}:user/keyrite-proxy-test`,
    kmsKeyArn: `arn:aws:kms:${region}:${account}:key/00000000-0000-4000-8000-000000000000`,
  };
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

export type Members = Readonly<Record<string, unknown>>;

/** Bodies as KMS makes them (specification, request syntax). A member given as undefined is left out. */
export function healthBody(kmsOperation = 'KmsHealthCheck', more: Members = {}): Members {
  return { requestMetadata: { kmsRequestId: randomUUID(), kmsOperation, ...more } };
}

export function metadataBody({ awsPrincipalArn }: OnBehalfOf, more: Members = {}): Members {
  return { requestMetadata: { awsPrincipalArn, kmsOperation: 'CreateKey', kmsRequestId: randomUUID(), ...more } };
}

function cryptoMetadata(who: OnBehalfOf, kmsOperation: string, more: Members): Members {
  return { awsPrincipalArn: who.awsPrincipalArn, kmsKeyArn: who.kmsKeyArn, kmsOperation, kmsRequestId: randomUUID(), ...more };
}

/** What is to be encrypted, and with what. */
export interface Plain {
  readonly plaintext: Uint8Array;
  /** null: the member is absent */
  readonly aad: Uint8Array | null;
  readonly wantsIntegrity: boolean;
}

export function encryptBody(who: OnBehalfOf, { plaintext, aad, wantsIntegrity }: Plain, more: Members = {}): Members {
  return {
    requestMetadata: cryptoMetadata(who, 'GenerateDataKey', more),
    plaintext: base64(plaintext),
    encryptionAlgorithm: 'AES_GCM',
    ...(aad && { additionalAuthenticatedData: base64(aad) }),
    ...(wantsIntegrity && { ciphertextDataIntegrityValueAlgorithm: 'SHA_256' }),
  };
}

/** What Encrypt answered and KMS keeps, as raw bytes. */
export interface Sealed {
  readonly aad: Uint8Array | null;
  readonly ciphertext: Uint8Array;
  readonly iv: Uint8Array;
  readonly tag: Uint8Array;
  readonly metadata: Uint8Array | null;
}

export function decryptBody(who: OnBehalfOf, { aad, ciphertext, iv, tag, metadata }: Sealed, more: Members = {}): Members {
  return {
    requestMetadata: cryptoMetadata(who, 'Decrypt', more),
    ciphertext: base64(ciphertext),
    encryptionAlgorithm: 'AES_GCM',
    initializationVector: base64(iv),
    authenticationTag: base64(tag),
    ...(aad && { additionalAuthenticatedData: base64(aad) }),
    ...(metadata && { ciphertextMetadata: base64(metadata) }),
  };
}

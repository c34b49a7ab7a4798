import { z } from 'zod';

/** Bytes of a GCM tag, and the lengths an IV can have (specification, "Encrypt"). */
export const TAG_BYTES = 16;
export const IV_BYTES: readonly number[] = [12, 16];

/** What every proxy has to take at least, in bytes. */
export const LEAST_PLAINTEXT_BYTES = 4300;
export const LEAST_AAD_BYTES = 8192;

/** ARNs go up to 2,048 characters; their shape is not ours to judge, and unknown members are not an error (specification, 1.3). */
const text = z.string().max(2048);

const whoAsks = {
  kmsOperation: text.min(1),
  kmsRequestId: text.min(1),
};

export const healthMetadata = z.looseObject(whoAsks);

export const keyMetadata = z.looseObject({
  ...whoAsks,
  awsPrincipalArn: text.min(1),
  awsSourceVpc: text.optional(),
  awsSourceVpce: text.optional(),
  kmsKeyArn: text.optional(),
  kmsViaService: text.optional(),
});

export const cryptoMetadata = keyMetadata.extend({ kmsKeyArn: text.min(1) });

export type RequestMetadata = z.infer<typeof keyMetadata>;

const base64 = z.string();

export const healthRequest = z.looseObject({ requestMetadata: healthMetadata });

export const keyMetadataRequest = z.looseObject({ requestMetadata: keyMetadata });

export const encryptRequest = z.looseObject({
  requestMetadata: cryptoMetadata,
  plaintext: base64,
  encryptionAlgorithm: z.literal('AES_GCM'),
  additionalAuthenticatedData: base64.optional(),
  ciphertextDataIntegrityValueAlgorithm: z.literal('SHA_256').optional(),
});

export const decryptRequest = z.looseObject({
  requestMetadata: cryptoMetadata,
  ciphertext: base64,
  encryptionAlgorithm: z.literal('AES_GCM'),
  initializationVector: base64,
  authenticationTag: base64,
  additionalAuthenticatedData: base64.optional(),
  ciphertextMetadata: base64.optional(),
});

export interface KeyMetadataAnswer {
  readonly keySpec: string;
  readonly keyUsage: readonly string[];
  readonly keyStatus: 'ENABLED' | 'DISABLED';
}

export interface EncryptAnswer {
  readonly ciphertext: string;
  readonly initializationVector: string;
  readonly authenticationTag: string;
  readonly ciphertextMetadata?: string;
  readonly ciphertextDataIntegrityValue?: string;
}

export interface DecryptAnswer {
  readonly plaintext: string;
}

export type HealthState = 'ACTIVE' | 'DEGRADED' | 'UNAVAILABLE';

export interface HealthAnswer {
  /** above 0 */
  readonly xksProxyFleetSize: number;
  readonly xksProxyVendor: string;
  readonly xksProxyModel: string;
  readonly ekmVendor: string;
  /** 1 to 10 entries */
  readonly ekmFleetDetails: readonly { readonly id: string; readonly model: string; readonly healthStatus: HealthState }[];
}

export interface ErrorAnswer {
  readonly errorName: string;
  readonly errorMessage?: string;
}

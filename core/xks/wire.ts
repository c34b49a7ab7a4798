import { z } from 'zod';

/** Bytes of a GCM tag, and the lengths an IV can have (specification, "Encrypt"). */
export const TAG_BYTES = 16;
export const IV_BYTES: readonly number[] = [12, 16];

/** What every proxy has to take at least, in bytes. */
export const LEAST_PLAINTEXT_BYTES = 4300;
export const LEAST_AAD_BYTES = 8192;

/** ARNs go up to 2,048 characters; their shape is not ours to judge. */
const text = z.string().max(2048);

/** A member that may be missing. The AWS sample proxy takes null for that, so somebody may have come to send it. */
const maybe = <T extends z.ZodType>(schema: T): z.ZodOptional<z.ZodNullable<T>> => schema.nullish();

const whoAsks = {
  kmsOperation: text.min(1),
  kmsRequestId: text.min(1),
};

// Members nobody knows yet are no error, and are left behind here: copied along, one named `__proto__` would come to life.
export const healthMetadata = z.object(whoAsks);

export const keyMetadata = z.object({
  ...whoAsks,
  awsPrincipalArn: text.min(1),
  awsSourceVpc: maybe(text),
  awsSourceVpce: maybe(text),
  kmsKeyArn: maybe(text),
  kmsViaService: maybe(text),
});

export const cryptoMetadata = keyMetadata.extend({ kmsKeyArn: text.min(1) });

export type RequestMetadata = z.infer<typeof keyMetadata>;

const base64 = z.string();

export const healthRequest = z.object({ requestMetadata: healthMetadata });

export const keyMetadataRequest = z.object({ requestMetadata: keyMetadata });

export const encryptRequest = z.object({
  requestMetadata: cryptoMetadata,
  plaintext: base64,
  encryptionAlgorithm: z.literal('AES_GCM'),
  additionalAuthenticatedData: maybe(base64),
  ciphertextDataIntegrityValueAlgorithm: maybe(z.literal('SHA_256')),
});

export const decryptRequest = z.object({
  requestMetadata: cryptoMetadata,
  ciphertext: base64,
  encryptionAlgorithm: z.literal('AES_GCM'),
  initializationVector: base64,
  authenticationTag: base64,
  additionalAuthenticatedData: maybe(base64),
  ciphertextMetadata: maybe(base64),
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

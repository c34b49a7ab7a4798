/** Wrapping algorithms of GetParametersForImport that Keyrite offers. RSAES_PKCS1_V1_5 has been refused by KMS since 2023-10-10; SM2PKE exists in China Regions only. */
export const WRAPPING_ALGORITHMS = [
  'RSAES_OAEP_SHA_256',
  'RSAES_OAEP_SHA_1',
  'RSA_AES_KEY_WRAP_SHA_256',
  'RSA_AES_KEY_WRAP_SHA_1',
] as const;

export type WrappingAlgorithm = (typeof WRAPPING_ALGORITHMS)[number];

export const WRAPPING_KEY_SPECS = ['RSA_2048', 'RSA_3072', 'RSA_4096'] as const;

export type WrappingKeySpec = (typeof WRAPPING_KEY_SPECS)[number];

/** How key material is wrapped on its way to KMS: the two choices that GetParametersForImport fixes. */
export interface Wrapping {
  readonly algorithm: WrappingAlgorithm;
  readonly wrappingKeySpec: WrappingKeySpec;
}

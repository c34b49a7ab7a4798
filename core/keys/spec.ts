/** The keys Keyrite can make, by the names AWS KMS gives their specs (KMS API Reference, `KeySpec`). */
export const KEY_SPECS = [
  'AES_256',
  'HMAC_224',
  'HMAC_256',
  'HMAC_384',
  'HMAC_512',
  'RSA_2048',
  'RSA_3072',
  'RSA_4096',
  'ECC_NIST_P256',
  'ECC_NIST_P384',
  'ECC_NIST_P521',
] as const;

export type KeySpec = (typeof KEY_SPECS)[number];

/** What the key is for: it decides attribute policy and negative tests. */
export const PURPOSES = ['xks', 'byok', 'resident'] as const;

export type Purpose = (typeof PURPOSES)[number];

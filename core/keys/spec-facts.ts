import type { KeySpec } from './spec';

export type KeyFamily = 'aes' | 'hmac' | 'rsa' | 'ec';

/** What PKCS#11 has to be told, and must answer, for a key of one spec. Mechanism and key type by their PKCS#11 names. */
export interface SpecFacts {
  readonly family: KeyFamily;
  /** CKK_* */
  readonly keyType: string;
  /** Size as mechanism limits and people count it: key bits, RSA modulus bits, curve bits. */
  readonly bits: number;
  /** The generating mechanism: C_GenerateKey for a secret, C_GenerateKeyPair for a pair. */
  readonly generatedBy: string;
  /** CKA_VALUE_LEN in bytes; null for pairs. */
  readonly valueBytes: number | null;
  /** CKA_EC_PARAMS: the DER of the curve's OID, as hex; null where there is no curve. */
  readonly curve: { readonly name: string; readonly oidDer: string } | null;
}

function aes(bits: number): SpecFacts {
  return { family: 'aes', keyType: 'CKK_AES', bits, generatedBy: 'CKM_AES_KEY_GEN', valueBytes: bits / 8, curve: null };
}

function hmac(bits: number): SpecFacts {
  return {
    family: 'hmac',
    keyType: 'CKK_GENERIC_SECRET',
    bits,
    generatedBy: 'CKM_GENERIC_SECRET_KEY_GEN',
    valueBytes: bits / 8,
    curve: null,
  };
}

function rsa(bits: number): SpecFacts {
  return { family: 'rsa', keyType: 'CKK_RSA', bits, generatedBy: 'CKM_RSA_PKCS_KEY_PAIR_GEN', valueBytes: null, curve: null };
}

function ec(bits: number, name: string, oidDer: string): SpecFacts {
  return { family: 'ec', keyType: 'CKK_EC', bits, generatedBy: 'CKM_EC_KEY_PAIR_GEN', valueBytes: null, curve: { name, oidDer } };
}

/**
 * The one table of key specs. HMAC sizes are the exact lengths AWS KMS imports (28, 32, 48, 64 bytes); Curve OIDs: RFC 5480, 2.1.1.1.
 */
export const SPEC_FACTS: Readonly<Record<KeySpec, SpecFacts>> = {
  AES_256: aes(256),
  HMAC_224: hmac(224),
  HMAC_256: hmac(256),
  HMAC_384: hmac(384),
  HMAC_512: hmac(512),
  RSA_2048: rsa(2048),
  RSA_3072: rsa(3072),
  RSA_4096: rsa(4096),
  ECC_NIST_P256: ec(256, 'P-256', '06082a8648ce3d030107'),
  ECC_NIST_P384: ec(384, 'P-384', '06052b81040022'),
  ECC_NIST_P521: ec(521, 'P-521', '06052b81040023'),
};

/** Is a key of this spec a pair of two objects? */
export function isPair(keySpec: KeySpec): boolean {
  return SPEC_FACTS[keySpec].valueBytes === null;
}

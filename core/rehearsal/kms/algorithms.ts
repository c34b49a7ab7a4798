import type { ImportableSpec, KeyUsage } from '../../keys/kms-spec';

const RSA_SIGNING = [
  'RSASSA_PKCS1_V1_5_SHA_256',
  'RSASSA_PKCS1_V1_5_SHA_384',
  'RSASSA_PKCS1_V1_5_SHA_512',
  'RSASSA_PSS_SHA_256',
  'RSASSA_PSS_SHA_384',
  'RSASSA_PSS_SHA_512',
] as const;

export const SIGNING_ALGORITHMS = [...RSA_SIGNING, 'ECDSA_SHA_256', 'ECDSA_SHA_384', 'ECDSA_SHA_512'] as const;
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number];

export const MAC_ALGORITHMS = ['HMAC_SHA_224', 'HMAC_SHA_256', 'HMAC_SHA_384', 'HMAC_SHA_512'] as const;

const EC_SIGNING: Readonly<Partial<Record<ImportableSpec, SigningAlgorithm>>> = {
  ECC_NIST_P256: 'ECDSA_SHA_256',
  ECC_NIST_P384: 'ECDSA_SHA_384',
  ECC_NIST_P521: 'ECDSA_SHA_512',
  ECC_SECG_P256K1: 'ECDSA_SHA_256',
};

/** What a key can be asked for, under the names KeyMetadata and GetPublicKey have. */
export interface KeyAlgorithms {
  readonly EncryptionAlgorithms?: readonly string[];
  readonly SigningAlgorithms?: readonly string[];
  readonly MacAlgorithms?: readonly string[];
  readonly KeyAgreementAlgorithms?: readonly string[];
}

export function algorithmsOf(spec: ImportableSpec, usage: KeyUsage): KeyAlgorithms {
  switch (usage) {
    case 'ENCRYPT_DECRYPT':
      return { EncryptionAlgorithms: spec === 'SYMMETRIC_DEFAULT' ? [spec] : ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'] };
    case 'SIGN_VERIFY':
      return { SigningAlgorithms: spec.startsWith('RSA_') ? RSA_SIGNING : [EC_SIGNING[spec] ?? 'ECDSA_SHA_256'] };
    case 'GENERATE_VERIFY_MAC':
      return { MacAlgorithms: [spec.replace('HMAC_', 'HMAC_SHA_')] };
    case 'KEY_AGREEMENT':
      return { KeyAgreementAlgorithms: ['ECDH'] };
  }
}

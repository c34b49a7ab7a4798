import type { KeySpec } from './spec';

/** Key specs of KMS keys whose material can be imported, by KMS's names (CreateKey, `KeySpec`, with Origin EXTERNAL). */
export const IMPORTABLE_SPECS = [
  'SYMMETRIC_DEFAULT',
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
  'ECC_SECG_P256K1',
] as const;

export type ImportableSpec = (typeof IMPORTABLE_SPECS)[number];

export const KEY_USAGES = ['ENCRYPT_DECRYPT', 'SIGN_VERIFY', 'GENERATE_VERIFY_MAC', 'KEY_AGREEMENT'] as const;

export type KeyUsage = (typeof KEY_USAGES)[number];

/** The usages KMS takes for a spec, the usual one first (CreateKey, `KeyUsage`). */
export function usagesOf(spec: ImportableSpec): readonly KeyUsage[] {
  if (spec === 'SYMMETRIC_DEFAULT') return ['ENCRYPT_DECRYPT'];
  if (spec.startsWith('HMAC_')) return ['GENERATE_VERIFY_MAC'];
  if (spec.startsWith('RSA_')) return ['SIGN_VERIFY', 'ENCRYPT_DECRYPT'];
  return spec === 'ECC_SECG_P256K1' ? ['SIGN_VERIFY'] : ['SIGN_VERIFY', 'KEY_AGREEMENT'];
}

/** What KMS calls a key that Keyrite made in an HSM. */
export function kmsSpecOf(spec: KeySpec): ImportableSpec {
  return spec === 'AES_256' ? 'SYMMETRIC_DEFAULT' : spec;
}

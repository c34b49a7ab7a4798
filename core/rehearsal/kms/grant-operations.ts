import type { ImportableSpec, KeyUsage } from '../../keys/kms-spec';

export const GRANT_OPERATIONS = [
  'Decrypt',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'ReEncryptFrom',
  'ReEncryptTo',
  'Sign',
  'Verify',
  'GetPublicKey',
  'CreateGrant',
  'RetireGrant',
  'DescribeKey',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
  'GenerateMac',
  'VerifyMac',
  'DeriveSharedSecret',
] as const;

export type GrantOperation = (typeof GRANT_OPERATIONS)[number];

const OF_USAGE: Readonly<Record<KeyUsage, readonly GrantOperation[]>> = {
  ENCRYPT_DECRYPT: ['Decrypt', 'Encrypt', 'ReEncryptFrom', 'ReEncryptTo'],
  SIGN_VERIFY: ['Sign', 'Verify'],
  GENERATE_VERIFY_MAC: ['GenerateMac', 'VerifyMac'],
  KEY_AGREEMENT: ['DeriveSharedSecret'],
};

/** Can such a key do what the grant would allow? (CreateGrant: ValidationException where it cannot) */
export function isGrantable(operation: GrantOperation, usage: KeyUsage, spec: ImportableSpec): boolean {
  if (operation === 'CreateGrant' || operation === 'RetireGrant' || operation === 'DescribeKey') return true;
  if (operation === 'GetPublicKey') return spec.startsWith('RSA_') || spec.startsWith('ECC_');
  if (operation.startsWith('GenerateDataKey')) return spec === 'SYMMETRIC_DEFAULT';
  return OF_USAGE[usage].includes(operation);
}

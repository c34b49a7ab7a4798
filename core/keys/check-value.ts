import type { KeySpec, Purpose } from './spec';
import { SPEC_FACTS } from './spec-facts';

/**
 * How a check value is made. A value is never shown without its method: two people comparing values made by different methods is the
 * commonest false alarm of a key ceremony. All are 3 bytes (a guard against mix-ups, no authentication) except `SPKI-SHA256`.
 */
export const CHECK_VALUE_METHODS = {
  /** AES-CMAC over 16 zero bytes, first 3 bytes (ANSI X9.24-1 for AES keys). */
  CMAC: 'AES-CMAC of 16 zero bytes, first 3 bytes',
  /**
   * The first 3 bytes of the tag of AES-GCM over a fixed public plaintext with a 96-bit zero IV and no additional data.
   * Not the PKCS#11 value (first 3 bytes of E_K(0^16)): for a key used in GCM those are 3 bytes of the GHASH subkey H, which
   * authenticates every message under the key. Of this computation only 3 tag bytes leave the token child: they are masked by
   * E_K(0^96 || 1), which no other computation gives away as long as working IVs are random 96-bit values (one of 2^96 is zero).
   * A key whose IVs are counted up from zero must not be given this check value.
   */
  'GCM-TAG': 'AES-GCM tag of "keyrite-kcv-gcm1" under a zero IV, first 3 bytes',
  /** CKA_CHECK_VALUE of a generic secret: first 3 bytes of SHA-1 of the key. Fine for random keys, never for passwords (PKCS#11 2.40, 4.9.2). */
  'P11-generic': 'CKA_CHECK_VALUE: SHA-1 of the key, first 3 bytes',
  /** For tokens that give no CKA_CHECK_VALUE for generic secrets: the key's own HMAC over 16 zero bytes, first 3 bytes. */
  'HMAC-ZERO': 'HMAC of 16 zero bytes with the key’s own hash, first 3 bytes',
  /** CKA_CHECK_VALUE of an AES key: first 3 bytes of E_K(0^16). Only where the token accepts no IV of ours; leaks 3 bytes of H. */
  P11: 'CKA_CHECK_VALUE: AES-ECB of 16 zero bytes, first 3 bytes',
  'SPKI-SHA256': 'SHA-256 of the SubjectPublicKeyInfo',
} as const;

export type CheckValueMethod = keyof typeof CHECK_VALUE_METHODS;

/** The public plaintext of `GCM-TAG`: 16 ASCII bytes. */
export const GCM_TAG_PLAINTEXT = 'keyrite-kcv-gcm1';

/** The method for a key that the token lets us use fully. */
export function checkValueMethod(purpose: Purpose, keySpec: KeySpec): CheckValueMethod {
  switch (SPEC_FACTS[keySpec].family) {
    case 'aes':
      return purpose === 'byok' ? 'CMAC' : 'GCM-TAG';
    case 'hmac':
      return 'P11-generic';
    case 'rsa':
    case 'ec':
      return 'SPKI-SHA256';
  }
}

/** The first 3 bytes as people compare them: six upper-case hex digits. */
export function shortCheckValue(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, 3), (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
}

import { scopeOf } from '../../core/pkcs11/data-scope';
import type { XksErrorName, XksFailure } from '../../core/xks/errors';

/** What an order does with the token, as far as it changes what an error means. */
export type Act = 'encrypt' | 'decrypt' | 'other';

/** The key cannot do it, whatever is tried. */
const USAGE: ReadonlySet<string> = new Set(['CKR_KEY_FUNCTION_NOT_PERMITTED', 'CKR_KEY_TYPE_INCONSISTENT', 'CKR_KEY_SIZE_RANGE']);

/** Said by C_Decrypt of a ciphertext that does not fit its tag, IV or additional data. */
const BAD_CIPHERTEXT: ReadonlySet<string> = new Set([
  'CKR_ENCRYPTED_DATA_INVALID',
  'CKR_ENCRYPTED_DATA_LEN_RANGE',
  'CKR_AEAD_DECRYPT_FAILED',
  'CKR_DATA_INVALID',
  'CKR_DATA_LEN_RANGE',
  'CKR_SIGNATURE_INVALID',
]);

/** SoftHSM and nShield say these to a bad ciphertext, and others when they are sick: believed only of a token that was just proven. */
const PERHAPS_BAD_CIPHERTEXT: ReadonlySet<string> = new Set(['CKR_GENERAL_ERROR', 'CKR_FUNCTION_FAILED']);

export function isBadCiphertext(ckr: string): boolean {
  return BAD_CIPHERTEXT.has(ckr);
}

function nameFor(ckr: string, act: Act): XksErrorName {
  if (act === 'other') return 'InternalException';
  if (USAGE.has(ckr)) return 'InvalidKeyUsageException';
  if (act === 'decrypt' && (BAD_CIPHERTEXT.has(ckr) || PERHAPS_BAD_CIPHERTEXT.has(ckr))) return 'InvalidCiphertextException';
  if (act === 'encrypt' && ckr === 'CKR_DATA_LEN_RANGE') return 'UnsupportedOperationException';
  return 'InternalException';
}

const SENTENCE: Readonly<Partial<Record<XksErrorName, string>>> = {
  InvalidKeyUsageException: 'The key on the token must not do this.',
  InvalidCiphertextException: 'The ciphertext does not fit its tag, IV, metadata or additional authenticated data.',
  UnsupportedOperationException: 'The HSM does not take data of this length.',
};

/** What the client hears where the token is well, or `isSick`: then nothing is blamed on what the client sent. */
export function verdictOf(ckr: string, act: Act, isSick: boolean): XksFailure {
  const name = isSick ? 'InternalException' : nameFor(ckr, act);
  return { name, reason: ckr, message: `${SENTENCE[name] ?? 'The HSM failed.'} It answered ${ckr}.` };
}

/** Must the token be proven before anything is said? */
export function isUnclear(ckr: string): boolean {
  return scopeOf(ckr) === 'unclear';
}

import type { Sha256Of } from './aad';

/** The parts of an Encrypt answer that its integrity value covers, as raw bytes; absent ones are empty. */
export interface CdivParts {
  readonly aad: Uint8Array;
  readonly metadata: Uint8Array;
  readonly iv: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly tag: Uint8Array;
}

/**
 * The ciphertextDataIntegrityValue: SHA-256 over AAD || metadata || IV || ciphertext || tag, without lengths. To be computed before
 * the decryption that verifies the answer: after it, a bit that flipped in between would be covered instead of found.
 */
export function cdiv({ aad, metadata, iv, ciphertext, tag }: CdivParts, sha256: Sha256Of): Uint8Array {
  return sha256(aad, metadata, iv, ciphertext, tag);
}

import { GENERATION_BYTES } from '../xks/ciphertext-metadata';
import { sha256Bytes } from './sha256';

/** What names the generation of a key in ciphertexts and audit log: the first 8 bytes of SHA-256 over its CKA_ID (hex), hex. */
export function generationOf(ckaId: string): string {
  return sha256Bytes(Buffer.from(ckaId, 'hex')).slice(0, 2 * GENERATION_BYTES);
}

import { createHash } from 'node:crypto';
import { GENERATION_BYTES } from './ciphertext-metadata';

/** What names the generation of a key in ciphertexts and audit log: the first 8 bytes of SHA-256 over its CKA_ID (hex), hex. */
export function generationOf(ckaId: string): string {
  const digest = createHash('sha256').update(Buffer.from(ckaId, 'hex')).digest();
  return digest.subarray(0, GENERATION_BYTES).toString('hex');
}

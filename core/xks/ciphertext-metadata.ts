import { joinBytes, sameBytes } from './bytes';

/** KMS refuses longer metadata. */
export const METADATA_BYTES_LIMIT = 20;

/** Bytes that name the generation of a key: the first 8 of SHA-256 over its CKA_ID. */
export const GENERATION_BYTES = 8;

/** "KR", then the version of this format. Version 1 means: framing of the specification, then the generation. */
const MARK = Uint8Array.of(0x4b, 0x52, 0x01);

/** The metadata every ciphertext of ours carries, 11 bytes: the mark, then the generation of the key that encrypted. */
export function ciphertextMetadata(generation: Uint8Array): Uint8Array {
  if (generation.length !== GENERATION_BYTES) throw new RangeError('A generation is named by 8 bytes.');
  return joinBytes(MARK, generation);
}

/** The generation that metadata of ours names; null for metadata that is not ours, or of a version not known here. */
export function generationIn(metadata: Uint8Array): Uint8Array | null {
  const isOurs = metadata.length === MARK.length + GENERATION_BYTES && sameBytes(metadata.subarray(0, MARK.length), MARK);
  return isOurs ? metadata.subarray(MARK.length) : null;
}

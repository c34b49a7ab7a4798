import { joinBytes } from './bytes';

/** The two ways a proxy turns a request's AAD into the AAD of AES-GCM. Ciphertexts of one do not decrypt under the other. */
export type Framing = 'spec' | 'sample';

/** SHA-256 over bytes, handed in: this room is pure. */
export type Sha256Of = (...parts: readonly Uint8Array[]) => Uint8Array;

/** What the two bytes of its length can say. */
export const LONGEST_AAD_BYTES = 0xffff;

function framed(declaredLength: number, aad: Uint8Array, metadata: Uint8Array): Uint8Array {
  const length = Uint8Array.of(declaredLength >> 8, declaredLength & 0xff);
  return joinBytes(length, aad, Uint8Array.of(metadata.length), metadata);
}

/**
 * The AAD for the HSM: u16be(length of AAD) || AAD || u8(length of metadata) || metadata, absent parts with length 0
 * (specification, "Encrypt", additional authenticated data). The lengths keep metadata from being replayed as AAD.
 * `sample`: as the AWS sample proxy 3.1.2 does it, with SHA-256(AAD) in place of an AAD that is present, under the AAD's own length.
 * @param aad at most 65,535 bytes; null: the member was absent
 * @param metadata at most 20 bytes, empty where there is none
 * @throws RangeError beyond those lengths
 */
export function hsmAad(framing: Framing, aad: Uint8Array | null, metadata: Uint8Array, sha256: Sha256Of): Uint8Array {
  const length = aad?.length ?? 0;
  if (length > LONGEST_AAD_BYTES || metadata.length > 0xff)
    throw new RangeError('The AAD or the metadata is too long to be framed.');
  if (aad === null) return framed(0, new Uint8Array(), metadata);
  return framed(length, framing === 'sample' ? sha256(aad) : aad, metadata);
}

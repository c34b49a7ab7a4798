/** SHA-256 of bytes, as 64 lower-case hex digits. Handed in; pure rooms have no hash of their own. */
export type Sha256Bytes = (bytes: Uint8Array) => string;

/**
 * The id of an officer: the first 16 hex digits of SHA-256 over the raw 32-byte Ed25519 public key. The id follows from the
 * key, so nobody can put another key under a known id.
 */
export function officerId(publicKey: Uint8Array, sha256: Sha256Bytes): string {
  if (publicKey.length !== 32) throw new RangeError('An Ed25519 public key has 32 bytes.');
  return sha256(publicKey).slice(0, 16);
}

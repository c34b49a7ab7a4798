/**
 * The Ed25519 points of small order, by their y coordinate (the sign bit cleared), as hex; the last three are encodings of 0, 1 and
 * -1 that are not reduced. For such a "public key" a signature can be made without any private key (RFC 8032, 8.8 and the
 * literature on strict verification), so none may sit in a seat.
 */
const SMALL_ORDER = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]);

/** Is this raw 32-byte Ed25519 public key one that anybody can sign for? */
export function isSmallOrder(publicKey: Uint8Array): boolean {
  const bytes = Array.from(publicKey, (byte, i) => (i === 31 ? byte & 0x7f : byte));
  return SMALL_ORDER.has(bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(''));
}

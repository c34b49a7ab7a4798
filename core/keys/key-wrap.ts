/**
 * AES with one key, block by block: 16 bytes in, a new array of 16 bytes out, which the caller may overwrite. Handed in, because this
 * room has no cryptography of its own, and because Electron's library knows neither of these wraps.
 */
export interface AesBlocks {
  encrypt(block: Uint8Array): Uint8Array;
  decrypt(block: Uint8Array): Uint8Array;
}

/** Initial value of RFC 3394, 2.2.3.1. */
const PLAIN_IV = Uint8Array.of(0xa6, 0xa6, 0xa6, 0xa6, 0xa6, 0xa6, 0xa6, 0xa6);
/** First half of the alternative initial value of RFC 5649, 3; the length of the key follows it. */
const PADDED_IV = Uint8Array.of(0xa6, 0x59, 0x59, 0xa6);

/**
 * Memory for clear key bytes. With a buffer of its own an array lies outside of the JavaScript heap; a short one made by its length
 * alone lies in it, where the garbage collector leaves copies behind as it moves things.
 */
function room(bytes: number): Uint8Array {
  return new Uint8Array(new ArrayBuffer(bytes));
}

/** A copy, whatever kind of array it was: `slice` of a Node Buffer is a view. */
function copy(bytes: Uint8Array): Uint8Array {
  const copied = room(bytes.length);
  copied.set(bytes);
  return copied;
}

function aligned(bytes: number): number {
  return 8 * Math.ceil(bytes / 8);
}

/** XORs the step counter into the first half of a block, as a 64-bit big-endian number. */
function countInto(block: Uint8Array, step: number): void {
  const view = new DataView(block.buffer, block.byteOffset, 8);
  view.setUint32(4, view.getUint32(4) ^ (step >>> 0));
  view.setUint32(0, view.getUint32(0) ^ Math.floor(step / 2 ** 32));
}

/** The 6 n steps of RFC 3394, 2.2.1, over `bytes` in place: 8 bytes of initial value, then the key. */
function wrapInPlace(aes: AesBlocks, bytes: Uint8Array): void {
  const count = bytes.length / 8 - 1;
  const block = room(16);
  block.set(bytes.subarray(0, 8));
  for (let step = 1; step <= 6 * count; step++) {
    const at = 8 * (((step - 1) % count) + 1);
    block.set(bytes.subarray(at, at + 8), 8);
    block.set(aes.encrypt(block));
    countInto(block, step);
    bytes.set(block.subarray(8), at);
  }
  bytes.set(block.subarray(0, 8));
  block.fill(0);
}

/** The same steps backwards (RFC 3394, 2.2.2). What the block function gave is overwritten: from here on it is the key. */
function unwrapInPlace(aes: AesBlocks, bytes: Uint8Array): void {
  const count = bytes.length / 8 - 1;
  const block = room(16);
  block.set(bytes.subarray(0, 8));
  for (let step = 6 * count; step >= 1; step--) {
    const at = 8 * (((step - 1) % count) + 1);
    countInto(block, step);
    block.set(bytes.subarray(at, at + 8), 8);
    const clear = aes.decrypt(block);
    block.set(clear);
    clear.fill(0);
    bytes.set(block.subarray(8), at);
  }
  bytes.set(block.subarray(0, 8));
  block.fill(0);
}

/** Compares without an early end, so that how long it takes tells nothing of where they differ. */
function differ(a: Uint8Array, b: Uint8Array): boolean {
  return a.reduce((sum, byte, i) => sum | (byte ^ (b[i] ?? 0)), a.length ^ b.length) !== 0;
}

/**
 * RFC 3394: wraps a key of 16 bytes or more, whole blocks of 8. Answers 8 bytes more.
 * @throws RangeError for any other length
 */
export function wrapPlain(aes: AesBlocks, key: Uint8Array): Uint8Array {
  if (key.length < 16 || key.length % 8 !== 0) throw new RangeError(`RFC 3394 does not wrap ${key.length} bytes`);
  const bytes = room(8 + key.length);
  bytes.set(PLAIN_IV);
  bytes.set(key, 8);
  wrapInPlace(aes, bytes);
  return bytes;
}

/** RFC 3394: the key, or null where the length or the initial value is wrong. */
export function unwrapPlain(aes: AesBlocks, wrapped: Uint8Array): Uint8Array | null {
  if (wrapped.length < 24 || wrapped.length % 8 !== 0) return null;
  const bytes = copy(wrapped);
  unwrapInPlace(aes, bytes);
  const key = differ(bytes.subarray(0, 8), PLAIN_IV) ? null : copy(bytes.subarray(8));
  bytes.fill(0);
  return key;
}

/**
 * RFC 5649 (KWP, CKM_AES_KEY_WRAP_KWP): wraps a key of any length from 1 byte. Answers the length rounded up to 8, and 8 more. A key of
 * up to 8 bytes is one block of AES (section 4.1).
 * @throws RangeError for no byte at all
 */
export function wrapPadded(aes: AesBlocks, key: Uint8Array): Uint8Array {
  if (key.length === 0) throw new RangeError('RFC 5649 wraps no empty key');
  const bytes = room(8 + aligned(key.length));
  bytes.set(PADDED_IV);
  new DataView(bytes.buffer).setUint32(4, key.length);
  bytes.set(key, 8);
  if (bytes.length > 16) {
    wrapInPlace(aes, bytes);
    return bytes;
  }
  const single = aes.encrypt(bytes);
  bytes.fill(0);
  return single;
}

/**
 * RFC 5649: the key, or null where anything of section 3 does not hold: the initial value, a length that does not fit the number of
 * blocks, padding that is not zero.
 */
export function unwrapPadded(aes: AesBlocks, wrapped: Uint8Array): Uint8Array | null {
  if (wrapped.length < 16 || wrapped.length % 8 !== 0) return null;
  const bytes = wrapped.length === 16 ? aes.decrypt(wrapped) : copy(wrapped);
  if (bytes.length > 16) unwrapInPlace(aes, bytes);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4);
  const isLength = length > 0 && aligned(length) === bytes.length - 8;
  const isPadding = bytes.subarray(8 + length).every((byte) => byte === 0);
  const isGood = !differ(bytes.subarray(0, 4), PADDED_IV) && isLength && isPadding;
  const key = isGood ? copy(bytes.subarray(8, 8 + length)) : null;
  bytes.fill(0);
  return key;
}

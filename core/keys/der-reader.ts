/** Tags of the few DER forms that keys are made of (X.690, 8). */
export const TAG = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  sequence: 0x30,
  context0: 0xa0,
  context1: 0xa1,
} as const;

/** One value: its tag, its content, and itself whole. Views into the bytes that were read: nothing is copied. */
export interface DerValue {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly whole: Uint8Array;
}

/** Content length and where the content begins; null where it is indefinite, not the shortest form, or longer than what is left. */
function lengthAt(bytes: Uint8Array): { readonly length: number; readonly start: number } | null {
  const first = bytes[1];
  if (first === undefined) return null;
  if (first < 0x80) return { length: first, start: 2 };
  const more = first & 0x7f;
  if (more === 0 || more > 3 || bytes.length < 2 + more) return null;
  const length = bytes.subarray(2, 2 + more).reduce((sum, byte) => sum * 256 + byte, 0);
  const isShortest = length >= 0x80 && length >= 256 ** (more - 1);
  return isShortest ? { length, start: 2 + more } : null;
}

/**
 * Reads the value `bytes` begin with, strictly by DER: a definite length in its shortest form and a tag of one byte. Null for anything
 * else, for a key that can be written in two ways would have two fingerprints.
 */
export function readFirst(bytes: Uint8Array): { readonly value: DerValue; readonly rest: Uint8Array } | null {
  const [tag] = bytes;
  const at = lengthAt(bytes);
  if (tag === undefined || at === null || (tag & 0x1f) === 0x1f || at.start + at.length > bytes.length) return null;
  const end = at.start + at.length;
  const value = { tag, content: bytes.subarray(at.start, end), whole: bytes.subarray(0, end) };
  return { value, rest: bytes.subarray(end) };
}

/** The values that fill `bytes` exactly; null where what is there is no DER or is cut off. */
export function readDerValues(bytes: Uint8Array): readonly DerValue[] | null {
  const values: DerValue[] = [];
  for (let rest = bytes; rest.length > 0;) {
    const first = readFirst(rest);
    if (first === null) return null;
    values.push(first.value);
    rest = first.rest;
  }
  return values;
}

/** The values inside a SEQUENCE; null where this is none, or what is inside is no DER. */
export function inSequence(value: DerValue | undefined): readonly DerValue[] | null {
  return value?.tag === TAG.sequence ? readDerValues(value.content) : null;
}

/** The magnitude of a non-negative INTEGER without its sign byte; null for a negative one, or one that is not in its shortest form. */
export function unsignedInteger(value: DerValue | undefined): Uint8Array | null {
  if (value?.tag !== TAG.integer) return null;
  const [first, second] = value.content;
  if (first === undefined || first >= 0x80) return null;
  if (first !== 0 || value.content.length === 1) return value.content;
  return second !== undefined && second >= 0x80 ? value.content.subarray(1) : null;
}

/** The bytes of a BIT STRING of whole bytes; null for any other. */
export function wholeBytes(value: DerValue | undefined): Uint8Array | null {
  return value?.tag === TAG.bitString && value.content[0] === 0 ? value.content.subarray(1) : null;
}

/** Are these the bytes that `hex` spells (lower case)? */
export function isHex(bytes: Uint8Array, hex: string): boolean {
  return bytes.length * 2 === hex.length && bytes.every((byte, i) => byte === Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

/** How many bits an unsigned big-endian number has. */
export function bitLength(magnitude: Uint8Array): number {
  const start = magnitude.findIndex((byte) => byte !== 0);
  return start < 0 ? 0 : (magnitude.length - start) * 8 - (Math.clz32(magnitude[start] ?? 0) - 24);
}

/** The few DER forms a SubjectPublicKeyInfo needs (X.690, 8 and 10). */
export const SEQUENCE = 0x30;
export const OCTET_STRING = 0x04;
const BIT_STRING = 0x03;
const INTEGER = 0x02;

function derLength(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const hex = length.toString(16);
  const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}

export function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag]), derLength(body.length), body]);
}

/** A whole number of bytes: no unused bits. */
export function derBitString(content: Buffer): Buffer {
  return der(BIT_STRING, Buffer.from([0]), content);
}

/** An unsigned big-endian integer, shortest form, with the zero byte that keeps it positive. */
export function derInteger(unsigned: Buffer): Buffer {
  const start = unsigned.findIndex((byte) => byte !== 0);
  const bytes = start < 0 ? Buffer.from([0]) : unsigned.subarray(start);
  return der(INTEGER, (bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

/** The content of one DER value that fills `bytes` exactly and has this tag; null for anything else. */
export function readDer(bytes: Buffer, tag: number): Buffer | null {
  const [first, size = 0] = bytes;
  if (first !== tag) return null;
  const more = size < 0x80 ? 0 : size & 0x7f;
  if (more > 4 || bytes.length < 2 + more) return null;
  const length = more === 0 ? size : bytes.readUIntBE(2, more);
  return bytes.length === 2 + more + length ? bytes.subarray(2 + more) : null;
}

import { pemLabel } from './text-trap';

const LINE_END = [0x0d, 0x0a];
const PADDING = 0x3d;

/** Value of a base64 digit (RFC 4648, 4) by its character code; -1 for anything else. */
function digitOf(code: number): number {
  if (code >= 0x41 && code <= 0x5a) return code - 0x41;
  if (code >= 0x61 && code <= 0x7a) return code - 0x61 + 26;
  if (code >= 0x30 && code <= 0x39) return code - 0x30 + 52;
  if (code === 0x2b) return 62;
  return code === 0x2f ? 63 : -1;
}

/** Where `text` lies in `bytes`, from `start`; -1 where it does not. */
function find(bytes: Uint8Array, text: string, start: number): number {
  const codes = Array.from(text, (character) => character.charCodeAt(0));
  for (let at = start; at + codes.length <= bytes.length; at++) if (codes.every((code, i) => bytes[at + i] === code)) return at;
  return -1;
}

/** How many digits there are between line ends, or null where it is not base64 padded to whole groups of four. */
function countDigits(text: Uint8Array): number | null {
  let digits = 0;
  let padding = 0;
  for (const code of text) {
    if (LINE_END.includes(code)) continue;
    if (code === PADDING) padding++;
    else if (padding > 0 || digitOf(code) < 0) return null;
    else digits++;
  }
  return digits > 0 && padding <= 2 && (digits + padding) % 4 === 0 ? digits : null;
}

/** Base64 with line ends, strictly otherwise. In one pass into memory of its own: no array of digits is left behind. */
function decode(text: Uint8Array): Uint8Array | null {
  const digits = countDigits(text);
  if (digits === null) return null;
  const bytes = new Uint8Array(new ArrayBuffer(Math.floor((digits * 6) / 8)));
  let held = 0;
  let heldBits = 0;
  let at = 0;
  for (const code of text) {
    const digit = digitOf(code);
    if (digit < 0) continue;
    held = ((held << 6) | digit) & 0xfff;
    heldBits += 6;
    if (heldBits < 8) continue;
    heldBits -= 8;
    bytes[at++] = (held >> heldBits) & 0xff;
  }
  return (held & ((1 << heldBits) - 1)) === 0 ? bytes : null;
}

/**
 * The DER inside a PEM file of one unencrypted PKCS#8 key (RFC 7468, 10). Reads bytes and writes bytes: key material that became a text
 * could not be overwritten any more. Null where it is no such file, or anything else is in it.
 */
export function pkcs8OfPem(bytes: Uint8Array): Uint8Array | null {
  if (pemLabel(bytes) !== 'PRIVATE KEY') return null;
  const begin = '-----BEGIN PRIVATE KEY-----';
  const start = find(bytes, begin, 0) + begin.length;
  const end = find(bytes, '-----END PRIVATE KEY-----', start);
  if (end < 0) return null;
  const after = bytes.subarray(end + '-----END PRIVATE KEY-----'.length);
  return after.every((code) => LINE_END.includes(code)) ? decode(bytes.subarray(start, end)) : null;
}

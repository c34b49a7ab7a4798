/** Texts around secrets, as bytes: a secret that became a string could not be overwritten any more. */

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const PADDING = 0x3d;

export function asciiBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Base64 (RFC 4648, 4) with padding, in ASCII bytes of its own memory. */
export function base64Ascii(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(new ArrayBuffer(Math.ceil(bytes.length / 3) * 4)).fill(PADDING);
  for (let at = 0, to = 0; at < bytes.length; at += 3, to += 4) {
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const digits = Math.min(bytes.length - at, 3) + 1;
    for (let digit = 0; digit < digits; digit++) out[to + digit] = BASE64.charCodeAt((group >> (18 - 6 * digit)) & 0x3f);
  }
  return out;
}

/** One array of all parts, in memory of its own. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(new ArrayBuffer(parts.reduce((sum, { length }) => sum + length, 0)));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

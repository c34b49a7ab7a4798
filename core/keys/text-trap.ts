/** Is every byte a printable ASCII character or white space? Random bytes of 28 or more are, once in 10^11. */
export function isText(bytes: Uint8Array): boolean {
  return (
    bytes.length > 0 && bytes.every((byte) => (byte >= 0x20 && byte <= 0x7e) || byte === 0x0a || byte === 0x0d || byte === 0x09)
  );
}

const BEGIN = Array.from('-----BEGIN ', (character) => character.charCodeAt(0));
const HYPHEN = 0x2d;

/**
 * The label of a PEM file (RFC 7468, 2), e.g. `PUBLIC KEY`; '' where the bytes are none. Only the label itself becomes text: of raw
 * key bytes nothing may.
 */
export function pemLabel(bytes: Uint8Array): string {
  const start = bytes.findIndex((byte) => byte > 0x20);
  if (start < 0 || !BEGIN.every((code, i) => bytes[start + i] === code)) return '';
  const label = bytes.subarray(start + BEGIN.length, start + BEGIN.length + 40);
  const end = label.indexOf(HYPHEN);
  return end < 0 ? '' : String.fromCharCode(...label.subarray(0, end));
}

/**
 * Bytes of canonical base64 in the standard alphabet (RFC 4648 section 4), or null. Node reads nearly anything as base64; only what it
 * would write itself is taken, so URL-safe letters, blanks, missing padding and stray bits at the end are refused.
 */
export function bytesOf(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}

export function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

import { createHash, hash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** SHA-256 of UTF-8 text, 64 lower-case hex digits. One call into native code instead of three: a verifier makes 100,000 of them. */
export function sha256Text(text: string): string {
  return hash('sha256', text, 'hex');
}

/** SHA-256 of bytes, 64 lower-case hex digits. */
export function sha256Bytes(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}

export interface FileDigest {
  /** bytes */
  readonly size: number;
  readonly sha256: string;
}

/** Size and SHA-256 of a file, read in pieces that `each` may look at. Rejects with the system's error. `flags` as for open(2). */
export async function fileDigest(path: string, flags: number, each?: (piece: Uint8Array) => void): Promise<FileDigest> {
  const digest = createHash('sha256');
  let size = 0;
  // the type of `flags` knows only names; the call itself takes numbers, as fs.open does
  for await (const piece of createReadStream(path, { flags: flags as unknown as string, highWaterMark: 1 << 18 })) {
    const bytes = piece as Uint8Array;
    digest.update(bytes);
    each?.(bytes);
    size += bytes.length;
  }
  return { size, sha256: digest.digest('hex') };
}

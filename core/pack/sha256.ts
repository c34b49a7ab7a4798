import { createHash, hash } from 'node:crypto';
import { readPieces } from './read-pieces';

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

/** Size and SHA-256 of a file, read in pieces that `each` may look at. Rejects with the system's error. */
export async function fileDigest(path: string, each?: (piece: Uint8Array) => void): Promise<FileDigest> {
  const digest = createHash('sha256');
  let size = 0;
  await readPieces(path, (piece) => {
    digest.update(piece);
    each?.(piece);
    size += piece.length;
  });
  return { size, sha256: digest.digest('hex') };
}

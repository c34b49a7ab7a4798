import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readPieces } from './read-pieces';
import type { FileDigest } from './sha256';

const NEWLINE = 0x0a;

/** No event is this long (bytes). A file without newlines must not be read into memory whole. */
const MAX_LINE = 16 * 1024 * 1024;

/** What reading by lines meets: a line without its newline, or bytes that are no line of text. */
export interface LineTaker {
  line(text: string): void;
  fault(what: string): void;
}

export interface LinesRead extends FileDigest {
  /** bytes behind the last newline */
  readonly tornBytes: number;
}

/**
 * Reads a file line by line, strictly: UTF-8, every line ended by one newline, no byte order mark taken away. Memory does not
 * grow with the file. Rejects with the system's error.
 */
export async function readLines(path: string, taker: LineTaker): Promise<LinesRead> {
  const digest = createHash('sha256');
  let size = 0;
  let rest: Buffer = Buffer.alloc(0);
  await readPieces(path, (piece) => {
    digest.update(piece);
    size += piece.length;
    const left = takeWholeLines(rest.length === 0 ? piece : Buffer.concat([rest, piece]), taker);
    if (left.length > MAX_LINE) taker.fault(`the line is longer than ${MAX_LINE} bytes`);
    rest = left.length > MAX_LINE ? Buffer.alloc(0) : Buffer.from(left); // a copy: the piece is read over
  });
  return { size, sha256: digest.digest('hex'), tornBytes: rest.length };
}

/** @returns what stands behind the last newline */
function takeWholeLines(bytes: Buffer, taker: LineTaker): Buffer {
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    const line = bytes.subarray(start, end);
    if (isUtf8(line)) taker.line(line.toString('utf8'));
    else taker.fault('the line is not UTF-8 text');
    start = end + 1;
  }
  return bytes.subarray(start);
}

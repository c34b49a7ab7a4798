import { isUtf8 } from 'node:buffer';
import { open, readdir, realpath, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { firstSeqIn } from '../../core/evidence/audit-name';
import { READ_PLAIN } from '../../core/pack/durable';

const NEWLINE = 0x0a;
/** bytes per read(2) */
const PIECE = 1 << 18;
/** No event is this long (bytes). */
const MAX_LINE = 1 << 20;

export interface NewestTaker {
  readonly line: (text: string) => void;
  /** a line that could not be read as text */
  readonly fault: () => void;
  /** asked before each line */
  readonly isEnough: () => boolean;
  /** asked before each piece is read, with the bytes read so far */
  readonly isTooMuch: (bytes: number) => boolean;
}

/** How far back it came. `cut`: it was too much before it was enough. */
export type Reach = 'whole' | 'enough' | 'cut';

/**
 * Reads an audit folder backwards, line by line from the newest: the last requests of a log of gigabytes are there at once. What
 * stands behind the last newline of a file is a line that is being written, and left out. Rejects with the system's error.
 */
export async function newestLines(folder: string, taker: NewestTaker): Promise<Reach> {
  const place = await realpath(folder);
  const names = (await readdir(place)).filter((name) => firstSeqIn(name) !== null);
  names.sort((a, b) => (firstSeqIn(b) ?? 0) - (firstSeqIn(a) ?? 0));
  let before = 0;
  for (const name of names) {
    const file = await open(join(place, name), READ_PLAIN);
    try {
      const { size } = await file.stat();
      const reach = await fileBackwards(file, size, { ...taker, isTooMuch: (bytes) => taker.isTooMuch(before + bytes) });
      if (reach !== 'whole') return reach;
      before += size;
    } finally {
      await file.close();
    }
  }
  return 'whole';
}

async function fileBackwards(file: FileHandle, size: number, taker: NewestTaker): Promise<Reach> {
  const buffer = Buffer.allocUnsafeSlow(PIECE);
  /** what a line that begins further in front ends with */
  let rest: Buffer = Buffer.alloc(0);
  /** false: what is read belongs to no line that is taken, up to the next newline in front of it */
  let isLine = false;
  for (let end = size; end > 0;) {
    if (taker.isTooMuch(size - end)) return 'cut';
    const start = Math.max(0, end - PIECE);
    const piece = await wholeAt(file, buffer.subarray(0, end - start), start);
    if (piece === null) return 'cut';
    const bytes = Buffer.concat([piece, rest]);
    let to = bytes.length;
    while (to > 0) {
      const newline = bytes.lastIndexOf(NEWLINE, to - 1);
      if (newline < 0) break;
      if (isLine && !give(bytes.subarray(newline + 1, to), taker)) return 'enough';
      isLine = true;
      to = newline;
    }
    rest = isLine ? Buffer.from(bytes.subarray(0, to)) : Buffer.alloc(0);
    if (rest.length > MAX_LINE) {
      taker.fault();
      rest = Buffer.alloc(0);
      isLine = false;
    }
    end = start;
  }
  return !isLine || give(rest, taker) ? 'whole' : 'enough';
}

/** @returns null where the file became shorter meanwhile */
async function wholeAt(file: FileHandle, into: Buffer, position: number): Promise<Buffer | null> {
  for (let done = 0; done < into.length;) {
    const { bytesRead } = await file.read(into, done, into.length - done, position + done);
    if (bytesRead === 0) return null;
    done += bytesRead;
  }
  return into;
}

/** @returns false: it was not wanted any more */
function give(line: Buffer, taker: NewestTaker): boolean {
  if (taker.isEnough()) return false;
  if (isUtf8(line)) taker.line(line.toString('utf8'));
  else taker.fault();
  return true;
}

import { open } from 'node:fs/promises';
import { READ_PLAIN } from '../../core/pack/durable';
import { readLines } from '../../core/pack/lines';

export interface Skim {
  readonly lines: number;
  /** the last whole line */
  readonly last: string;
  /** the first line that is no text, '' for none */
  readonly fault: string;
  /** bytes up to the last newline */
  readonly wholeBytes: number;
  /** bytes behind it, and how they begin */
  readonly tornBytes: number;
  readonly torn: string;
}

/** bytes of a torn line that are kept for the record */
const TORN_KEPT = 1024;

/** Reads a file of lines once and keeps only what its end says. Rejects with the system's error. */
export async function skimFile(path: string): Promise<Skim> {
  let lines = 0;
  let last = '';
  let fault = '';
  const line = (text: string): void => {
    lines += 1;
    last = text;
  };
  const { size, tornBytes } = await readLines(path, {
    line,
    fault: (what) => {
      lines += 1;
      fault ||= `line ${lines}: ${what}`;
    },
  });
  const wholeBytes = size - tornBytes;
  return { lines, last, fault, wholeBytes, tornBytes, torn: tornBytes === 0 ? '' : await textAt(path, wholeBytes) };
}

async function textAt(path: string, position: number): Promise<string> {
  const file = await open(path, READ_PLAIN);
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(TORN_KEPT), 0, TORN_KEPT, position);
    return Buffer.from(buffer.subarray(0, bytesRead)).toString('utf8');
  } finally {
    await file.close();
  }
}

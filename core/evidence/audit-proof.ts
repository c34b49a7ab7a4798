import { GENESIS_PREV, type Sha256, type TranscriptEvent } from './event';
import { readLine } from './line';

/** Something wrong in an audit file. `line` from 1; `seq` is the number that belongs there, null where that is not known. */
export interface AuditFlaw {
  readonly line: number;
  readonly seq: number | null;
  readonly what: string;
}

/** How a file hangs on those before it. `unknown`: it is the first, or the one before is damaged at its end. */
export type AuditLink = { readonly seq: number; readonly prev: string } | 'unknown';

/**
 * Proves one file of an audit log line by line; keeps nothing per line. It stops at the first flaw: what stands behind a broken
 * link in the same file proves nothing.
 */
export class AuditFileProof {
  readonly #sha256: Sha256;
  readonly #firstSeq: number | null;
  readonly #link: AuditLink;
  #lines = 0;
  #last: TranscriptEvent | null = null;
  #first: TranscriptEvent | null = null;
  #flaw: AuditFlaw | null = null;

  /** @param firstSeq the number that the file's name promises; null where it has another name */
  constructor(sha256: Sha256, firstSeq: number | null, link: AuditLink) {
    this.#sha256 = sha256;
    this.#firstSeq = firstSeq;
    this.#link = link;
  }

  /** Takes the next line, without its newline. Answers its event when it holds. */
  feed(line: string): TranscriptEvent | null {
    if (this.#flaw) return null;
    const reading = readLine(line, this.#sha256);
    const what = reading.ok ? this.#misplaced(reading.event) : reading.what;
    if (!reading.ok || what !== null) {
      this.fault(what ?? '');
      return null;
    }
    this.#lines += 1;
    this.#first ??= reading.event;
    this.#last = reading.event;
    return reading.event;
  }

  /** The next line cannot even be had as text. */
  fault(what: string): void {
    this.#flaw ??= { line: this.#lines + 1, seq: this.#expectedSeq(), what };
  }

  get flaw(): AuditFlaw | null {
    return this.#flaw;
  }

  get first(): TranscriptEvent | null {
    return this.#first;
  }

  /** the last event that held */
  get last(): TranscriptEvent | null {
    return this.#last;
  }

  #expectedSeq(): number | null {
    if (this.#last) return this.#last.seq + 1;
    return this.#firstSeq ?? (this.#link === 'unknown' ? null : this.#link.seq);
  }

  #misplaced({ seq, prev }: TranscriptEvent): string | null {
    const expected = this.#expectedSeq();
    if (expected !== null && seq > expected)
      return `event ${expected} is missing: event ${seq} stands in its place (lines were dropped or moved)`;
    if (expected !== null && seq < expected)
      return `event ${seq} stands in the place of event ${expected} (lines were doubled, moved or inserted)`;
    if (this.#last)
      return prev === this.#last.hash ? null : `prev is not the hash of event ${seq - 1}: one of the two was exchanged`;
    return this.#firstMisplaced(seq, prev);
  }

  #firstMisplaced(seq: number, prev: string): string | null {
    if (seq === 0 && prev !== GENESIS_PREV) return 'prev of event 0 is not 64 zeros';
    if (this.#link === 'unknown' || this.#link.seq !== seq || this.#link.prev === prev) return null;
    return `prev is not the hash of event ${seq - 1}, the last of the file before: one of the two files was exchanged`;
  }
}

/** What is wrong between a file that should begin with event `expected` and the one that lies there, beginning with `firstSeq`. */
export function gapBetween(expected: number, firstSeq: number): string | null {
  if (firstSeq === expected) return null;
  if (firstSeq > expected)
    return `events ${expected} to ${firstSeq - 1} are missing: a file is missing, or the one before was cut`;
  return `the file claims event ${firstSeq}, which the file before holds already (up to event ${expected - 1})`;
}

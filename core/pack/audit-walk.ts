import { AuditFileProof, gapBetween, type AuditLink } from '../evidence/audit-proof';
import { GENESIS_PREV, type TranscriptEvent } from '../evidence/event';
import type { AuditCheck, AuditNote, AuditProblem } from './audit-check';
import type { AuditListing, ListedFile } from './audit-listing';
import { AuditTally } from './audit-tally';
import { readLines } from './lines';
import { fileDigest, sha256Text } from './sha256';

/** A damaged log must not fill the memory with what is wrong with it. */
const MOST_TOLD = 20;

/** Goes through the files of a log in order and keeps what later ones are held against. Rejects with the system's error. */
export class AuditWalk {
  readonly #files: ReadonlyMap<string, ListedFile>;
  readonly #each: (event: TranscriptEvent) => void;
  readonly #tally = new AuditTally();
  readonly #problems: AuditProblem[] = [];
  readonly #notes: AuditNote[] = [];
  #breaks: TranscriptEvent[] = [];
  #link: AuditLink = 'unknown';
  #events = 0;
  #first: TranscriptEvent | null = null;
  #last: TranscriptEvent | null = null;

  private constructor({ files }: AuditListing, each: (event: TranscriptEvent) => void) {
    this.#each = each;
    this.#files = new Map(files.map((file) => [file.name, file]));
  }

  static async through(listing: AuditListing, each: (event: TranscriptEvent) => void): Promise<AuditCheck> {
    const walk = new AuditWalk(listing, each);
    const newest = listing.files.at(-1);
    for (const file of listing.files) await walk.#file(file, file === newest);
    for (const name of listing.foreign) walk.#problem(name, null, null, 'this does not belong into an audit log');
    for (const name of listing.letBe) walk.#note(name, 'this does not belong into an audit log; it was not read');
    return walk.#verdict(listing);
  }

  async #file(file: ListedFile, isNewest: boolean): Promise<void> {
    const { name, path, firstSeq } = file;
    const proof = new AuditFileProof(sha256Text, firstSeq, this.#linkTo(name, firstSeq));
    const { size, tornBytes } = await readLines(path, {
      line: (text) => this.#take(name, proof.feed(text)),
      fault: (what) => proof.fault(what),
    });
    if (tornBytes > 0 && isNewest) this.#note(name, `${tornBytes} bytes at the end are no whole line: ${TORN}`);
    else if (tornBytes > 0) proof.fault(`${tornBytes} bytes at the end are not ended by a newline`);
    if (size === 0 && isNewest) this.#note(name, 'the file is empty: it was just begun');
    else if (size === 0) proof.fault('the file is empty');
    this.#end(name, proof);
    for (const event of this.#breaks.splice(0)) await this.#judgeBreak(name, event);
  }

  /** What the first event of the file is held against; a gap is told here and once. */
  #linkTo(name: string, firstSeq: number | null): AuditLink {
    if (this.#link === 'unknown' || firstSeq === null) return this.#link;
    const gap = gapBetween(this.#link.seq, firstSeq);
    if (gap === null) return this.#link;
    this.#problem(name, null, this.#link.seq, gap);
    return 'unknown';
  }

  #take(name: string, event: TranscriptEvent | null): void {
    if (event === null) return;
    if (this.#last && event.at < this.#last.at)
      this.#note(name, `the clock went back from ${this.#last.at} to ${event.at} at event ${event.seq}`);
    if (event.type === 'chainBroken' && this.#breaks.length < MOST_TOLD) this.#breaks.push(event);
    this.#tally.take(event);
    this.#each(event);
    this.#events += 1;
    this.#first ??= event;
    this.#last = event;
  }

  #end(name: string, { flaw, last }: AuditFileProof): void {
    if (flaw) {
      this.#problem(name, flaw.line, flaw.seq, flaw.what);
      this.#link = 'unknown';
    } else if (last) this.#link = { seq: last.seq + 1, prev: last.hash };
  }

  /** The proxy found a file damaged when it started, and said so with the file's digest: was the file touched again since? */
  async #judgeBreak(name: string, { at, seq, data }: TranscriptEvent): Promise<void> {
    const damaged = typeof data['file'] === 'string' ? this.#files.get(data['file']) : undefined;
    if (damaged === undefined) {
      this.#note(name, `event ${seq} names a damaged file that is not here`);
      return;
    }
    const { sha256 } = await fileDigest(damaged.path);
    const found = `when the proxy started at ${at} it found this file damaged (event ${seq} in ${name})`;
    if (sha256 === data['sha256']) this.#note(damaged.name, `${found}; it was not changed since`);
    else this.#problem(damaged.name, null, null, `${found}, and it was changed again since`);
  }

  #problem(file: string, line: number | null, seq: number | null, what: string): void {
    if (this.#problems.length < MOST_TOLD) this.#problems.push({ file, line, seq, what });
  }

  #note(file: string, what: string): void {
    if (this.#notes.length < MOST_TOLD) this.#notes.push({ file, what });
  }

  #verdict({ files }: AuditListing): AuditCheck {
    const ok = this.#problems.length === 0;
    const first = this.#first;
    const last = this.#last;
    if (ok && first && first.seq > 0)
      this.#note(files[0]?.name ?? '', `the log holds from event ${first.seq} on; the events before are not here`);
    return {
      ok,
      exitCode: ok ? 0 : 1,
      summary: ok ? 'The audit log holds.' : 'The audit log does not hold.',
      files: files.length,
      events: this.#events,
      firstSeq: first?.seq ?? -1,
      lastSeq: last?.seq ?? -1,
      firstAt: first?.at ?? '',
      lastAt: last?.at ?? '',
      head: last?.hash ?? GENESIS_PREV,
      types: this.#tally.types(),
      outcomes: this.#tally.outcomes(),
      problems: this.#problems,
      notes: this.#notes,
    };
  }
}

const TORN = 'a crash tore it, or it is being written just now';

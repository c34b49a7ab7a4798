import { basename, dirname, join } from 'node:path';
import { failure, success, type Failure, type Result } from '../contract/result';
import { canonical } from '../evidence/canonical';
import { GENESIS_PREV, type TranscriptEvent } from '../evidence/event';
import { TranscriptProof, type TranscriptNote } from '../evidence/verify';
import { AppendFile } from './append-file';
import { PROOF_TOOLS } from './bearing-of';
import { diskFailure } from './disk-failure';
import { syncFolder } from './durable';
import { readLines } from './lines';
import { takeLock, type Lock } from './lock';
import { Mirror } from './mirror';

/** The state of the second copy after an append. `none`: no mirror is wanted. `back`: it was lost and has caught up just now. */
export type MirrorState = 'none' | 'held' | 'lost' | 'back';

export interface Appended {
  readonly mirror: MirrorState;
  /** Set once, with the append that lost the mirror (`file.mirrorLost`). */
  readonly alarm: Failure | null;
}

export interface OpenJournal {
  readonly journal: Journal;
  /** What the transcript holds, in order. */
  readonly events: readonly TranscriptEvent[];
  readonly notes: readonly TranscriptNote[];
  /** The mirror that was asked for and cannot be had; the journal works without it. */
  readonly alarm: Failure | null;
}

/**
 * The transcript of one pack, as it is written. One process at a time: it holds a lock beside the pack's folder (not in it, where
 * nothing but the pack may lie).
 */
export class Journal {
  readonly #file: AppendFile;
  readonly #mirror: Mirror | null;
  readonly #lock: Lock;
  #next: { seq: number; prev: string };
  #turn: Promise<unknown> = Promise.resolve();

  constructor(file: AppendFile, mirror: Mirror | null, lock: Lock, last: TranscriptEvent | null) {
    this.#file = file;
    this.#mirror = mirror;
    this.#lock = lock;
    this.#next = { seq: last ? last.seq + 1 : 0, prev: last ? last.hash : GENESIS_PREV };
  }

  /**
   * Writes one event as a whole line and resolves when it is on the medium; only then may the next act happen. Appends queue up
   * in the order of the calls. A refusal (`file.diskFull`, `file.notWritable`, `file.notFound`, `file.changedUnderneath`) leaves
   * the transcript as it was, and the same event can be appended again; `detail.tornLine` says that part of the line could not
   * be cut off yet, which the next append does first.
   * @throws RangeError when the event does not follow the last one: a bug of the caller, kept out of the evidence
   */
  append(event: TranscriptEvent): Promise<Result<Appended>> {
    const done = this.#turn.then(() => this.#append(event));
    this.#turn = done.catch(() => undefined); // the caller gets the error; the queue goes on
    return done;
  }

  /** Waits for appends under way, closes the files and gives back the lock. */
  async close(): Promise<void> {
    await this.#turn;
    await this.#mirror?.close();
    await this.#file.close();
    await this.#lock.release();
  }

  async #append(event: TranscriptEvent): Promise<Result<Appended>> {
    if (event.seq !== this.#next.seq || event.prev !== this.#next.prev)
      throw new RangeError(`Event ${event.seq} does not follow the journal.`);
    const line = Buffer.from(`${canonical(event)}\n`, 'utf8');
    const written = await this.#file.append(line);
    if (!written.ok) return written;
    this.#next = { seq: event.seq + 1, prev: event.hash };
    return success(await this.#copy(line));
  }

  async #copy(line: Uint8Array): Promise<Appended> {
    if (this.#mirror === null) return { mirror: 'none', alarm: null };
    const wasHeld = this.#mirror.isHeld;
    const copied = wasHeld ? await this.#mirror.append(line) : await this.#mirror.catchUp();
    if (copied.ok) return { mirror: wasHeld ? 'held' : 'back', alarm: null };
    return { mirror: 'lost', alarm: wasHeld ? copied.error : null };
  }
}

/** Begins the transcript of a new pack in `folder`. `mirror` is a folder that exists, '' for none. */
export async function createJournal(folder: string, mirror: string): Promise<Result<OpenJournal>> {
  return withLock(folder, async (lock) => {
    const path = join(folder, 'transcript.jsonl');
    const file = await AppendFile.create(path);
    if (!file.ok) return file;
    try {
      await syncFolder(folder);
    } catch (error) {
      await file.value.close();
      return diskFailure(error, path);
    }
    return success(await open(file.value, mirror, lock, [], []));
  });
}

/**
 * Opens the transcript of a pack again. Everything in it is proved first; a last line without newline was never acknowledged
 * (the program or the machine died in the middle of it) and is cut off, with a note. Any other flaw is `file.damaged`, with the
 * event, line and what is wrong.
 */
export async function openJournal(folder: string, mirror: string): Promise<Result<OpenJournal>> {
  return withLock(folder, async (lock) => {
    const file = await AppendFile.reopen(join(folder, 'transcript.jsonl'));
    if (!file.ok) return file;
    const read = await readBack(file.value);
    if (read.ok) return success(await open(file.value, mirror, lock, read.value.events, read.value.notes));
    await file.value.close();
    return read;
  });
}

async function withLock(folder: string, body: (lock: Lock) => Promise<Result<OpenJournal>>): Promise<Result<OpenJournal>> {
  const lock = await takeLock(lockPath(folder));
  if (!lock.ok) return lock;
  try {
    const opened = await body(lock.value);
    if (!opened.ok) await lock.value.release();
    return opened;
  } catch (error) {
    await lock.value.release();
    throw error;
  }
}

function lockPath(folder: string): string {
  return join(dirname(folder), `.${basename(folder)}.lock`);
}

async function open(
  file: AppendFile,
  root: string,
  lock: Lock,
  events: readonly TranscriptEvent[],
  notes: readonly TranscriptNote[],
): Promise<OpenJournal> {
  const mirror = root === '' ? null : new Mirror(root, file);
  const caughtUp = await mirror?.catchUp();
  const journal = new Journal(file, mirror, lock, events.at(-1) ?? null);
  return { journal, events, notes, alarm: caughtUp && !caughtUp.ok ? caughtUp.error : null };
}

async function readBack(file: AppendFile): Promise<Result<Pick<OpenJournal, 'events' | 'notes'>>> {
  const proof = new TranscriptProof(PROOF_TOOLS);
  const events: TranscriptEvent[] = [];
  const line = (text: string): void => {
    if (proof.feed(text) === null && proof.lastEvent) events.push(proof.lastEvent);
  };
  let tornBytes: number;
  try {
    ({ tornBytes } = await readLines(file.path, { line, fault: (what) => proof.fault(what) }));
  } catch (error) {
    return diskFailure(error, file.path);
  }
  const problem = proof.problem;
  if (problem) return failure('file.damaged', { path: file.path, ...problem });
  const { notes } = proof.facts();
  if (tornBytes === 0) return success({ events, notes });
  const cut = await file.cut(file.length - tornBytes);
  if (!cut.ok) return cut;
  const torn = {
    event: events.length,
    what: `${tornBytes} bytes of a line that was never finished were cut off; it had not been acknowledged`,
  };
  return success({ events, notes: [...notes, torn] });
}

import type { Lock } from '../../core/pack/lock';
import type { RequestRecord } from '../request-record';
import type { Audit, AuditState } from './port';
import type { ChainFile } from './chain-file';
import { actDraft, requestDraft, type ActData } from './drafts';
import { diskProblem, resumedData, type Trouble } from './trouble';
import { Upkeep } from './upkeep';
import { WaitingLines, type WaitingLine } from './waiting-lines';
import { watchStall } from './watch-stall';

interface RecorderParts {
  readonly now: () => number;
  readonly lock: Lock;
  readonly hadHistory: boolean;
  readonly damage: string;
}

/** Lines in one write(2). */
const BATCH = 512;
const STALL_MS = 100;
const RETRY_MS = 1000;
const BUSY_MS = 20;
const CLOSE_MS = 2000;

/**
 * Group commit: while one write is on its way to the disk, lines gather for the next. The chain is made when a batch is written,
 * not before, so a line that was never handed to the disk leaves no hole.
 */
export class Recorder implements Audit {
  readonly #onFailure: 'refuse' | 'continue';
  readonly #chain: ChainFile;
  readonly #parts: RecorderParts;
  readonly #upkeep: Upkeep;
  readonly #waiting = new WaitingLines();
  #writing: Promise<void> | null = null;
  #recovering: Promise<void> | null = null;
  #trouble: Trouble | null = null;
  #retry: NodeJS.Timeout | null = null;
  #isClosed = false;
  #written = 0;

  constructor({ onFailure }: { readonly onFailure: 'refuse' | 'continue' }, chain: ChainFile, parts: RecorderParts) {
    this.#onFailure = onFailure;
    this.#chain = chain;
    this.#parts = parts;
    this.#upkeep = new Upkeep(chain, (problem) => this.#fail(problem));
  }

  get state(): AuditState {
    const { seq, prev } = this.#chain.place;
    return {
      isWritable: !this.#isClosed && this.#trouble === null,
      problem: this.#isClosed ? 'the audit log is closed' : (this.#trouble?.problem ?? ''),
      written: this.#written,
      failed: this.#waiting.failed,
      seq,
      head: prev,
      file: this.#chain.path,
      hadHistory: this.#parts.hadHistory,
      damage: this.#parts.damage,
    };
  }

  request(record: RequestRecord): Promise<boolean> {
    const isKept = this.#onFailure === 'continue'; // it is answered all the same
    return this.#take({ draft: requestDraft(record, this.#time()), isKept, isRequest: true });
  }

  act(type: string, data: ActData): Promise<boolean> {
    return this.#take({ draft: actDraft(type, data, this.#time()), isKept: true, isRequest: false });
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await within(CLOSE_MS, this.#finish());
    await this.#parts.lock.release();
  }

  async #finish(): Promise<void> {
    await this.#quiet();
    await this.#upkeep.stop();
    await this.#recovering;
    if (this.#retry) clearTimeout(this.#retry);
    if (this.#trouble) await this.#recover(this.#trouble).catch(() => undefined); // the last try; `state` has told why
    await this.#quiet();
    this.#waiting.failAll();
    await this.#chain.sync().catch(() => undefined);
    await this.#chain.close().catch(() => undefined);
  }

  /** Until no write is under way; one may begin the next. */
  async #quiet(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  #time(): string {
    return new Date(this.#parts.now()).toISOString();
  }

  #take(line: WaitingLine): Promise<boolean> {
    if (this.#waiting.isFull) this.#fail('more lines wait than the disk takes');
    if (this.#isClosed || this.#trouble) {
      this.#lose(this.#waiting.turnAway(line, !this.#isClosed));
      return Promise.resolve(false);
    }
    const written = this.#waiting.add(line);
    this.#start();
    return written;
  }

  #lose(count: number): void {
    if (this.#trouble) this.#trouble = { ...this.#trouble, lost: this.#trouble.lost + count };
  }

  #start(): void {
    if (this.#trouble) return;
    this.#writing ??= endOfTurn() // what else is recorded in this turn of the event loop shares the write
      .then(() => this.#writeAll())
      .finally(() => {
        this.#writing = null;
        // A line may have come between the last look and this: nobody else would begin the write it waits for.
        if (!this.#waiting.isEmpty) this.#start();
      });
  }

  async #writeAll(): Promise<void> {
    while (!this.#waiting.isEmpty && !this.#trouble) await this.#writeBatch();
  }

  async #writeBatch(): Promise<void> {
    const first = this.#chain.place.seq;
    const drafts = this.#waiting.begin(BATCH);
    const watch = watchStall(STALL_MS, () => {
      this.#fail(`the disk has not taken a line for ${STALL_MS} ms`);
      this.#waiting.failBegun();
    });
    try {
      await this.#chain.append(drafts);
      const isLate = watch.stop();
      this.#written += drafts.length;
      this.#waiting.succeed();
      if (isLate) this.#noteLate(first);
    } catch (error) {
      watch.stop();
      this.#fail(diskProblem(error));
      this.#lose(this.#waiting.failBack());
    }
  }

  #noteLate(first: number): void {
    if (!this.#trouble) return;
    this.#trouble = { ...this.#trouble, late: { first, last: this.#chain.place.seq - 1 } };
    this.#retryIn(0);
  }

  #fail(problem: string): void {
    if (this.#trouble) return;
    const lost = this.#waiting.failWaiting();
    this.#trouble = { problem, since: this.#time(), unsyncedFrom: this.#chain.unsyncedFrom, lost, late: null };
    this.#retryIn(RETRY_MS);
  }

  #retryIn(delayMs: number): void {
    if (this.#isClosed) return;
    if (this.#retry) clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#tryAgain(), delayMs).unref();
  }

  #tryAgain(): void {
    const trouble = this.#trouble;
    if (!trouble || this.#recovering) return;
    if (this.#writing || this.#upkeep.isBusy) return this.#retryIn(BUSY_MS); // the disk still holds a call of ours
    this.#recovering = this.#recover(trouble)
      .catch((error: unknown) => {
        this.#trouble = { ...(this.#trouble ?? trouble), problem: diskProblem(error) };
        this.#retryIn(RETRY_MS);
      })
      .finally(() => (this.#recovering = null));
  }

  /** Acts of the meantime first, in their order; then the log says that it works again, and what is missing. */
  async #recover({ since }: Trouble): Promise<void> {
    const abandoned = await this.#chain.repair();
    while (!this.#waiting.isEmpty) await this.#writeKept();
    const told = this.#trouble;
    if (told === null) throw new Error(`The trouble since ${since} is gone.`);
    await this.#chain.append([actDraft('recordingResumed', resumedData(told, abandoned, this.#onFailure), this.#time())]);
    this.#written += 1;
    const lostMeanwhile = (this.#trouble ?? told).lost - told.lost;
    this.#trouble = null;
    if (lostMeanwhile > 0) void this.act('linesLost', { lost: lostMeanwhile });
    this.#start();
  }

  async #writeKept(): Promise<void> {
    const drafts = this.#waiting.begin(BATCH);
    try {
      await this.#chain.append(drafts);
    } catch (error) {
      this.#lose(this.#waiting.failBack());
      throw error;
    }
    this.#written += drafts.length;
    this.#waiting.succeed();
  }
}

function endOfTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function within(limitMs: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise<void>((resolve) => (timer = setTimeout(resolve, limitMs)))]);
  clearTimeout(timer);
}

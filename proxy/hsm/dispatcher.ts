import type { XksFailure } from '../../core/xks/errors';
import { CRASHED, GARBLED, INTERRUPTED, QUEUE_FULL, TIMED_OUT } from './failures';
import { FrameError, type Frame } from './frame';
import type { KeyDirectory } from './key-directory';
import { ANSWER, ORDER, plainFrame, readFault } from './order-frame';
import { readKeys } from './read-keys';
import { Task, type Order } from './task';

/** An HSM process as the dispatcher sees it. */
export interface Home {
  readonly directory: KeyDirectory<Task<Home>>;
  /** `serving` before `doubted` (it failed, and its replacement is not there yet); `closed` gets no orders */
  standing: 'serving' | 'doubted' | 'closed';
}

/** A thread of a process. */
export interface Thread {
  readonly home: Home;
  readonly send: (frame: Buffer) => void;
}

interface Worker extends Thread {
  task: Task<Home> | null;
  taskId: number;
  startedAt: number;
  isHung: boolean;
}

export interface DispatcherParts {
  /** milliseconds of a clock that only goes forward */
  readonly now: () => number;
  readonly queue: number;
  readonly deadlineMs: number;
  readonly hungMs: number;
  readonly healthKey: string;
  readonly mayUse: (label: string) => XksFailure | null;
  /** of the blocks, see Flags */
  readonly epoch: () => number;
  /** a process failed as a whole; `why` is a CKR name or a word */
  readonly onSick: (home: Home, why: string) => void;
  /** a thread has not come back within hungMs */
  readonly onHung: (home: Home) => void;
  /** a process that takes no orders any more has none left */
  readonly onIdle: (home: Home) => void;
}

/** A refusal that another search might turn into an answer: somebody made or removed a key since. */
const WORTH_ANOTHER_SEARCH: ReadonlySet<string> = new Set(['noKey', 'generationUnknown', 'generationMissing', 'duplicateId']);

const MAX_ID = 0xffffffff;
const NO_HANDLE = Buffer.alloc(0);

/**
 * Queue, deadlines and threads: who gets which order when, and what becomes of it. Knows nothing of processes or sockets, so that it
 * can be tried with a clock and threads of a test.
 */
export class Dispatcher {
  readonly #parts: DispatcherParts;
  readonly #workers = new Map<Thread, Worker>();
  #idle: Worker[] = [];
  #queue: Task<Home>[] = [];
  #queueAt = 0;
  readonly #again: Task<Home>[] = [];
  /** every task with a deadline, in the order they were accepted, which is the order of their deadlines */
  #open: Task<Home>[] = [];
  #openAt = 0;
  readonly #late = new Set<Worker>();
  #timer: NodeJS.Timeout | null = null;
  #queued = 0;
  #lastId = 0;
  timeouts = 0;
  throttled = 0;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
  }

  get queued(): number {
    return this.#queued;
  }

  get busy(): number {
    return [...this.#workers.values()].filter(({ task }) => task !== null).length;
  }

  /** Takes an order, or refuses it because too many wait. */
  accept(order: Order<Home>): void {
    const task = this.#taskOf(order);
    if (this.#queued >= this.#parts.queue && this.#idle.length === 0) {
      this.throttled += 1;
      this.#fail(task, QUEUE_FULL);
      return;
    }
    this.#follow(task);
    this.#wait(task);
    this.#queue.push(task);
    this.#drain();
  }

  /** A thread whose session is open. */
  add(thread: Thread): void {
    const worker: Worker = { ...thread, task: null, taskId: 0, startedAt: 0, isHung: false };
    this.#workers.set(thread, worker);
    this.#release(worker);
  }

  /** A process is gone: what its threads were doing has failed, what waited for its searches goes elsewhere. */
  remove(home: Home): void {
    home.standing = 'closed';
    for (const [thread, worker] of this.#workers) {
      if (worker.home !== home) continue;
      this.#workers.delete(thread);
      this.#late.delete(worker);
      const { task } = worker;
      worker.task = null;
      if (task !== null) this.#fail(task, CRASHED);
    }
    this.#idle = this.#idle.filter((worker) => worker.home !== home);
    for (const task of home.directory.abandon()) this.#tryAgain(task, CRASHED);
    this.#drain();
  }

  /** No more orders for a process. `onIdle` follows when it has none left; threads that hang do not count. */
  close(home: Home): void {
    home.standing = 'closed';
    this.#idle = this.#idle.filter((worker) => worker.home !== home);
    for (const task of home.directory.abandon()) this.#requeue(task);
    this.#lookWhetherIdle(home);
    this.#drain();
  }

  /** Everything that is open fails with this, at once. Threads that are busy are left to themselves. */
  failAll(failure: XksFailure): void {
    const open = this.#open;
    this.#open = [];
    this.#openAt = 0;
    this.#queue = [];
    this.#queueAt = 0;
    this.#again.length = 0;
    for (const task of open) this.#fail(task, failure);
  }

  /** True while a caller waits for anything. */
  get isBusy(): boolean {
    return this.#open.some((task) => !task.isSettled);
  }

  /** A frame from a thread. */
  receive(thread: Thread, frame: Frame): void {
    const worker = this.#workers.get(thread);
    if (worker === undefined) return;
    const { task } = worker;
    if (task === null || frame.id !== worker.taskId) {
      this.#parts.onSick(worker.home, 'garbled');
      return;
    }
    worker.task = null;
    this.#late.delete(worker);
    this.#settle(task, frame, worker.home);
    this.#release(worker);
  }

  #taskOf(order: Order<Home>): Task<Home> {
    const now = this.#parts.now();
    return new Task(order, now, now + this.#parts.deadlineMs);
  }

  #wait(task: Task<Home>): void {
    if (task.isWaiting) return;
    task.isWaiting = true;
    this.#queued += 1;
  }

  #waitsNoMore(task: Task<Home>): void {
    if (!task.isWaiting) return;
    task.isWaiting = false;
    this.#queued -= 1;
  }

  #fail(task: Task<Home>, failure: XksFailure, hsmMs: number | null = null): void {
    if (task.isSettled) return;
    task.isSettled = true;
    this.#waitsNoMore(task);
    task.order.failed(failure, task.times(this.#parts.now(), hsmMs));
  }

  /** Back to the front of the queue: it was accepted before those who wait there. */
  #requeue(task: Task<Home>): void {
    if (task.isSettled) return;
    this.#wait(task);
    this.#again.push(task);
  }

  #tryAgain(task: Task<Home>, otherwise: XksFailure): void {
    task.repeats += 1;
    if (task.repeats > 1) this.#fail(task, otherwise);
    else this.#requeue(task);
  }

  #next(): Task<Home> | undefined {
    for (let task = this.#again.shift(); task !== undefined; task = this.#again.shift()) if (!task.isSettled) return task;
    while (this.#queueAt < this.#queue.length) {
      const task = this.#queue[this.#queueAt++];
      if (task !== undefined && !task.isSettled) return task;
    }
    this.#queue = [];
    this.#queueAt = 0;
    return undefined;
  }

  /** A thread without an order, of a process that is well if there is one. The one that worked last has the warmest caches. */
  #take(): Worker | undefined {
    const at = this.#idle.findLastIndex(({ home }) => home.standing === 'serving');
    return at < 0 ? this.#idle.pop() : this.#idle.splice(at, 1)[0];
  }

  #drain(): void {
    while (this.#idle.length > 0) {
      const task = this.#next();
      if (task === undefined) return;
      const worker = this.#take();
      if (worker === undefined) return this.#requeue(task);
      if (!this.#start(task, worker)) this.#idle.push(worker);
    }
  }

  /** Hands an order to a thread. False: the thread is still free, because the order was refused, or waits for a search. */
  #start(task: Task<Home>, worker: Worker): boolean {
    const { label, rule } = task.order;
    const refused = rule === null ? null : this.#parts.mayUse(rule);
    if (refused !== null) {
      this.#fail(task, refused);
      return false;
    }
    const { directory } = worker.home;
    const now = this.#parts.now();
    const keys = label === null ? [] : directory.known(label, now);
    if (keys === null) return this.#searchFor(task, worker);
    const frame = task.order.frame({ id: this.#nextId(), epoch: this.#parts.epoch(), keys, health: this.#health(worker.home) });
    if (Buffer.isBuffer(frame)) {
      this.#send(task, worker, frame);
      return true;
    }
    if (label !== null && WORTH_ANOTHER_SEARCH.has(frame.reason) && directory.isDoubtful(label, now)) {
      directory.forget(label);
      return this.#searchFor(task, worker);
    }
    this.#fail(task, frame);
    return false;
  }

  #health(home: Home): Buffer {
    const keys = home.directory.remembered(this.#parts.healthKey) ?? [];
    return keys.length === 1 ? (keys[0]?.handle ?? NO_HANDLE) : NO_HANDLE;
  }

  #nextId(): number {
    this.#lastId = this.#lastId === MAX_ID ? 1 : this.#lastId + 1;
    return this.#lastId;
  }

  #send(task: Task<Home>, worker: Worker, frame: Buffer): void {
    this.#waitsNoMore(task);
    worker.task = task;
    worker.taskId = this.#lastId;
    worker.startedAt = this.#parts.now();
    task.startedAt = worker.startedAt;
    worker.send(frame);
  }

  #searchFor(task: Task<Home>, worker: Worker): boolean {
    const label = task.order.label ?? '';
    if (worker.home.directory.join(label, task)) return false;
    this.#search(label, worker);
    return true;
  }

  /** One search per label and process at a time: with many threads, the first requests of a label would otherwise all search. */
  #search(label: string, worker: Worker): void {
    const { home } = worker;
    const frame = plainFrame(ORDER.find, this.#nextId(), this.#parts.epoch(), Buffer.from(label, 'utf8'));
    const search = this.#taskOf({
      label: null,
      rule: null,
      isBound: true,
      frame: () => frame,
      done: ([found]) => {
        const keys = found ? readKeys(found) : null;
        if (keys === null) return GARBLED;
        for (const task of home.directory.finish(label, keys, this.#parts.now())) this.#requeue(task);
        return null;
      },
      failed: (failure) => this.#searchFailed(home, label, failure),
    });
    this.#follow(search);
    this.#send(search, worker, frame);
  }

  #searchFailed(home: Home, label: string, failure: XksFailure): void {
    const now = this.#parts.now();
    // Not looked for again by itself: a probe does that.
    if (label === this.#parts.healthKey) home.directory.learn(label, [], now);
    for (const task of home.directory.finish(label, null, now)) {
      if (failure === INTERRUPTED) this.#requeue(task);
      else this.#tryAgain(task, failure);
    }
  }

  #settle(task: Task<Home>, frame: Frame, home: Home): void {
    try {
      this.#settleUnchecked(task, frame, home);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.#fail(task, GARBLED);
      this.#parts.onSick(home, 'garbled');
    }
  }

  #settleUnchecked(task: Task<Home>, frame: Frame, home: Home): void {
    if (frame.kind === ANSWER.stopped) return task.order.isBound ? this.#fail(task, INTERRUPTED) : this.#requeue(task);
    if (frame.kind === ANSWER.failed) return this.#settleFault(task, frame, home);
    if (frame.kind !== ANSWER.done) throw new FrameError(`An answer of kind ${frame.kind}.`);
    if (task.isSettled) return;
    const times = task.times(this.#parts.now(), frame.word / 1000);
    const wrong = task.order.done(frame.fields, times, home);
    if (wrong === null) {
      task.isSettled = true;
      return;
    }
    this.#fail(task, wrong);
    this.#parts.onSick(home, wrong.reason);
  }

  #settleFault(task: Task<Home>, frame: Frame, home: Home): void {
    const fault = readFault(frame);
    if (fault.forgetsKey) {
      home.directory.forget(this.#parts.healthKey);
      if (task.order.label !== null) home.directory.forget(task.order.label);
    }
    if (fault.mayRepeat && !task.order.isBound) this.#tryAgain(task, fault.failure);
    else this.#fail(task, fault.failure, frame.word / 1000);
    if (fault.isDevice) this.#parts.onSick(home, fault.failure.reason);
  }

  #release(worker: Worker): void {
    if (worker.home.standing === 'closed') this.#lookWhetherIdle(worker.home);
    else if (this.#needsHealthKey(worker)) this.#search(this.#parts.healthKey, worker);
    else if (!worker.isHung) this.#idle.push(worker);
    this.#drain();
  }

  /** Known in each process before it is needed: when an answer is unclear, a search would come too late. */
  #needsHealthKey({ home, isHung }: Worker): boolean {
    const { healthKey } = this.#parts;
    return !isHung && home.directory.remembered(healthKey) === null && home.directory.begin(healthKey);
  }

  #lookWhetherIdle(home: Home): void {
    const isAtWork = [...this.#workers.values()].some((worker) => worker.home === home && worker.task !== null && !worker.isHung);
    if (!isAtWork) this.#parts.onIdle(home);
  }

  #follow(task: Task<Home>): void {
    this.#open.push(task);
    this.#setTimer();
  }

  /** One timer for all: at the deadline of the oldest order, or when the next late thread counts as hung. */
  #setTimer(): void {
    if (this.#timer !== null) return;
    const dates = [...this.#late].map(({ startedAt }) => startedAt + this.#parts.hungMs);
    const oldest = this.#open[this.#openAt];
    if (oldest !== undefined) dates.push(oldest.deadlineAt);
    if (dates.length === 0) return;
    const inMs = Math.max(1, Math.ceil(Math.min(...dates) - this.#parts.now()));
    this.#timer = setTimeout(() => this.#sweep(), inMs);
  }

  #sweep(): void {
    this.#timer = null;
    const now = this.#parts.now();
    for (let task = this.#open[this.#openAt]; task !== undefined; task = this.#open[this.#openAt]) {
      if (!task.isSettled && task.deadlineAt > now) break;
      this.#openAt += 1;
      if (!task.isSettled) this.#expire(task);
    }
    this.#open = this.#open.slice(this.#openAt);
    this.#openAt = 0;
    for (const worker of [...this.#late]) if (now - worker.startedAt >= this.#parts.hungMs) this.#hang(worker);
    this.#setTimer();
  }

  /** Its thread may still come back; what it brings then is dropped. */
  #expire(task: Task<Home>): void {
    if (!task.order.isBound) this.timeouts += 1;
    this.#fail(task, TIMED_OUT);
    for (const worker of this.#workers.values()) if (worker.task === task) this.#late.add(worker);
  }

  #hang(worker: Worker): void {
    this.#late.delete(worker);
    worker.isHung = true;
    this.#parts.onHung(worker.home);
    if (worker.home.standing === 'closed') this.#lookWhetherIdle(worker.home);
  }

  /** Threads of processes that take orders, and how many of all hang. */
  get threads(): { readonly ready: number; readonly hung: number } {
    const workers = [...this.#workers.values()];
    const ready = workers.filter(({ isHung, home }) => !isHung && home.standing !== 'closed').length;
    return { ready, hung: workers.filter(({ isHung }) => isHung).length };
  }

  /** Threads of one process that do not hang. */
  threadsOf(home: Home): number {
    return [...this.#workers.values()].filter((worker) => worker.home === home && !worker.isHung).length;
  }
}

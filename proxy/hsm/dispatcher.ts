import type { XksFailure } from '../../core/xks/errors';
import { Backlog } from './backlog';
import { Deadlines } from './deadlines';
import { Crew, type Home, type Thread, type Worker } from './crew';
import type { DispatcherParts } from './dispatcher-parts';
import { CRASHED, GARBLED, INTERRUPTED, NOT_TO_BE_TRUSTED, QUEUE_FULL, TIMED_OUT, WORTH_ANOTHER_SEARCH } from './failures';
import { FrameError, type Frame } from './frame';
import { ANSWER, ORDER, plainFrame, readFault } from './order-frame';
import { readKeys } from './read-keys';
import { SheafSize } from './sheaf-size';
import { Task, type Order } from './task';

const MAX_ID = 0xffffffff;
const NO_HANDLE = Buffer.alloc(0);

/**
 * Queue, deadlines and threads: who gets which order when, and what becomes of it. Knows nothing of processes or sockets, so that it
 * can be tried with a clock and threads of a test.
 */
export class Dispatcher {
  readonly #parts: DispatcherParts;
  readonly crew = new Crew();
  readonly #backlog = new Backlog<Home>();
  readonly #deadlines: Deadlines<Home, Worker>;
  readonly #sheaf = new SheafSize();
  #outgoing: Buffer[] = [];
  #lastId = 0;
  #isDrainDue = false;
  timeouts = 0;
  throttled = 0;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
    this.#deadlines = new Deadlines({
      now: parts.now,
      hungMs: parts.hungMs,
      onExpired: (task) => this.#expire(task),
      onHung: (worker) => this.#hang(worker),
    });
  }

  get queued(): number {
    return this.#backlog.length;
  }

  /** Takes an order, or refuses it because too many wait. */
  accept(order: Order<Home>): void {
    const task = this.#taskOf(order);
    if (this.#isFull()) {
      this.throttled += 1;
      this.#fail(task, QUEUE_FULL);
      return;
    }
    this.#deadlines.follow(task);
    this.#backlog.add(task);
    this.#drainSoon();
  }

  /** A thread whose session is open. */
  add(thread: Thread): void {
    this.#release(this.crew.add(thread));
  }

  /** A process is gone: what its threads were doing has failed, what waited for its searches goes elsewhere. */
  remove(home: Home): void {
    home.standing = 'closed';
    for (const worker of this.crew.dismiss(home)) {
      this.#deadlines.isBack(worker);
      for (const { task } of worker.hand.splice(0)) this.#fail(task, CRASHED);
    }
    for (const task of home.directory.abandon()) this.#tryAgain(task, CRASHED);
    this.#drain();
  }

  /** No more orders for a process. `onIdle` follows when it has none left; threads that hang do not count. */
  close(home: Home): void {
    home.standing = 'closed';
    this.crew.rest(home);
    for (const task of home.directory.abandon()) this.#requeue(task);
    this.#lookWhetherIdle(home);
    this.#drain();
  }

  /** Everything that is open fails with this, at once. Threads that are busy are left to themselves. */
  failAll(failure: XksFailure): void {
    this.#backlog.clear();
    for (const task of this.#deadlines.takeAll()) this.#fail(task, failure);
  }

  /** True while a caller waits for anything. */
  get isBusy(): boolean {
    return this.#deadlines.isBusy;
  }

  /** A frame from a thread. */
  receive(thread: Thread, frame: Frame): void {
    const worker = this.crew.of(thread);
    if (worker === undefined) return;
    const [first] = worker.hand;
    if (first === undefined || frame.id !== first.id) {
      this.#parts.onSick(worker.home, 'garbled');
      return;
    }
    worker.hand.shift();
    worker.startedAt = this.#parts.now();
    if (frame.kind === ANSWER.done) this.#sheaf.took(frame.word);
    // One that is late stays so while it has more: what it has may have missed its deadline too, and would not be told again.
    if (worker.hand.length === 0) this.#deadlines.isBack(worker);
    this.#settle(first.task, frame, worker.home);
    if (worker.hand.length === 0) this.#release(worker);
  }

  #taskOf(order: Order<Home>): Task<Home> {
    const now = this.#parts.now();
    return new Task(order, now, now + this.#parts.deadlineMs);
  }

  /** It has its answer, or gets it now. */
  #finish(task: Task<Home>): void {
    task.isSettled = true;
    this.#backlog.waitsNoMore(task);
    this.#deadlines.forget(task);
  }

  #fail(task: Task<Home>, failure: XksFailure, hsmMs: number | null = null): void {
    if (task.isSettled) return;
    this.#finish(task);
    task.order.failed(failure, task.times(this.#parts.now(), hsmMs));
  }

  /** Back to the front of the queue: it was accepted before those who wait there. */
  #requeue(task: Task<Home>): void {
    if (!task.isSettled) this.#backlog.addFirst(task);
  }

  #tryAgain(task: Task<Home>, otherwise: XksFailure): void {
    task.repeats += 1;
    if (task.repeats > 1) this.#fail(task, otherwise);
    else this.#requeue(task);
  }

  /** Orders that wait for a search count, also while threads are free: a flood for one label must not grow without bound. */
  #isFull(): boolean {
    const { length } = this.#backlog;
    return length >= this.#parts.queue && (length > 0 || !this.crew.hasIdle);
  }

  /** Orders of a quick HSM wait for the end of the turn: what came together with them travels with them. */
  #drainSoon(): void {
    if (this.#sheaf.orders === 1) return this.#drain();
    if (this.#isDrainDue || !this.crew.hasIdle) return;
    this.#isDrainDue = true;
    this.#parts.soon(() => {
      this.#isDrainDue = false;
      this.#drain();
    });
  }

  #drain(): void {
    while (this.crew.hasIdle) {
      const task = this.#backlog.next();
      if (task === undefined) return;
      const worker = this.crew.take();
      if (worker === undefined) return this.#requeue(task);
      this.#handOver(task, worker);
    }
  }

  /** Hands a thread this order, and what else waits where it is quick; other threads get their share where that is worth waking them. */
  #handOver(first: Task<Home>, worker: Worker): void {
    const threads = this.#sheaf.isTiny ? 1 : this.crew.idle + 1;
    const wanted = Math.min(this.#sheaf.orders, Math.ceil(this.#backlog.length / threads));
    for (let task: Task<Home> | undefined = first; task !== undefined; task = this.#backlog.next()) {
      const isSearch = this.#start(task, worker) && worker.hand.at(-1)?.task !== task;
      if (isSearch || worker.hand.length >= wanted) break;
    }
    this.#flush(worker);
    if (worker.hand.length === 0) this.crew.release(worker);
  }

  /** One write for all of them: each write wakes the thread, which costs more than the write. */
  #flush(worker: Worker): void {
    const frames = this.#outgoing.splice(0);
    const [only] = frames;
    if (only !== undefined) worker.send(frames.length === 1 ? only : Buffer.concat(frames));
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
    this.#backlog.waitsNoMore(task);
    task.startedAt = this.#parts.now();
    if (worker.hand.length === 0) worker.startedAt = task.startedAt;
    worker.hand.push({ id: this.#lastId, task });
    this.#outgoing.push(frame);
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
    this.#deadlines.follow(search);
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
    if (wrong === null) return this.#finish(task);
    this.#fail(task, wrong);
    if (NOT_TO_BE_TRUSTED.has(wrong)) this.#parts.onSick(home, wrong.reason);
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
    else if (this.#needsHealthKey(worker)) {
      this.#search(this.#parts.healthKey, worker);
      this.#flush(worker);
    } else if (!worker.isHung) this.crew.release(worker);
    this.#drain();
  }

  /** Known in each process before it is needed: when an answer is unclear, a search would come too late. */
  #needsHealthKey({ home, isHung }: Worker): boolean {
    const { healthKey } = this.#parts;
    return !isHung && home.directory.remembered(healthKey) === null && home.directory.begin(healthKey);
  }

  #lookWhetherIdle(home: Home): void {
    if (!this.crew.isAtWork(home)) this.#parts.onIdle(home);
  }

  /** Its thread may still come back; what it brings then is dropped. */
  #expire(task: Task<Home>): Worker | null {
    if (!task.order.isBound) this.timeouts += 1;
    this.#fail(task, TIMED_OUT);
    return this.crew.with(task);
  }

  #hang(worker: Worker): void {
    worker.isHung = true;
    this.#parts.onHung(worker.home);
    if (worker.home.standing === 'closed') this.#lookWhetherIdle(worker.home);
  }
}

import { LiveList } from '../live-list';
import type { Task } from './task';

/** A thread that works on an order. */
export interface AtWork {
  readonly startedAt: number;
}

export interface DeadlinesParts<Home, Worker extends AtWork> {
  readonly now: () => number;
  readonly hungMs: number;
  /** The deadline of a task is over. Answers the thread that works on it. */
  readonly onExpired: (task: Task<Home>) => Worker | null;
  readonly onHung: (worker: Worker) => void;
}

/**
 * Deadlines of orders, and of threads that missed one. One timer for all of them: every order has the same time, so the order in
 * which they came is the order in which their deadlines pass, and a timer of its own for each would cost more than its frame.
 */
export class Deadlines<Home, Worker extends AtWork> {
  readonly #parts: DeadlinesParts<Home, Worker>;
  readonly #late = new Set<Worker>();
  readonly #open = new LiveList<Task<Home>>();
  #timer: NodeJS.Timeout | null = null;
  #timerAt = Infinity;

  constructor(parts: DeadlinesParts<Home, Worker>) {
    this.#parts = parts;
  }

  /** True while anybody waits for an answer. */
  get isBusy(): boolean {
    return this.#open.size > 0;
  }

  follow(task: Task<Home>): void {
    task.open = this.#open.add(task);
    if (task.deadlineAt < this.#timerAt) this.#setTimer();
  }

  /** It has its answer. Followed until its deadline, it would keep all of its request in memory for so long. */
  forget(task: Task<Home>): void {
    if (task.open !== null) this.#open.remove(task.open);
    task.open = null;
  }

  /** A thread came back, or is gone. */
  isBack(worker: Worker): void {
    this.#late.delete(worker);
  }

  /** Follows nothing any more; answers what it followed. */
  takeAll(): readonly Task<Home>[] {
    const open = Array.from(this.#open, ({ value }) => value);
    for (const task of open) this.forget(task);
    return open;
  }

  /** At the deadline of the oldest order, or when the next late thread counts as hung: whichever is first. */
  #setTimer(): void {
    let at = this.#open.oldest?.deadlineAt ?? Infinity;
    for (const { startedAt } of this.#late) at = Math.min(at, startedAt + this.#parts.hungMs);
    if (at >= this.#timerAt) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timerAt = at;
    this.#timer = setTimeout(() => this.#sweep(), Math.max(1, Math.ceil(at - this.#parts.now())));
  }

  #sweep(): void {
    this.#timer = null;
    this.#timerAt = Infinity;
    const now = this.#parts.now();
    for (const { value: task } of this.#open) {
      if (task.deadlineAt > now) break;
      this.forget(task);
      const worker = this.#parts.onExpired(task);
      if (worker !== null) this.#late.add(worker);
    }
    for (const worker of [...this.#late]) if (now - worker.startedAt >= this.#parts.hungMs) this.#hang(worker);
    this.#setTimer();
  }

  #hang(worker: Worker): void {
    this.#late.delete(worker);
    this.#parts.onHung(worker);
  }
}

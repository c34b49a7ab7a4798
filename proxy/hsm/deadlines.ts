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
  #open: Task<Home>[] = [];
  #timer: NodeJS.Timeout | null = null;
  #timerAt = Infinity;

  constructor(parts: DeadlinesParts<Home, Worker>) {
    this.#parts = parts;
  }

  /** True while anybody waits for an answer. */
  get isBusy(): boolean {
    return this.#open.some((task) => !task.isSettled);
  }

  follow(task: Task<Home>): void {
    this.#open.push(task);
    this.#setTimer();
  }

  /** A thread came back, or is gone. */
  isBack(worker: Worker): void {
    this.#late.delete(worker);
  }

  /** Follows nothing any more; answers what it followed. */
  takeAll(): readonly Task<Home>[] {
    const open = this.#open;
    this.#open = [];
    return open;
  }

  /** At the deadline of the oldest order, or when the next late thread counts as hung: whichever is first. */
  #setTimer(): void {
    const oldest = this.#open[0];
    let at = oldest?.deadlineAt ?? Infinity;
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
    const first = this.#open.findIndex((task) => !task.isSettled && task.deadlineAt > now);
    const over = this.#open.splice(0, first < 0 ? this.#open.length : first);
    for (const task of over) {
      const worker = task.isSettled ? null : this.#parts.onExpired(task);
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

import type { Task } from './task';

/** Places of orders that are gone are given back after so many: under a steady load the queue is never empty. */
const COMPACT_AFTER = 256;

/** Orders that wait for a thread, first come first served. Those that come back go first: they were accepted before the others. */
export class Backlog<Home> {
  readonly #again: Task<Home>[] = [];
  #queue: (Task<Home> | null)[] = [];
  #at = 0;
  #length = 0;

  /** How many orders wait, for a thread or for a search. */
  get length(): number {
    return this.#length;
  }

  add(task: Task<Home>): void {
    this.wait(task);
    this.#queue.push(task);
  }

  addFirst(task: Task<Home>): void {
    this.wait(task);
    this.#again.push(task);
  }

  wait(task: Task<Home>): void {
    if (task.isWaiting) return;
    task.isWaiting = true;
    this.#length += 1;
  }

  /** It got its thread, or its answer. */
  waitsNoMore(task: Task<Home>): void {
    if (!task.isWaiting) return;
    task.isWaiting = false;
    this.#length -= 1;
  }

  /** The next one that still wants an answer; it goes on waiting until it got a thread. */
  next(): Task<Home> | undefined {
    for (let task = this.#again.shift(); task !== undefined; task = this.#again.shift()) if (!task.isSettled) return task;
    while (this.#at < this.#queue.length) {
      const task = this.#queue[this.#at];
      // Its place is kept for a while; what hangs on it must not be.
      this.#queue[this.#at++] = null;
      this.#compact();
      if (task && !task.isSettled) return task;
    }
    this.clear();
    return undefined;
  }

  #compact(): void {
    if (this.#at < COMPACT_AFTER) return;
    this.#queue = this.#queue.slice(this.#at);
    this.#at = 0;
  }

  /** Places taken in memory, for the test that they are given back. */
  get places(): number {
    return this.#queue.length;
  }

  clear(): void {
    this.#again.length = 0;
    this.#queue = [];
    this.#at = 0;
  }
}

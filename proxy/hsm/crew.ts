import type { KeyDirectory } from './key-directory';
import type { Task } from './task';

/** An HSM process as the dispatcher sees it. */
export interface Home {
  readonly directory: KeyDirectory<Task<Home>>;
  /** `doubted`: it failed, and gets orders only where no other process can; `closed`: none any more */
  standing: 'serving' | 'doubted' | 'closed';
}

/** A thread of a process, with a session that is open. */
export interface Thread {
  readonly home: Home;
  readonly send: (frame: Buffer) => void;
}

/** An order that a thread has, under the id of its frame. */
export interface InHand {
  readonly id: number;
  readonly task: Task<Home>;
}

/** A thread and what it is doing. */
export interface Worker extends Thread {
  /** the first is being worked on, the others wait in its socket; answers come in this order */
  readonly hand: InHand[];
  /** when it began with the first, in milliseconds */
  startedAt: number;
  isHung: boolean;
}

/** All threads of all processes. */
export class Crew {
  readonly #workers = new Map<Thread, Worker>();
  #idle: Worker[] = [];

  get idle(): number {
    return this.#idle.length;
  }

  get hasIdle(): boolean {
    return this.#idle.length > 0;
  }

  get busy(): number {
    return this.#count(({ hand }) => hand.length > 0);
  }

  /** Threads that take orders, and those that hang. */
  get threads(): { readonly ready: number; readonly hung: number } {
    return {
      ready: this.#count(({ isHung, home }) => !isHung && home.standing !== 'closed'),
      hung: this.#count(({ isHung }) => isHung),
    };
  }

  /** Threads of one process that do not hang. */
  threadsOf(home: Home): number {
    return this.#count((worker) => worker.home === home && !worker.isHung);
  }

  /** Does any thread of a process work on an order and may still come back? */
  isAtWork(home: Home): boolean {
    return this.#count((worker) => worker.home === home && worker.hand.length > 0 && !worker.isHung) > 0;
  }

  add(thread: Thread): Worker {
    const worker: Worker = { ...thread, hand: [], startedAt: 0, isHung: false };
    this.#workers.set(thread, worker);
    return worker;
  }

  of(thread: Thread): Worker | undefined {
    return this.#workers.get(thread);
  }

  with(task: Task<Home>): Worker | null {
    return [...this.#workers.values()].find(({ hand }) => hand.some((one) => one.task === task)) ?? null;
  }

  /** The threads of a process, which belong to nobody from now on. */
  dismiss(home: Home): readonly Worker[] {
    const gone = [...this.#workers].filter(([, worker]) => worker.home === home);
    for (const [thread] of gone) this.#workers.delete(thread);
    this.rest(home);
    return gone.map(([, worker]) => worker);
  }

  /** No thread of a process waits for orders any more. */
  rest(home: Home): void {
    this.#idle = this.#idle.filter((worker) => worker.home !== home);
  }

  release(worker: Worker): void {
    this.#idle.push(worker);
  }

  /**
   * A thread without an order: the one that worked last, whose caches are warm. One of a doubted process only where no process is
   * trusted: waiting for a busy one is better than an error.
   */
  take(): Worker | undefined {
    const at = this.#idle.findLastIndex(({ home }) => home.standing === 'serving');
    if (at >= 0) return this.#idle.splice(at, 1)[0];
    const isAnyTrusted = this.#count(({ home, isHung }) => home.standing === 'serving' && !isHung) > 0;
    return isAnyTrusted ? undefined : this.#idle.pop();
  }

  #count(is: (worker: Worker) => boolean): number {
    let count = 0;
    for (const worker of this.#workers.values()) if (is(worker)) count += 1;
    return count;
  }
}

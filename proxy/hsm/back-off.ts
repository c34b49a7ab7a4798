const FIRST_MS = 100;
const LONGEST_MS = 5000;

/** A failure this long after the last one, in ms, is a new story. */
const FORGOTTEN_MS = 30_000;

/**
 * How long to wait before the next try, in ms: the first failure costs no wait, then 100 ms, doubling to 5 s. A crash is healed at
 * once, and a token that stays away gets neither a storm of processes nor one of logins.
 */
export class BackOff {
  #failures = 0;
  #last = -Infinity;

  /** A try failed, or what it had started broke. Answers the wait before the next one. */
  failed(now: number): number {
    this.#failures = now - this.#last > FORGOTTEN_MS ? 1 : this.#failures + 1;
    this.#last = now;
    return this.#failures === 1 ? 0 : Math.min(LONGEST_MS, FIRST_MS * 2 ** (this.#failures - 2));
  }

  /** A person acted: try at once. */
  reset(): void {
    this.#failures = 0;
    this.#last = -Infinity;
  }
}

/** Orders that a thread gets at once at the most. */
const MOST = 16;
/** What the last of them may wait behind the others, in microseconds: little against KMS's 250 ms, and against a search for a free thread. */
const WAIT_US = 600;
/** How much a new measurement counts. */
const WEIGHT = 1 / 16;
/** What it costs to wake a thread and to be woken by it, in microseconds, about: below that a second thread gains nothing. */
const WAKE_US = 50;

/**
 * How many orders to hand to one thread at once. Waking a thread, and being woken by it, costs as much as a fast HSM's operation, so
 * a fast one gets several in one write when several wait. A slow one gets one at a time: another thread may be free sooner.
 */
export class SheafSize {
  #tookUs = Infinity;

  /** An operation took so long, in microseconds. */
  took(us: number): void {
    this.#tookUs = this.#tookUs === Infinity ? us : this.#tookUs + (us - this.#tookUs) * WEIGHT;
  }

  /** 1 until something was measured. */
  get orders(): number {
    return Math.max(1, Math.min(MOST, Math.floor(WAIT_US / Math.max(1, this.#tookUs))));
  }

  /** Is an operation shorter than what handing it to another thread costs? */
  get isTiny(): boolean {
    return this.#tookUs < WAKE_US;
  }
}

/** A place in a list. */
export interface Place<T> {
  readonly value: T;
  before: Place<T> | null;
  after: Place<T> | null;
}

/**
 * What is under way, the oldest first; one leaves in constant time. A Set would do, but for its memory: V8 makes it a new table every
 * few dozen changes, and the old one keeps pointing to it. Once one of those dead tables has become old, all that follow it outlive
 * the young collections with everything in them, and at thousands of requests in a second the collector copies each of them twice.
 */
export class LiveList<T> {
  #first: Place<T> | null = null;
  #last: Place<T> | null = null;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get oldest(): T | undefined {
    return this.#first?.value;
  }

  add(value: T): Place<T> {
    const place: Place<T> = { value, before: this.#last, after: null };
    if (this.#last === null) this.#first = place;
    else this.#last.after = place;
    this.#last = place;
    this.#size += 1;
    return place;
  }

  /** Takes a place out; nothing where that was done already. Its links are cut, for the reason above. */
  remove(place: Place<T>): void {
    const { before, after } = place;
    if (before === null && this.#first !== place) return;
    if (before === null) this.#first = after;
    else before.after = after;
    if (after === null) this.#last = before;
    else after.before = before;
    place.before = null;
    place.after = null;
    this.#size -= 1;
  }

  /** From the oldest on; the place that came last may be removed before the next is asked for. */
  *[Symbol.iterator](): Generator<Place<T>> {
    for (let place = this.#first; place !== null;) {
      const { after } = place;
      yield place;
      place = after;
    }
  }
}

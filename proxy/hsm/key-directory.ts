import type { KnownKey } from './key-choice';

/**
 * How long handles and attributes are believed, in ms: up to twice this, spread so that hundreds of labels are not looked up again
 * in the same moment. A search on a full token costs as much as a thousand encryptions.
 */
const BELIEVED_MS = 300_000;

/** Nothing found, or not what the settings name: looked up again after this. */
const DOUBTED_MS = 1000;

interface Found {
  readonly keys: readonly KnownKey[];
  readonly foundAt: number;
  readonly until: number;
}

/** What one process knows of the keys on the token: handles are its own. `Waiting`: whoever waits for a search. */
export class KeyDirectory<Waiting> {
  readonly #found = new Map<string, Found>();
  readonly #searches = new Map<string, Waiting[]>();
  readonly #random: () => number;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** The keys under a label, or null when they have to be searched for. */
  known(label: string, now: number): readonly KnownKey[] | null {
    const found = this.#found.get(label);
    return found !== undefined && now < found.until ? found.keys : null;
  }

  /** The same however long ago that was; null: never searched for, or forgotten. */
  remembered(label: string): readonly KnownKey[] | null {
    return this.#found.get(label)?.keys ?? null;
  }

  /** May what is known be out of date, so that a refusal because of it is worth another search? */
  isDoubtful(label: string, now: number): boolean {
    const found = this.#found.get(label);
    return found === undefined || now - found.foundAt >= DOUBTED_MS;
  }

  /** Waits for the search under way. False: there is none, and the caller begins one. */
  join(label: string, waiting: Waiting): boolean {
    const search = this.#searches.get(label);
    if (search === undefined) this.#searches.set(label, [waiting]);
    else search.push(waiting);
    return search !== undefined;
  }

  /** Begins a search nobody waits for; false: one is under way. */
  begin(label: string): boolean {
    if (this.#searches.has(label)) return false;
    this.#searches.set(label, []);
    return true;
  }

  /** The search is over: who waited for it. `keys` null: it gave nothing that can be believed. */
  finish(label: string, keys: readonly KnownKey[] | null, now: number): readonly Waiting[] {
    if (keys !== null) this.learn(label, keys, now);
    const waiting = this.#searches.get(label) ?? [];
    this.#searches.delete(label);
    return waiting;
  }

  learn(label: string, keys: readonly KnownKey[], now: number): void {
    const believed = keys.length === 0 ? DOUBTED_MS : BELIEVED_MS * (1 + this.#random());
    this.#found.set(label, { keys, foundAt: now, until: now + believed });
  }

  forget(label: string): void {
    this.#found.delete(label);
  }

  forgetAll(): void {
    this.#found.clear();
  }

  /** Everybody who waits for any search; none is under way any more. */
  abandon(): readonly Waiting[] {
    const waiting = [...this.#searches.values()].flat();
    this.#searches.clear();
    return waiting;
  }
}

/** How many IVs are remembered, over all processes. */
const REMEMBERED = 8192;

/**
 * Sees an IV that comes again under the same key. Each thread checks its own already; this one sees two processes whose generators
 * give the same numbers. What it finds must not leave: one IV twice under a key gives away both plaintexts.
 */
export class IvGuard {
  readonly #seen = new Set<string>();
  readonly #order: string[] = [];
  #at = 0;

  /** True when this IV was not used lately. */
  isFresh(generation: string, iv: Buffer): boolean {
    const mark = generation + iv.toString('latin1');
    if (this.#seen.has(mark)) return false;
    this.#seen.add(mark);
    const oldest = this.#order[this.#at];
    if (oldest !== undefined) this.#seen.delete(oldest);
    this.#order[this.#at] = mark;
    this.#at = (this.#at + 1) % REMEMBERED;
    return true;
  }
}

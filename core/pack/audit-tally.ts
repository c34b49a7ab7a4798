import type { TranscriptEvent } from '../evidence/event';
import { XKS_STATUS } from '../xks/errors';

/** Names that are counted each by itself; a hostile file with a million types must not fill the memory. */
const MOST_NAMES = 100;

/** Counts events by type, and answered requests by outcome. */
export class AuditTally {
  readonly #types = new Map<string, number>();
  readonly #outcomes = new Map<string, number>();

  take({ type, data }: TranscriptEvent): void {
    count(this.#types, type);
    if (type === 'request') count(this.#outcomes, outcomeOf(data['outcome']));
  }

  types(): Readonly<Record<string, number>> {
    return sorted(this.#types);
  }

  outcomes(): Readonly<Record<string, number>> {
    return sorted(this.#outcomes);
  }
}

function outcomeOf(outcome: unknown): string {
  return typeof outcome === 'string' && (outcome === 'ok' || Object.hasOwn(XKS_STATUS, outcome)) ? outcome : 'other';
}

function count(counts: Map<string, number>, name: string): void {
  const key = counts.has(name) || counts.size < MOST_NAMES ? name : 'other';
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Most first; fromEntries defines members, so a type called `__proto__` is one among others. */
function sorted(counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  return Object.fromEntries([...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
}

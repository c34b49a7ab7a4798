import type { Store } from './store';

/** The clock of a rehearsal: real time, moved forward. The state keeps how far. */
export interface RehearsalClock {
  /** epoch ms */
  now(): number;
}

export function clockOf(store: Store): RehearsalClock {
  return { now: () => Date.now() + store.read().clockAheadMs };
}

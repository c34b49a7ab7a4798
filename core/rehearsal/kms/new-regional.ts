import type { Regional } from './state';

/** A key that has just begun in a Region. */
export function newRegional(now: number, own: Pick<Regional, 'policy' | 'description' | 'tags'>): Regional {
  return {
    ...own,
    createdAtMs: now,
    isEnabled: true,
    deletion: null,
    creatingUntilMs: 0,
    updatingUntilMs: 0,
    holdings: {},
    grants: [],
    lastUsage: null,
  };
}

import type { HsmState } from '../../proxy/hsm/port';

/** A pool that serves with every session open, but for what the test says. */
export function servingHsm(over: Partial<HsmState> = {}): HsmState {
  return {
    condition: 'serving',
    problem: '',
    loggedOut: 'no',
    sessions: { wanted: 4, ready: 4, busy: 0, hung: 0 },
    queued: 0,
    counts: { workersReplaced: 0, logins: 1, loginsRefused: 0, timeouts: 0, throttled: 0, encryptions: {} },
    token: null,
    ...over,
  };
}

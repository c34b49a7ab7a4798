import { setTimeout as pause } from 'node:timers/promises';
import { success, type Result } from '../../contract/result';
import type { ProxyStatus } from '../../contract/proxy-status';
import type { StationProxy } from '../proxy-port';
import type { Act } from './act';
import { ownProxy } from './proxy-place';
import { storePlan } from './store-plan';

/** From a crash until it is proven healthy again: the pause of its supervisor, the start, the login, ms. */
const RETURN_MS = 20_000;
const LOOK_MS = 50;

/**
 * An act that means nothing without the proxy of this station. One that comes up, or comes back from a crash, is waited for. Where
 * none will come by itself nothing is begun: after a restart of this program the process is gone, and its PIN with it, which only a
 * person can give again. What the act would find then (a failed connection, a refused use) would point people at the wrong place.
 * Errors: what keeps it from running, e.g. `proxy.pinNeeded`, `proxy.notRunning`; then the act's own.
 */
export function withProxy(act: Act): Act {
  return async (context) => {
    if (storePlan(context.state).place !== 'here') return act(context);
    const proxy = ownProxy(context);
    if (!proxy.ok) return proxy;
    const there = await untilThere(proxy.value);
    return there.ok ? act(context) : there;
  };
}

/** Until it serves or refuses, as it should; one that does neither for long is for the act to judge. */
async function untilThere(proxy: StationProxy): Promise<Result<null>> {
  const until = performance.now() + RETURN_MS;
  for (;;) {
    const standstill = await proxy.standstill();
    if (standstill !== null) return { ok: false, error: standstill };
    const status = await proxy.ask({ verb: 'status' });
    if (status.ok && isThere(status.value)) return success(null);
    if (performance.now() > until) return status.ok ? success(null) : status;
    await pause(LOOK_MS);
  }
}

function isThere({ latch, hsm, health }: ProxyStatus): boolean {
  return latch.killed || (hsm.condition === 'serving' && health.state === 'ACTIVE');
}

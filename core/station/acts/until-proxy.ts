import { setTimeout as pause } from 'node:timers/promises';
import type { Result } from '../../contract/result';
import type { ProxyStatus } from '../../contract/proxy-status';
import type { StationProxy } from '../proxy-port';

const LOOK_MS = 50;

/** Asks the proxy how it is until it is so, or time is up; answers what it said last. */
export async function untilProxy(
  proxy: StationProxy,
  isIt: (status: ProxyStatus) => boolean,
  withinMs: number,
): Promise<Result<ProxyStatus>> {
  const until = performance.now() + withinMs;
  for (;;) {
    const status = await proxy.ask({ verb: 'status' });
    if (!status.ok || isIt(status.value) || performance.now() > until) return status;
    await pause(LOOK_MS);
  }
}

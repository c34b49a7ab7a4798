import type { ProxyLive } from '../core/contract/proxy-live';
import { RequestRing } from './live/request-ring';
import { SecondRing, type LastMinute } from './live/second-ring';
import type { RequestRecord } from './request-record';

/** What the proxy did of late: in memory alone, for people who watch it. The audit log is what lasts. */
export interface Live {
  /** Takes one answered request. Costs about a microsecond and makes no garbage. */
  readonly observe: (record: RequestRecord) => void;
  /** @param since the `upTo` of the last answer, 0 at first */
  readonly read: (since: number) => ProxyLive;
  /** For `keyrite status`. */
  readonly lastMinute: () => LastMinute;
}

/** @param queued operations that wait for a session @param now milliseconds since 1970 */
export function createLive({ queued, now }: { readonly queued: () => number; readonly now: () => number }): Live {
  const run = new Date(now()).toISOString();
  const seconds = new SecondRing(now);
  const requests = new RequestRing();
  return {
    observe: (record) => {
      seconds.add(record);
      requests.add(record, now());
    },
    read: (since) => ({ run, ...seconds.read(), requests: requests.after(since), upTo: requests.upTo, queued: queued() }),
    lastMinute: () => seconds.lastMinute(),
  };
}

import type { RequestRecord } from '../request-record';
import type { Audit } from './port';

/** Lines for strangers: this many at once, then one more each second. At about 700 bytes a line that is 60 MB a day at the most. */
const BURST = 100;
const REFILL_MS = 1000;
/** How often those without a line of their own are told, ms. */
const TELL_MS = 60_000;

/** Nothing that KMS says was read: the path led nowhere, nobody we know signed it, or there was no JSON in it. */
function isStranger({ outcome, kmsRequestId }: RequestRecord): boolean {
  return outcome !== 'ok' && kmsRequestId === '';
}

export interface Strangers extends Pick<Audit, 'request'> {
  /** Tells what is still untold. */
  readonly close: () => Promise<void>;
}

/**
 * Keeps strangers from filling the disk, which would stop the proxy: whoever reaches the port can have requests refused without end.
 * Beyond a rate their refusals are counted by outcome and told in one line a minute (`strangers`). All who sign get a line each.
 */
export function limitStrangers(audit: Pick<Audit, 'request' | 'act'>, now: () => number): Strangers {
  let tokens = BURST;
  let filledAt = now();
  let counts: Record<string, number> = {};
  const tell = async (): Promise<void> => {
    const told = counts;
    counts = {};
    if (Object.keys(told).length > 0) await audit.act('strangers', { refusedWithoutLine: told });
  };
  const timer = setInterval(() => void tell(), TELL_MS);
  timer.unref();
  const admit = (): boolean => {
    const gained = Math.max(0, Math.floor((now() - filledAt) / REFILL_MS));
    filledAt += gained * REFILL_MS;
    tokens = Math.min(BURST, tokens + gained);
    if (tokens === 0) return false;
    tokens -= 1;
    return true;
  };
  return {
    request: (record) => {
      if (!isStranger(record) || admit()) return audit.request(record);
      counts[record.outcome] = (counts[record.outcome] ?? 0) + 1;
      return Promise.resolve(true);
    },
    close: async () => {
      clearInterval(timer);
      await tell();
    },
  };
}

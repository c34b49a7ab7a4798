import type { LiveSecond } from '../../core/contract/proxy-live';
import { XKS_STATUS } from '../../core/xks/errors';
import type { RequestRecord } from '../request-record';
import { BUCKETS, percentileOf, takeTime, type Times } from './time-buckets';

/** The requests of the last 60 seconds; the times are null where there was none. */
export interface LastMinute {
  readonly count: number;
  readonly errors: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
}

/** Five minutes. */
export const SECONDS = 300;
const MINUTE = 60;
/** One more, for the second under way. */
const SLOTS = SECONDS + 1;
const OUTCOMES = ['ok', ...Object.keys(XKS_STATUS)] as const;
const AT: ReadonlyMap<string, number> = new Map(OUTCOMES.map((outcome, i) => [outcome, i]));

export type Timed = Pick<RequestRecord, 'totalMs' | 'queueMs' | 'hsmMs' | 'outcome'>;

interface Second {
  at: number;
  count: number;
  /** those that came to the HSM */
  served: number;
  readonly outcomes: Uint32Array;
  readonly total: Times;
  readonly queue: Times;
  readonly hsm: Times;
}

/** Counts and times by the second, in fixed memory: half a megabyte, whatever comes. */
export class SecondRing {
  readonly #now: () => number;
  readonly #seconds: readonly Second[];

  /** @param now milliseconds since 1970 */
  constructor(now: () => number) {
    this.#now = now;
    const times = (): Times => new Uint32Array(BUCKETS);
    this.#seconds = Array.from({ length: SLOTS }, () => ({
      at: -1,
      count: 0,
      served: 0,
      outcomes: new Uint32Array(OUTCOMES.length),
      total: times(),
      queue: times(),
      hsm: times(),
    }));
  }

  add({ totalMs, queueMs, hsmMs, outcome }: Timed): void {
    const second = this.#current();
    second.count += 1;
    const i = AT.get(outcome) ?? 0;
    second.outcomes[i] = (second.outcomes[i] ?? 0) + 1;
    takeTime(second.total, totalMs);
    if (queueMs === 0 && hsmMs === 0) return; // it never came to the HSM
    second.served += 1;
    takeTime(second.queue, queueMs);
    takeTime(second.hsm, hsmMs);
  }

  /** Up to this moment, the second under way with it. */
  lastMinute(): LastMinute {
    const now = this.#secondNow();
    const recent = this.#seconds.filter(({ at }) => at > now - MINUTE && at <= now);
    const times = new Uint32Array(BUCKETS);
    for (const { total } of recent) total.forEach((n, i) => (times[i] = (times[i] ?? 0) + n));
    const count = recent.reduce((sum, second) => sum + second.count, 0);
    const errors = recent.reduce((sum, second) => sum + refusedIn(second), 0);
    const ms = (share: number): number | null => (count === 0 ? null : percentileOf(times, count, share));
    return { count, errors, p50Ms: ms(0.5), p99Ms: ms(0.99) };
  }

  /** The whole seconds in which something was asked, the oldest first; `until`: the last whole second there was. */
  read(): { readonly until: number; readonly seconds: LiveSecond[]; readonly outcomes: Record<string, number> } {
    const until = this.#secondNow() - 1;
    const recent = this.#seconds
      .filter(({ at, count }) => count > 0 && at > until - SECONDS && at <= until)
      .sort((left, right) => left.at - right.at);
    const outcomes: Record<string, number> = {};
    OUTCOMES.forEach((outcome, i) => {
      const n = recent.reduce((sum, second) => sum + (second.outcomes[i] ?? 0), 0);
      if (n > 0) outcomes[outcome] = n;
    });
    return { until, seconds: recent.map(told), outcomes };
  }

  #secondNow(): number {
    return Math.floor(this.#now() / 1000);
  }

  #current(): Second {
    const now = this.#secondNow();
    const second = this.#seconds[now % SLOTS];
    if (second === undefined) throw new RangeError('The clock stands before 1970.');
    if (second.at !== now) {
      second.at = now;
      second.count = 0;
      second.served = 0;
      for (const counts of [second.outcomes, second.total, second.queue, second.hsm]) counts.fill(0);
    }
    return second;
  }
}

function refusedIn({ count, outcomes }: Second): number {
  return count - (outcomes[0] ?? 0);
}

function told(second: Second): LiveSecond {
  const { at, count, served, total, queue, hsm } = second;
  return {
    second: at,
    requests: count,
    refused: refusedIn(second),
    p50Ms: percentileOf(total, count, 0.5),
    p95Ms: percentileOf(total, count, 0.95),
    p99Ms: percentileOf(total, count, 0.99),
    queueP50Ms: percentileOf(queue, served, 0.5),
    hsmP50Ms: percentileOf(hsm, served, 0.5),
  };
}

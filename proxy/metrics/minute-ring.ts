/** The requests of the last 60 seconds; the times are null where there was none. */
export interface LastMinute {
  readonly count: number;
  readonly errors: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
}

const SECONDS = 60;
/** Buckets grow by a tenth, from 0.05 ms: 120 of them reach beyond 4 seconds. A percentile is right to that tenth. */
const BUCKETS = 120;
const LEAST_MS = 0.05;
const GROWTH = Math.log(1.1);

interface Second {
  at: number;
  count: number;
  errors: number;
  readonly times: Uint32Array;
}

/** Counts and times by the second, in fixed memory. */
export class MinuteRing {
  readonly #now: () => number;
  readonly #seconds: readonly Second[];

  /** @param now milliseconds since 1970 */
  constructor(now: () => number) {
    this.#now = now;
    this.#seconds = Array.from({ length: SECONDS }, () => ({ at: -1, count: 0, errors: 0, times: new Uint32Array(BUCKETS) }));
  }

  add(totalMs: number, isError: boolean): void {
    const second = this.#current();
    second.count += 1;
    if (isError) second.errors += 1;
    const bucket = bucketOf(totalMs);
    second.times[bucket] = (second.times[bucket] ?? 0) + 1;
  }

  read(): LastMinute {
    const now = this.#secondNow();
    const recent = this.#seconds.filter(({ at }) => at > now - SECONDS && at <= now);
    const times = new Uint32Array(BUCKETS);
    for (const second of recent) second.times.forEach((n, i) => (times[i] = (times[i] ?? 0) + n));
    const count = recent.reduce((sum, second) => sum + second.count, 0);
    const errors = recent.reduce((sum, second) => sum + second.errors, 0);
    return { count, errors, p50Ms: percentile(times, count, 0.5), p99Ms: percentile(times, count, 0.99) };
  }

  #secondNow(): number {
    return Math.floor(this.#now() / 1000);
  }

  #current(): Second {
    const now = this.#secondNow();
    const second = this.#seconds[now % SECONDS];
    if (second === undefined) throw new RangeError('The clock stands before 1970.');
    if (second.at !== now) {
      second.at = now;
      second.count = 0;
      second.errors = 0;
      second.times.fill(0);
    }
    return second;
  }
}

function bucketOf(ms: number): number {
  if (!(ms > LEAST_MS)) return 0; // NaN too
  return Math.min(BUCKETS - 1, Math.ceil(Math.log(ms / LEAST_MS) / GROWTH));
}

/** The upper edge of the bucket that holds the percentile, in ms with two decimals. */
function percentile(times: Uint32Array, count: number, share: number): number | null {
  if (count === 0) return null;
  let left = Math.ceil(count * share);
  const bucket = times.findIndex((n) => (left -= n) <= 0);
  return Math.round(LEAST_MS * Math.exp(bucket * GROWTH) * 100) / 100;
}

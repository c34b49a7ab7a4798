/** Buckets grow by a tenth, from 0.05 ms: 120 of them reach beyond 4 seconds. A percentile is right to that tenth. */
export const BUCKETS = 120;
const LEAST_MS = 0.05;
const GROWTH = Math.log(1.1);

/** Times per bucket. */
export type Times = Uint32Array;

export function takeTime(times: Times, ms: number): void {
  const bucket = bucketOf(ms);
  times[bucket] = (times[bucket] ?? 0) + 1;
}

function bucketOf(ms: number): number {
  if (!(ms > LEAST_MS)) return 0; // NaN too
  return Math.min(BUCKETS - 1, Math.ceil(Math.log(ms / LEAST_MS) / GROWTH));
}

/** The upper edges, in ms with two decimals. */
const EDGES: readonly number[] = Array.from(
  { length: BUCKETS },
  (_, i) => Math.round(LEAST_MS * Math.exp(i * GROWTH) * 100) / 100,
);

/** The upper edge of the bucket that holds the percentile, in ms; 0 where there are no times. */
export function percentileOf(times: Times, count: number, share: number): number {
  if (count === 0) return 0;
  let left = Math.ceil(count * share);
  return EDGES[times.findIndex((n) => (left -= n) <= 0)] ?? 0;
}

import type { LiveSecond } from '../../../core/contract/proxy-live';

/** Seconds that the charts show. */
export const SHOWN_SECONDS = 300;

/** One value for each of the 300 seconds up to `until`, the oldest first; `idle` where nothing was asked. */
export function valuesPerSecond<T>(
  seconds: readonly LiveSecond[],
  until: number,
  of: (second: LiveSecond) => number,
  idle: T,
): readonly (number | T)[] {
  const values: (number | T)[] = Array.from({ length: SHOWN_SECONDS }, () => idle);
  for (const second of seconds) {
    const place = SHOWN_SECONDS - 1 - (until - second.second);
    if (place >= 0 && place < SHOWN_SECONDS) values[place] = of(second);
  }
  return values;
}

/** Requests per second over the last ten whole seconds: a number that people can read while it changes. */
export function rateNow(seconds: readonly LiveSecond[], until: number): number {
  const recent = seconds.filter(({ second }) => second > until - 10);
  return recent.reduce((sum, { requests }) => sum + requests, 0) / 10;
}

/** Each outcome with its count and its share of all, ok first, then the most frequent. */
export function mixOf(
  outcomes: Readonly<Record<string, number>>,
): readonly { readonly outcome: string; readonly count: number; readonly share: number }[] {
  const all = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  return Object.entries(outcomes)
    .map(([outcome, count]) => ({ outcome, count, share: all === 0 ? 0 : count / all }))
    .toSorted((a, b) => Number(b.outcome === 'ok') - Number(a.outcome === 'ok') || b.count - a.count);
}

/** A call of this station and the line that it led to on a server. Times are ISO 8601 UTC, each by its own clock. */
export interface SeenTwice {
  readonly from: string;
  readonly to: string;
  readonly lineAt: string;
}

/** How far the clock of a server is ahead of this station's, at least and at most, whole ms; negative: it is behind. */
export interface ClockOffset {
  readonly atLeastMs: number;
  readonly atMostMs: number;
}

/** Times are cut to whole milliseconds on both sides. */
const CUT_MS = 1;

/**
 * A line is written while its call is under way, so each call bounds the offset from both sides; many bound it narrowly.
 * null: no call was seen twice, or no single offset fits them all, because a clock was set in between.
 */
export function clockOffset(seen: readonly SeenTwice[]): ClockOffset | null {
  if (seen.length === 0) return null;
  const between = (a: string, b: string): number => Date.parse(a) - Date.parse(b);
  const atLeastMs = Math.max(...seen.map(({ to, lineAt }) => between(lineAt, to))) - CUT_MS;
  const atMostMs = Math.min(...seen.map(({ from, lineAt }) => between(lineAt, from))) + CUT_MS;
  return atLeastMs <= atMostMs ? { atLeastMs, atMostMs } : null;
}

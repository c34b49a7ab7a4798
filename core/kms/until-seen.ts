import { failure, success } from '../contract/result';
import type { Answered, Asked } from './answered';
import { cancelled, systemRim, type Rim } from './retry';

export interface Patience {
  /** between two looks */
  readonly everyMs: number;
  /** from the first look on; a look that is under way by then is the last */
  readonly withinMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Looks until what is seen is what was waited for: KMS is eventually consistent, so a read after a write may still show what was
 * before. Answers the last look either way (`isSeen`): that a key is not Enabled after two minutes is something to tell, not an error.
 * A failed look ends it, except `aws.notFound`, which a new key answers for a while.
 */
export async function untilSeen<T>(
  look: (signal?: AbortSignal) => Asked<T>,
  isIt: (value: T) => boolean,
  { everyMs, withinMs, signal }: Patience,
  rim: Rim = systemRim,
): Asked<{ readonly isSeen: boolean; readonly last: T; readonly looks: number }> {
  const endMs = rim.nowMs() + withinMs;
  for (let looks = 1; ; looks++) {
    if (signal?.aborted) return cancelled('untilSeen');
    const seen = await look(signal);
    const isLast = rim.nowMs() + everyMs > endMs;
    if (!seen.ok && (seen.error.code !== 'aws.notFound' || isLast))
      return failure(seen.error.code, { ...seen.error.detail, looks });
    if (seen.ok && (isIt(seen.value.value) || isLast)) return success(summary(seen.value, isIt, looks));
    await rim.delay(everyMs, signal ?? null);
  }
}

function summary<T>(answer: Answered<T>, isIt: (value: T) => boolean, looks: number) {
  return { ...answer, value: { isSeen: isIt(answer.value), last: answer.value, looks } };
}

import { failure, type Failure } from '../contract/result';
import type { KillEnd } from '../control/kill';

/** Why a start would not surely come up killed, or null where it would. */
export function unkeptOf(end: KillEnd): Failure | null {
  if (end.how === 'failed') return end.error;
  if (end.how === 'acknowledged')
    return end.answer.restart === 'unknown' ? failure('proxy.latchNotWritten', { problem: end.answer.problem }).error : null;
  return end.latch.isKept ? null : failure('proxy.latchNotWritten', { problem: end.latch.problem }).error;
}

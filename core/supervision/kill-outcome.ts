import { ERROR_TEXTS } from '../contract/error-texts';
import type { KillOutcome } from '../contract/proxy-values';
import type { KillEnd } from '../control/kill';

function problemOf(end: KillEnd): string {
  switch (end.how) {
    case 'acknowledged': {
      const { restart, problem, stopped } = end.answer;
      const after = restart === 'same' ? '' : `Killed now, but maybe not after a restart: ${problem}.`;
      return [after, stopped ? '' : 'An operation under way was not seen to end yet.'].filter(Boolean).join(' ');
    }
    case 'notRunning':
      return end.latch.problem;
    case 'forced':
      return [end.problem === '' ? '' : `The process is still there: ${end.problem}.`, end.latch.problem]
        .filter(Boolean)
        .join(' ');
    case 'failed':
      return ERROR_TEXTS[end.error.code].what;
  }
}

/** How a kill went, for people; everything that is not in order is in `problem`. */
export function killOutcome(end: KillEnd, tookMs: number): KillOutcome {
  return { how: end.how, tookMs, problem: problemOf(end) };
}

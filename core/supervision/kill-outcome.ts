import { ERROR_TEXTS } from '../contract/error-texts';
import type { KillOutcome } from '../contract/proxy-values';
import type { KillEnd } from '../control/kill';
import type { Guess, StationKill } from './run-places';

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

/** Nobody is killed in silence who may not have been meant, and nobody is let believe that the right one was. */
function guessed(guess: Guess | null): string {
  if (guess === null) return '';
  const { reached, missed } = guess;
  const unknown = 'The settings are missing or cannot be read, so nobody can tell which proxy is meant.';
  if (reached.length === 0) return `${unknown} None was found at ${missed.join(' or ')}.`;
  return `${unknown} Each that it may be was killed, by its state folder: ${reached.join(', ')}. Arm again what was not meant.`;
}

/** How a kill went, for people; everything that is not in order is in `problem`. */
export function killOutcome(end: StationKill, tookMs: number): KillOutcome {
  return { how: end.how, tookMs, problem: [guessed(end.guess), problemOf(end)].filter(Boolean).join(' ') };
}

import type { EventDraft } from '../evidence/event';
import { currentStep, isDualControl } from './current-step';
import { ending } from './decide-exception';
import { events, refuse, whereOf, type Decision } from './decision';
import { draft } from './events';
import type { RimCommand } from './rim-command';
import type { Script } from './script';
import type { CeremonyState } from './state';

/** What the token holds of an act whose answer was lost. */
export function inspected(
  script: Script,
  state: CeremonyState,
  { hits, found }: Extract<RimCommand, { type: 'inspected' }>,
): Decision {
  if (state.phase !== 'recovery' || state.pending === null) return refuse('ceremony.notNow');
  const { operation, details, step } = state.pending;
  const ckaId = typeof details['ckaId'] === 'string' ? details['ckaId'] : '';
  return events(
    draft('inspected', whereOf(state, currentStep(script, state)?.seat ?? 'CA', step), { operation, ckaId, hits, found }),
  );
}

/** One trace of the act: adopt it. None: do it again. More: stop. Never by itself, always two people. */
export function recoveryChoices(state: CeremonyState): readonly ('adopt' | 'redo' | 'stop')[] {
  if (state.phase !== 'recovery' || state.inspected === null) return [];
  if (state.inspected.hits === 0) return ['redo', 'stop'];
  return state.inspected.hits === 1 ? ['adopt', 'stop'] : ['stop'];
}

/** Two people adopt, redo or stop, as the inspection allows; the exception is written with the decision. */
export function recover(
  script: Script,
  state: CeremonyState,
  { choice, decidedBy }: { choice: 'adopt' | 'redo' | 'stop'; decidedBy: readonly string[] },
): Decision {
  const { pending } = state;
  if (pending === null || !recoveryChoices(state).includes(choice)) return refuse('ceremony.notNow');
  if (!isDualControl(decidedBy, state))
    return refuse('ceremony.wrongRole', { need: 'two people in two roles who have signed in' });
  const where = whereOf(state, currentStep(script, state)?.seat ?? 'CA', pending.step);
  const number = state.exceptions.length + 1;
  const found = `${state.inspected?.hits ?? 0} trace(s) of it`;
  const trail: EventDraft[] = [
    draft('exceptionOpened', where, {
      number,
      severity: 'procedural',
      source: 'machine',
      about: 'circumstance',
      expected: `a result of ${pending.operation}`,
      happened: `interrupted; ${found}`,
    }),
    draft('exceptionDecided', whereOf(state, 'CA', pending.step), {
      number,
      decision: choice === 'stop' ? 'stop' : 'continue',
      reason: `${choice} after inspection`,
      effectOnKey: choice === 'redo' ? 'redo' : 'none',
      decidedBy: [...decidedBy],
      owner: decidedBy.join(', '),
    }),
  ];
  // last, because it is what changes the state: without it, the question is asked again
  trail.push(draft('recovered', where, { operation: pending.operation, choice, decidedBy: [...decidedBy] }));
  if (choice === 'adopt' && state.mustDestroy) {
    return events(...trail, ...ending(script, state, 'The key was destroyed as decided.', decidedBy));
  }
  return choice === 'stop'
    ? events(...trail, ...ending(script, state, `Recovery of ${pending.operation}: ${found}`, decidedBy))
    : events(...trail);
}

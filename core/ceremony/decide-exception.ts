import type { EventDraft } from '../evidence/event';
import { allowedDecisions, isDualControl, undecided } from './current-step';
import { events, here, machineException, notRunning, refuse, whereOf, type Decision } from './decision';
import { draft } from './events';
import type { Command, RimCommand } from './rim-command';
import type { Script } from './script';
import { keyMayExist, type CeremonyState } from './state';

/** Anyone may call an exception at any moment before the seal. */
export function raiseException(
  script: Script,
  state: CeremonyState,
  command: Extract<Command, { type: 'raiseException' }>,
): Decision {
  if (state.phase === 'sealed') return refuse('ceremony.sealed');
  const { severity, expected, happened } = command;
  const where = whereOf(state, state.participants.some(({ seat }) => seat === 'IW') ? 'IW' : 'CA', here(script, state));
  return events(
    draft('exceptionOpened', where, {
      number: state.exceptions.length + 1,
      severity,
      source: 'person',
      about: 'circumstance',
      expected,
      happened,
    }),
  );
}

/** Two people in two roles decide, within what the exception allows. */
export function decideException(
  script: Script,
  state: CeremonyState,
  command: Extract<Command, { type: 'decideException' }>,
): Decision {
  if (state.phase === 'sealed') return refuse('ceremony.sealed');
  const { type: _, ...data } = command;
  const record = state.exceptions.find(({ number }) => number === data.number);
  if (!record || record.decided) return refuse('ceremony.notNow');
  if (!isDualControl(data.decidedBy, state))
    return refuse('ceremony.wrongRole', { need: 'two people in two roles who have signed in' });
  if (!allowedDecisions(script, state, record).includes(data.decision))
    return refuse('ceremony.notNow', { decision: data.decision });
  if (data.effectOnKey === 'destroy' && data.decision !== 'stop') return refuse('input.invalid', { field: 'effectOnKey' });
  const where = whereOf(state, 'CA', record.step);
  const event = draft('exceptionDecided', where, data);
  if (data.decision !== 'stop') return events(event);
  const destroyFirst = data.effectOnKey === 'destroy' && keyMayExist(state);
  return destroyFirst
    ? events(event)
    : events(event, ...ending(script, state, `Exception ${data.number}: ${data.reason}`, data.decidedBy));
}

/** The end before the end: aborted, and straight to the signatures. Nothing when it was aborted before. */
export function ending(script: Script, state: CeremonyState, reason: string, decidedBy: readonly string[]): EventDraft[] {
  if (state.outcome === 'aborted') return [];
  const where = whereOf(state, 'CA', here(script, state));
  return [draft('aborted', where, { reason, decidedBy: [...decidedBy] }), draft('signOffOpened', where, { outcome: 'aborted' })];
}

/** What is missing of an end that was begun: a crash may fall between any two events. */
export function owedEnding(script: Script, state: CeremonyState): EventDraft[] {
  const stopped = state.exceptions.findLast(({ decided }) => decided?.decision === 'stop')?.decided;
  const where = whereOf(state, 'CA', here(script, state));
  if (state.outcome === 'aborted') return state.signOffOpened ? [] : [draft('signOffOpened', where, { outcome: 'aborted' })];
  if (!stopped || state.mustDestroy) return [];
  return ending(script, state, `Exception ${stopped.number}: ${stopped.reason}`, stopped.decidedBy);
}

/** Ends the ceremony without its key; the transcript is sealed as far as it goes. */
export function abort(script: Script, state: CeremonyState, reason: string, decidedBy: readonly string[]): Decision {
  if (state.phase === 'sealed') return refuse('ceremony.sealed');
  if (state.outcome === 'aborted' || (state.pending?.live ?? false)) return refuse('ceremony.notNow');
  if (!isDualControl(decidedBy, state))
    return refuse('ceremony.wrongRole', { need: 'two people in two roles who have signed in' });
  return events(...ending(script, state, reason, decidedBy));
}

/** An interlude begins: the token has been logged out, its inventory noted. */
export function pause(
  script: Script,
  state: CeremonyState,
  { reason, minutes, inventory }: Extract<RimCommand, { type: 'paused' }>,
): Decision {
  const blocked = notRunning(state);
  if (blocked) return blocked;
  return events(draft('paused', whereOf(state, 'CA', here(script, state)), { reason, minutes, inventory }));
}

/** Goes on only when the paper head, the room and the token are as they were left. */
export function resume(script: Script, state: CeremonyState, command: Extract<RimCommand, { type: 'resumed' }>): Decision {
  if (state.phase !== 'interlude' || state.pause === null) return refuse('ceremony.notNow');
  const open = undecided(state)[0];
  if (open) return refuse('ceremony.openException', { number: open.number });
  const missing = state.signedIn.filter((seat) => !command.present.includes(seat));
  if (missing.length > 0) return refuse('ceremony.roleUnfilled', { seats: missing.join(', ') });
  const where = whereOf(state, 'CA', here(script, state));
  if (!command.headMatches)
    return events(
      machineException(
        state,
        where,
        { severity: 'fatal', about: 'circumstance' },
        'the head on paper',
        'the head on screen differs from the paper',
      ),
    );
  if (command.inventory !== state.pause.inventory && !isAccepted(state, command.inventory)) {
    return events(
      machineException(
        state,
        where,
        { severity: 'security', about: 'circumstance' },
        `inventory ${state.pause.inventory}`,
        `inventory ${command.inventory}`,
      ),
    );
  }
  return events(draft('resumed', where, { head: state.pause.head, inventory: command.inventory, present: [...command.present] }));
}

/** Two people have accepted, since the break began, that the token holds this now. */
function isAccepted(state: CeremonyState, inventory: string): boolean {
  return state.exceptions.some(
    ({ at, opened, decided }) =>
      at >= (state.pause?.since ?? '') && opened.happened === `inventory ${inventory}` && decided?.decision === 'continue',
  );
}

/** Time ran backwards: no harm to the key, but to the order of the record. */
export function clockSetBack(script: Script, state: CeremonyState, was: string, now: string): Decision {
  if (state.phase === 'sealed') return refuse('ceremony.sealed');
  const where = whereOf(state, 'CA', here(script, state));
  return events(
    machineException(
      state,
      where,
      { severity: 'procedural', about: 'circumstance' },
      `time after ${was}`,
      `the clock was set back to ${now}`,
    ),
  );
}

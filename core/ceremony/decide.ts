import type { VerifySignature } from '../evidence/event';
import { undecided } from './current-step';
import { actDone, loginOutOfStep, reconnect } from './decide-act';
import { abort, clockSetBack, decideException, owedEnding, pause, raiseException, resume } from './decide-exception';
import { inspected, recover } from './decide-recovery';
import { inStep } from './decide-step';
import { events, NOWHERE, refuse, type Decision } from './decision';
import { draft, type SignatureLine } from './events';
import type { Command } from './rim-command';
import type { Script } from './script';
import type { CeremonyState } from './state';

/**
 * The one place that says what may happen. Answers the events to record, or the reason why not.
 * All guards live here: a screen, a script or a terminal that asks for something else gets the same refusal.
 */
export function decide(script: Script, state: CeremonyState, command: Command, verify: VerifySignature): Decision {
  switch (command.type) {
    case 'alarm':
      return state.phase === 'sealed'
        ? refuse('ceremony.sealed')
        : events(draft('alarm', NOWHERE, { code: command.code, text: command.text }));
    case 'reopened':
      return reopened(script, state, command.tool);
    case 'clockSetBack':
      return clockSetBack(script, state, command.was, command.now);
    case 'raiseException':
      return raiseException(script, state, command);
    case 'decideException':
      return decideException(script, state, command);
    case 'abort':
      return abort(script, state, command.reason, command.decidedBy);
    case 'sealed':
      return seal(script, state, command.signatures);
    case 'resumed':
      return resume(script, state, command);
    case 'inspected':
      return inspected(script, state, command);
    case 'recover':
      return recover(script, state, command);
    case 'login':
      return loginOutOfStep(script, state);
    case 'reconnect':
      return reconnect(script, state);
    case 'actDone':
      return actDone(script, state, command.result);
    case 'paused':
      return pause(script, state, command);
    default:
      return inStep(script, state, command, verify);
  }
}

/** A restart. An end that was decided and not carried through, because the program died in between, is carried through now. */
function reopened(script: Script, state: CeremonyState, tool: Extract<Command, { type: 'reopened' }>['tool']): Decision {
  if (state.phase === 'sealed') return refuse('ceremony.sealed');
  return events(draft('reopened', NOWHERE, { tool }), ...owedEnding(script, state));
}

function seal(script: Script, state: CeremonyState, signatures: readonly SignatureLine[]): Decision {
  if (state.phase !== 'signOff' || state.outcome === null || state.mustDestroy || owedEnding(script, state).length > 0)
    return refuse('ceremony.notNow');
  const open = undecided(state)[0];
  if (open) return refuse('ceremony.openException', { number: open.number });
  const all = state.participants.every(({ seat }) => signatures.some((line) => line.seat === seat));
  if (!all || signatures.length !== state.participants.length) return refuse('ceremony.notNow', { waitingFor: 'signatures' });
  if (!signatures.some((line) => 'signature' in line)) return refuse('ceremony.notNow', { waitingFor: 'one signature' });
  return events(draft('sealed', NOWHERE, { head: state.head, outcome: state.outcome, signatures: [...signatures] }));
}

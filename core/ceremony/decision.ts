import { success, failure, type Result } from '../contract/result';
import type { ErrorCode } from '../contract/errors';
import type { EventDraft } from '../evidence/event';
import { currentStep } from './current-step';
import { draft, type EventData, type Where } from './events';
import type { Script, Step } from './script';
import type { CeremonyState } from './state';

/** The events to record, or the reason why not. */
export type Decision = Result<readonly EventDraft[]>;

export const NOWHERE: Where = { step: '', role: '', actor: '' };

export function events(...drafts: readonly EventDraft[]): Decision {
  return success(drafts);
}

export function refuse(code: ErrorCode, detail: Record<string, string | number | boolean> = {}): ReturnType<typeof failure> {
  return failure(code, detail);
}

/** Who an event is recorded for: the person in the seat. */
export function whereOf(state: CeremonyState, seat: string, step: string): Where {
  return { step, role: seat, actor: state.participants.find((one) => one.seat === seat)?.name ?? '' };
}

export function here(script: Script, state: CeremonyState): string {
  return currentStep(script, state)?.id ?? '';
}

export function notRunning(state: CeremonyState): ReturnType<typeof failure> | null {
  if (state.phase === 'sealed') return refuse('ceremony.sealed');
  if (state.phase === 'interlude') return refuse('ceremony.paused');
  if (state.phase === 'recovery') return refuse('ceremony.recoveryNeeded');
  if (state.pending || state.side) return refuse('ceremony.notNow', { waitingFor: 'act' });
  return state.phase === 'running' ? null : refuse('ceremony.notNow', { waitingFor: 'signOff' });
}

/** How grave a failed check is, by what the script says to do about it. */
export function failSeverity(step: Step): 'procedural' | 'security' {
  return step.onFail === 'exception' ? 'procedural' : 'security';
}

type Kind = Pick<EventData<'exceptionOpened'>, 'severity' | 'about'>;

/** An exception the machine noticed; people decide it. */
export function machineException(state: CeremonyState, where: Where, kind: Kind, expected: string, happened: string): EventDraft {
  return exception(state, where, 'machine', kind, expected, happened);
}

/** An exception that a person's own answer amounts to: a row that differs, a seal that is broken. */
export function calledException(state: CeremonyState, where: Where, kind: Kind, expected: string, happened: string): EventDraft {
  return exception(state, where, 'person', kind, expected, happened);
}

function exception(
  state: CeremonyState,
  where: Where,
  source: 'machine' | 'person',
  { severity, about }: Kind,
  expected: string,
  happened: string,
): EventDraft {
  const number = state.exceptions.length + 1;
  return draft('exceptionOpened', where, { number, severity, source, about, expected, happened });
}

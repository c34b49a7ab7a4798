import { canonical } from '../evidence/canonical';
import type { EventDraft } from '../evidence/event';
import { decide } from './decide';
import type { CeremonyEvent } from './events';
import { evolve } from './evolve';
import { unfitInput } from './inputs';
import type { Command } from './rim-command';
import type { Script } from './script';
import { findConflict } from './seating';
import type { CeremonyState } from './state';
import { neededSeats, ruledOut } from './variant';

/** Signatures are proved before soundness is asked; here they count as given. */
const PROVED = (): boolean => true;

/**
 * Is a transcript one that the engine would have written for this script? Each event is turned back into the command behind it,
 * put to `decide` in the state before it, and must be what `decide` answers. So a quorum that was not reached, an act without its
 * approval, a step sealed over a failed check or left out is found even when everybody has signed it.
 */
export class Soundness {
  readonly #script: Script;
  #state: CeremonyState | null = null;
  #before: CeremonyEvent | null = null;
  /** the state in which the event before was decided */
  #stateBefore: CeremonyState | null = null;

  constructor(script: Script) {
    this.#script = script;
  }

  /** Takes the next event. Answers in what it departs from the script, or null. */
  feed(event: CeremonyEvent): string | null {
    const departure = this.#state === null ? opening(this.#script, event) : this.#judge(this.#state, event);
    if (departure !== null) return departure;
    if (event.type !== 'alarm') {
      this.#stateBefore = this.#state;
      this.#before = event;
    }
    this.#state = evolve(this.#state, event);
    return null;
  }

  #judge(state: CeremonyState, event: CeremonyEvent): string | null {
    if (isCaution(state, event)) return null;
    const command = commandOf(event);
    if (command === null) return null;
    const decision = decide(this.#script, state, command, PROVED);
    if (!decision.ok && this.#isWithItsException(event, command)) return null;
    if (!decision.ok) return `${event.type} was not allowed here (${decision.error.code})`;
    const at = decision.value.findIndex((draft) => isSame(draft, event));
    if (at < 0) return `${event.type} is not what the engine records here`;
    // what the engine writes before it must have been written: an exception precedes the failure it speaks of
    const owed = decision.value.slice(0, at).filter(({ type }) => type === 'exceptionOpened');
    return owed.every((draft) => isSameException(draft, this.#before)) || event.type === 'recovered'
      ? null
      : `${event.type} has a failed check and no exception before it`;
  }

  /** A row that differs and the exception it amounts to are one decision: it was taken before that exception was open. */
  #isWithItsException(event: CeremonyEvent, command: Command): boolean {
    if (this.#before?.type !== 'exceptionOpened' || this.#stateBefore === null) return false;
    const decision = decide(this.#script, this.#stateBefore, command, PROVED);
    if (!decision.ok) return false;
    const [first, second, ...rest] = decision.value;
    const isPair = first !== undefined && second !== undefined && rest.length === 0;
    return isPair && isSameException(first, this.#before) && isSame(second, event);
  }
}

function opening(script: Script, event: CeremonyEvent): string | null {
  if (event.type !== 'opened') return 'the transcript does not begin with its opening';
  const { inputs, participants } = event.data;
  const unfit = unfitInput(script, inputs);
  if (unfit !== null) return `the input ${unfit.name} is not one the script takes`;
  const because = ruledOut(script, inputs, event.data.runMode);
  if (because !== null) return `these inputs do not go together: ${because}`;
  const empty = neededSeats(script, inputs).filter((seat) => !participants.some((one) => one.seat === seat));
  if (empty.length > 0) return `nobody sits in ${empty.join(', ')}`;
  const conflict = findConflict(script, participants);
  return conflict && `${conflict.name} sits in ${conflict.seats}, which exclude each other`;
}

/** Events that only add caution are in order at any time: an exception of the machine or of a check, an alarm, the second half of an end. */
function isCaution(state: CeremonyState, event: CeremonyEvent): boolean {
  if (state.phase === 'sealed') return false;
  if (event.type === 'exceptionOpened') {
    const { source, about, number } = event.data;
    return (source === 'machine' || about === 'check') && number === state.exceptions.length + 1;
  }
  if (event.type === 'signOffOpened')
    return event.data.outcome === 'aborted' && state.outcome === 'aborted' && !state.signOffOpened;
  return event.type === 'alarm' || event.type === 'reopened';
}

function isSame(draft: EventDraft, event: CeremonyEvent): boolean {
  const { type, step, role, actor, data } = event;
  const same = draft.type === type && draft.step === step && draft.role === role && draft.actor === actor;
  return same && canonical(draft.data) === canonical(data);
}

/** The exception stood just before; its number was given when it was written. */
function isSameException(draft: EventDraft, before: CeremonyEvent | null): boolean {
  if (before?.type !== 'exceptionOpened') return false;
  return canonical({ ...draft.data, number: 0 }) === canonical({ ...before.data, number: 0 });
}

/** The command behind an event; null where there is none to ask about. */
function commandOf(event: CeremonyEvent): Command | null {
  const { step } = event;
  switch (event.type) {
    case 'opened':
      return null;
    case 'read':
    case 'signOffOpened':
      return { type: 'read', step };
    case 'ticked':
      return { type: 'tick', step, item: event.data.item };
    case 'chosen':
      return { type: 'choose', step, option: event.data.option };
    case 'entered':
      return { type: 'enter', step, value: event.data.value };
    case 'compared':
      return { type: 'compareRow', step, row: event.data.row, equal: event.data.equal };
    case 'signedIn':
      return { type: 'signedIn', ...event.data };
    case 'approved':
      return { type: 'approved', ...event.data };
    case 'intent':
      return intentCommand(event.data, step);
    case 'result':
      return { type: 'actDone', result: event.data };
    case 'stepSealed':
      return { type: 'seal', step };
    case 'exceptionOpened':
      return { type: 'raiseException', ...event.data };
    case 'exceptionDecided':
      return { type: 'decideException', ...event.data };
    case 'paused':
      return { type: 'paused', ...event.data };
    case 'resumed':
      return { type: 'resumed', headMatches: true, ...event.data };
    case 'inspected':
      return { type: 'inspected', hits: event.data.hits, found: event.data.found };
    case 'recovered':
      return { type: 'recover', choice: event.data.choice, decidedBy: event.data.decidedBy };
    case 'aborted':
      return { type: 'abort', ...event.data };
    case 'sealed':
      return { type: 'sealed', signatures: event.data.signatures };
    case 'alarm':
    case 'reopened':
      return null;
  }
}

function intentCommand(data: Extract<CeremonyEvent, { type: 'intent' }>['data'], step: string): Command {
  if (data.details['outOfStep'] !== true) return { type: 'act', step };
  return data.operation === 'token.open' ? { type: 'reconnect' } : { type: 'login' };
}

import type { Check } from '../keys/evidence';
import { fill } from './fill';
import type { Script, Step } from './script';
import type { CeremonyState, ExceptionRecord } from './state';
import { plannedSteps, roleOf } from './variant';
import { shortWords } from '../evidence/words';
import { verbFacts } from './verbs';

/** The step that is current, or null when all are sealed. */
export function currentStep(script: Script, state: CeremonyState): Step | null {
  return plannedSteps(script, state.genesis.data.inputs)[state.stepIndex]?.step ?? null;
}

/** What the places in the script's words stand for now. */
export function placeValues(state: CeremonyState): Record<string, string> {
  const { data, hash } = state.genesis;
  return {
    ...data.inputs,
    ...state.values,
    id: data.ceremonyId,
    mode: data.runMode,
    'token.serial': state.token.serial,
    'token.label': state.token.label,
    'script.words': shortWords(data.script.sha256),
    'plan.words': shortWords(hash),
  };
}

export function filled(text: string, state: CeremonyState): string {
  return fill(text, placeValues(state));
}

/** READ is over: the words were read, or there are none. */
export function readDone(step: Step, state: CeremonyState): boolean {
  return step.read === undefined || state.progress.read;
}

/** DO is over: everything the action asks of people and machine has been done. */
export function doDone(script: Script, step: Step, state: CeremonyState): boolean {
  const { progress } = state;
  switch (step.do.action) {
    case 'listen':
      return true;
    case 'attendance':
      return state.participants.every(({ seat }) => state.signedIn.includes(seat));
    case 'confirm':
      return progress.ticks.length === step.do.items.length;
    case 'choose':
      return progress.chosen !== null;
    case 'enterTwice':
      return progress.entries.length === 2;
    case 'compare':
      return Object.keys(progress.rows).length === 8;
    case 'approve':
      return progress.approvedBy.length >= (script.approvals[step.do.gate]?.quorum ?? Infinity);
    case 'act':
      return progress.result?.ok === true;
    case 'signOff':
      return false;
  }
}

/** The machine checks of the current step, with a failed line for each expected rule that nothing evaluated. */
export function stepChecks(step: Step, state: CeremonyState): readonly Check[] {
  const { result } = state.progress;
  if (result?.ok !== true) return [];
  return [...result.checks, ...unevaluated(step.expect, result.checks)];
}

/** A rule the script expects and no check speaks of is a failed check: silence is not a pass. */
export function unevaluated(expected: readonly string[], checks: readonly Check[]): Check[] {
  return expected
    .filter((rule) => !checks.some((check) => check.rule === rule))
    .map((rule) => ({ rule, ok: false, wanted: 'evaluated', got: 'not evaluated' }));
}

export function exceptionsOfStep(step: Step, state: CeremonyState): ExceptionRecord[] {
  return state.exceptions.filter((record) => record.step === step.id);
}

export function undecided(state: CeremonyState): ExceptionRecord[] {
  return state.exceptions.filter((record) => record.decided === null);
}

/** The decisions people may take on an exception. What has no result cannot be continued from; what must not live cannot be repeated. */
export function allowedDecisions(
  script: Script,
  state: CeremonyState,
  record: ExceptionRecord,
): readonly ('continue' | 'repeat' | 'stop')[] {
  const { severity, source, about } = record.opened;
  if (severity === 'fatal' && (source === 'machine' || about === 'check')) return ['stop'];
  const step = currentStep(script, state);
  if (about === 'circumstance' || step === null || step.id !== record.step) return ['continue', 'stop'];
  if (about === 'act') return ['repeat', 'stop'];
  const again = isRepeatable(step, state) ? (['repeat'] as const) : [];
  if (step.onFail === 'destroy') return ['stop'];
  return step.onFail === 'stop' ? [...again, 'stop'] : ['continue', ...again, 'stop'];
}

/** An act that must not happen twice and has happened is never offered again. */
function isRepeatable(step: Step, state: CeremonyState): boolean {
  return !(step.do.action === 'act' && state.progress.result?.ok === true && verbFacts(step.do.verb).once);
}

/** The seats in the room that can decide: everyone signed in; while people are still signing in, everyone named in the opening. */
export function deciders(state: CeremonyState): readonly string[] {
  const seats = state.participants.map(({ seat }) => seat);
  return seats.every((seat) => state.signedIn.includes(seat)) ? state.signedIn : seats;
}

/** Two different roles among the deciders: dual control over what departs from the script. */
export function isDualControl(decidedBy: readonly string[], state: CeremonyState): boolean {
  const seats = new Set(decidedBy);
  const people = new Set(state.participants.filter(({ seat }) => seats.has(seat)).map(({ publicKey }) => publicKey));
  const roles = new Set([...seats].map(roleOf));
  return [...seats].every((seat) => deciders(state).includes(seat)) && people.size >= 2 && roles.size >= 2;
}

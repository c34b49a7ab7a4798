import { fingerprintRows, shortWords } from '../evidence/words';
import type { ShowBlock } from '../keys/evidence';
import type { Failure } from '../contract/result';
import {
  allowedDecisions,
  currentStep,
  deciders,
  doDone,
  exceptionsOfStep,
  filled,
  placeValues,
  readDone,
  stepChecks,
  undecided,
} from './current-step';
import { deadlineOf } from './deadline';
import { loginNeeded } from './decide-act';
import { recoveryChoices } from './decide-recovery';
import { doForm } from './do-form';
import { seatLines } from './seat-lines';
import type { Script, Step } from './script';
import type { CeremonyState, ExceptionRecord } from './state';
import { minutesOf, plannedSteps, type PlannedStep } from './variant';
import { isVerb, verbFacts } from './verbs';
import type { BeatState, CeremonyView, ExceptionView, StepLine, StepView } from './view-model';

/** What is true of the moment and not of the transcript: signatures given but not sealed yet, and a journal that cannot be written. */
export interface Moment {
  readonly pendingSignatures: readonly { readonly seat: string; readonly agrees: boolean }[];
  readonly halt: Failure | null;
  /** what the act under way says of its way; '' for most */
  readonly progress: string;
}

/** The whole of what people see of a ceremony: a pure function of script, state and moment. */
export function view(script: Script, state: CeremonyState, moment: Moment): CeremonyView {
  const steps = plannedSteps(script, state.genesis.data.inputs);
  const step = state.phase === 'sealed' ? null : currentStep(script, state);
  const { data } = state.genesis;
  return {
    ceremonyId: data.ceremonyId,
    title: script.title,
    runMode: state.runMode,
    phase: state.phase,
    outcome: state.outcome,
    startedAt: state.genesis.at,
    estimateMinutes: minutesOf(steps),
    minutesLeft: minutesOf(steps.slice(state.stepIndex)),
    inputs: Object.entries(data.inputs).map(([name, value]) => ({
      name,
      title: script.inputs[name]?.title ?? name,
      value: script.inputs[name]?.options?.[value] ?? value,
    })),
    acts: script.acts.map((act, index) => ({
      title: act.title,
      steps: steps.filter((one) => one.act === index).map((one) => stepLine(one.step, steps.indexOf(one), state)),
    })),
    step: step && stepView(script, step, state, moment),
    seats: seatLines(script, state),
    token: tokenView(state, steps.slice(state.stepIndex)),
    exceptions: state.exceptions.map((record) => exceptionView(script, state, record)),
    deciders: deciders(state),
    pause: state.pause && {
      reason: state.pause.reason,
      minutes: state.pause.minutes,
      since: state.pause.since,
      head: state.pause.head,
      headWords: fingerprintRows(state.pause.head).map(({ words }) => words),
    },
    recovery: state.phase === 'recovery' && state.pending ? recoveryView(state, state.pending) : null,
    deadline: deadlineOf(state, steps),
    loginNeeded: state.data['token.open'] === undefined ? null : loginNeeded(script, state),
    signOff: signOffView(state, moment),
    page: Math.min(state.stepIndex + 1, steps.length),
    pages: steps.length,
    scriptWords: shortWords(data.script.sha256),
    // after the seal: the head people signed and wrote down, not the hash of the seal itself
    head: state.signedHead ?? state.head,
    headWords: shortWords(state.signedHead ?? state.head),
    halt: moment.halt,
    alarms: state.alarms,
  };
}

function stepLine(step: Step, index: number, state: CeremonyState): StepLine {
  const { id, title, minutes } = step;
  const reached =
    index < state.stepIndex ? 'sealed' : index === state.stepIndex && state.phase !== 'sealed' ? 'current' : 'waiting';
  const sealed = state.phase === 'sealed' && state.outcome === 'completed';
  return { id, title, minutes, state: sealed ? 'sealed' : reached, exceptions: exceptionsOfStep(step, state).length };
}

function stepView(script: Script, step: Step, state: CeremonyState, moment: Moment): StepView {
  const person = state.participants.find(({ seat }) => seat === step.seat);
  const beats = beatStates(script, step, state);
  const checks = stepChecks(step, state);
  const blocks = shownBlocks(step, state);
  return {
    id: step.id,
    title: step.title,
    act: script.acts.find((act) => act.steps.includes(step))?.title ?? '',
    roleTitle: script.roles[step.seat.slice(0, 2)]?.title ?? '',
    seat: person ? `${step.seat} · ${person.name}` : step.seat,
    minutes: step.minutes,
    startedAt: state.progress.startedAt,
    read: { state: beats.read, text: step.read === undefined ? '' : filled(step.read, state) },
    do: { state: beats.do, form: doForm(script, step, state, moment.progress) },
    show: { state: blocks.length > 0 || mayShow(step, beats) ? beats.show : 'none', blocks },
    check: { state: beats.check, checks, waitingFor: waitingFor(script, step, state, moment) },
    seal: { state: beats.seal },
    help: filled(step.help, state),
    onFail: step.onFail,
  };
}

/** An act that is still to be done will have something to show. */
function mayShow(step: Step, beats: Beats): boolean {
  return step.do.action === 'act' && beats.do !== 'done';
}

interface Beats {
  readonly read: BeatState;
  readonly do: BeatState;
  readonly show: BeatState;
  readonly check: BeatState;
  readonly seal: BeatState;
}

/** The five beats in order: each is `now` when the one before it is done. */
function beatStates(script: Script, step: Step, state: CeremonyState): Beats {
  const wasRead = readDone(step, state);
  const wasDone = wasRead && doDone(script, step, state);
  const read: BeatState = step.read === undefined ? 'none' : wasRead ? 'done' : 'now';
  const doing: BeatState = step.do.action === 'listen' ? 'none' : wasDone ? 'done' : wasRead ? 'now' : 'waiting';
  const clean = undecided(state).length === 0;
  const check: BeatState = wasDone ? (clean ? 'done' : 'now') : 'waiting';
  return {
    read,
    do: doing,
    show: wasDone ? 'done' : 'waiting',
    check,
    seal: wasDone && clean && !state.mustDestroy ? 'now' : 'waiting',
  };
}

/** SHOW draws the result of the step's own act; a comparison is made on what it compares. */
function shownBlocks(step: Step, state: CeremonyState): readonly ShowBlock[] {
  return step.do.action === 'act' ? (state.progress.result?.show ?? []) : [];
}

function waitingFor(script: Script, step: Step, state: CeremonyState, moment: Moment): string {
  if (moment.halt) return 'the journal';
  const open = undecided(state)[0];
  if (open) return `a decision on exception ${open.number}`;
  if (!readDone(step, state)) return 'the words to be read';
  if (state.pending?.live === true) return verbTitle(state.pending.operation);
  if (!doDone(script, step, state)) return 'the act of this step';
  return '';
}

function verbTitle(operation: string): string {
  return isVerb(operation) ? verbFacts(operation).title : operation;
}

/** The serial is not shown while people still have to enter it from the device: what can be copied from the screen is not compared. */
function tokenView(state: CeremonyState, ahead: readonly PlannedStep[]): CeremonyView['token'] {
  const { label, loggedIn, pinState } = state.token;
  const isAsked = ahead.some(({ step }) => step.do.action === 'enterTwice' && step.do.equals === '{token.serial}');
  const serial = isAsked ? '' : state.token.serial;
  const values = placeValues(state);
  return { serial, label, loggedIn, pinState, keyLabel: values['keyLabel'] ?? '', checkValue: values['key.checkValue'] ?? '' };
}

function exceptionView(script: Script, state: CeremonyState, record: ExceptionRecord): ExceptionView {
  const { number, severity, source, expected, happened } = record.opened;
  const { step, at, decided } = record;
  return {
    ...{ number, step, at, severity, source, expected, happened },
    decision: decided && {
      decision: decided.decision,
      reason: decided.reason,
      effectOnKey: decided.effectOnKey,
      decidedBy: decided.decidedBy,
      owner: decided.owner,
    },
    allowed: decided ? [] : allowedDecisions(script, state, record),
  };
}

function recoveryView(state: CeremonyState, pending: NonNullable<CeremonyState['pending']>): CeremonyView['recovery'] {
  const ckaId = typeof pending.details['ckaId'] === 'string' ? pending.details['ckaId'] : '';
  return { operation: pending.operation, ckaId, hits: state.inspected?.hits ?? null, choices: recoveryChoices(state) };
}

function signOffView(state: CeremonyState, moment: Moment): CeremonyView['signOff'] {
  if (state.phase !== 'signOff') return null;
  return {
    head: state.head,
    rows: fingerprintRows(state.head),
    seats: state.participants.map(({ seat, officer, name }) => {
      const given = moment.pendingSignatures.find((one) => one.seat === seat);
      return { seat, officerId: officer, name, state: given === undefined ? 'waiting' : given.agrees ? 'signed' : 'dissented' };
    }),
  };
}

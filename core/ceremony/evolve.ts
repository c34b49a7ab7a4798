import type { CeremonyEvent, EventData } from './events';
import { freshProgress, keyMayExist, type ActResult, type CeremonyState, type StepProgress, type TokenState } from './state';
import { isVerb, leavesInDoubt, verbFacts } from './verbs';

/** Folds one event into the state. Total and without judgement: what may happen is decided before an event exists. */
export function evolve(state: CeremonyState | null, event: CeremonyEvent): CeremonyState {
  const before = state ?? genesis(event);
  const after = change(before, event);
  return { ...after, seq: event.seq, head: event.hash, lastAt: event.at };
}

export function replay(events: readonly CeremonyEvent[]): CeremonyState | null {
  return events.reduce<CeremonyState | null>((state, event) => evolve(state, event), null);
}

function genesis(event: CeremonyEvent): CeremonyState {
  if (event.type !== 'opened') throw new Error('A transcript begins with its opening.');
  const { data } = event;
  return {
    genesis: { data, hash: event.hash, at: event.at },
    runMode: data.runMode,
    phase: 'running',
    seq: 0,
    head: event.hash,
    lastAt: event.at,
    stepIndex: 0,
    progress: freshProgress(event.at),
    sealedSteps: [],
    participants: data.participants,
    signedIn: [],
    values: { 'script.digest': data.script.sha256, 'plan.digest': event.hash },
    data: {},
    shown: {},
    artefacts: {},
    approvals: {},
    attempts: {},
    exceptions: [],
    pending: null,
    side: null,
    inspected: null,
    token: { serial: data.token.serial, label: data.token.label, open: false, loggedIn: null, pinState: '', pinOnDevice: false },
    pause: null,
    mustDestroy: false,
    outcome: null,
    signOffOpened: false,
    signedHead: null,
    alarms: [],
  };
}

function change(state: CeremonyState, event: CeremonyEvent): CeremonyState {
  const { progress } = state;
  switch (event.type) {
    case 'opened':
      return state;
    case 'reopened':
      return reopened(state);
    case 'signedIn':
      return { ...state, signedIn: [...state.signedIn, event.data.seat] };
    case 'read':
      return step(state, { read: true });
    case 'ticked':
      return step(state, { ticks: [...progress.ticks, event.data.item] });
    case 'chosen':
      return step(state, { chosen: event.data.option });
    case 'entered':
      return entered(state, event.data);
    case 'compared':
      return step(state, { rows: { ...progress.rows, [event.data.row]: event.data.equal } });
    case 'approved':
      return approved(state, event.data);
    case 'intent':
      return intended(state, event.data, event.step);
    case 'result':
      return result(state, event.data);
    case 'stepSealed':
      return sealStep(state, event.step, event.at);
    case 'exceptionOpened':
      return {
        ...state,
        exceptions: [
          ...state.exceptions,
          { number: event.data.number, step: event.step, at: event.at, opened: event.data, decided: null },
        ],
      };
    case 'exceptionDecided':
      return decided(state, event.data, event.step, event.at);
    case 'paused':
      return {
        ...state,
        phase: 'interlude',
        pause: { ...event.data, since: event.at, head: event.hash, loggedIn: state.token.loggedIn },
        token: { ...state.token, loggedIn: null },
      };
    case 'resumed':
      return { ...state, phase: 'running', pause: null };
    case 'inspected':
      return { ...state, inspected: event.data };
    case 'recovered':
      return recovered(state, event.data);
    case 'alarm':
      return alarm(state, event.data, event.at);
    case 'aborted':
      return {
        ...state,
        phase: 'signOff',
        outcome: 'aborted',
        signOffOpened: false,
        pending: null,
        pause: null,
        mustDestroy: false,
      };
    case 'signOffOpened':
      return { ...step(state, { read: true }), phase: 'signOff', outcome: event.data.outcome, signOffOpened: true };
    case 'sealed':
      return { ...state, phase: 'sealed', outcome: event.data.outcome, signedHead: event.data.head };
  }
}

function approved(state: CeremonyState, data: EventData<'approved'>): CeremonyState {
  const sofar = (state.approvals[data.gate] ?? []).filter(({ digest, seat }) => digest === data.digest && seat !== data.seat);
  const approvals = { ...state.approvals, [data.gate]: [...sofar, data] };
  return step({ ...state, approvals }, { approvedBy: [...state.progress.approvedBy, data.seat] });
}

function intended(state: CeremonyState, data: EventData<'intent'>, stepId: string): CeremonyState {
  const attempts = { ...state.attempts, [data.operation]: data.attempt };
  const act = { ...data, step: stepId, live: true };
  return isOutOfStep(data.details) ? { ...state, attempts, side: act } : { ...state, attempts, pending: act, inspected: null };
}

/** An act beside the script: it must not disturb what the current step knows of its own act. */
export function isOutOfStep(details: EventData<'intent'>['details']): boolean {
  return details['outOfStep'] === true;
}

function step(state: CeremonyState, progress: Partial<StepProgress>): CeremonyState {
  return { ...state, progress: { ...state.progress, ...progress } };
}

/** A restart knows nothing of the token's session; an act that was under way is either harmless to repeat or a question to the token. */
function reopened(state: CeremonyState): CeremonyState {
  const token = { ...state.token, open: false, loggedIn: null };
  const { pending } = state;
  if (pending === null) return { ...state, token, side: null };
  const once = isVerb(pending.operation) && verbFacts(pending.operation).once;
  return once
    ? { ...state, token, side: null, phase: 'recovery', pending: { ...pending, live: false } }
    : { ...state, token, side: null, pending: null };
}

function entered(state: CeremonyState, { name, entry, value }: EventData<'entered'>): CeremonyState {
  if (entry === 1) return step(state, { entries: [value] });
  if (state.progress.entries[0] !== value) return step(state, { entries: [], entriesDiffered: true });
  return { ...step(state, { entries: [...state.progress.entries, value] }), values: { ...state.values, [name]: value } };
}

function result(state: CeremonyState, data: EventData<'result'>): CeremonyState {
  const token = afterResult(state.token, data);
  if (state.side?.operation === data.operation) return { ...state, side: null, token };
  if (leavesInDoubt(data)) {
    return { ...state, phase: 'recovery', pending: state.pending && { ...state.pending, live: false }, token };
  }
  // the destruction that people decided is not the act of the step it interrupts
  const progress = state.mustDestroy ? state.progress : { ...state.progress, result: data };
  const settled: CeremonyState = { ...state, pending: null, token, progress };
  if (!data.ok) return settled;
  return {
    ...settled,
    values: { ...state.values, ...data.values },
    data: { ...state.data, [data.operation]: data.data },
    shown: { ...state.shown, [data.operation]: data.show },
    artefacts: { ...state.artefacts, [data.operation]: data.artefacts },
    mustDestroy: state.mustDestroy && !(data.operation === 'token.destroy' && data.checks.every(({ ok }) => ok)),
  };
}

function afterResult(token: TokenState, { operation, ok, data, error }: EventData<'result'>): TokenState {
  const pinState = typeof data['pinState'] === 'string' ? data['pinState'] : token.pinState;
  if (!ok) {
    const gone = ['token.moduleCrashed', 'token.timeout', 'token.removed', 'token.notFound'].includes(error?.code ?? '');
    const lost = gone || error?.code === 'token.notLoggedIn';
    return { ...token, pinState, open: token.open && !gone, loggedIn: lost ? null : token.loggedIn };
  }
  const serial = typeof data['serial'] === 'string' ? data['serial'] : token.serial;
  const label = typeof data['label'] === 'string' && operation === 'token.initialise' ? data['label'] : token.label;
  const known = { ...token, pinState, serial, label };
  switch (operation) {
    case 'token.open':
      return { ...known, open: true, pinOnDevice: data['pinOnDevice'] === true };
    case 'token.initialise':
    case 'token.logout':
      return { ...known, loggedIn: null };
    case 'token.loginSo':
      return { ...known, loggedIn: 'so' };
    case 'token.login':
      return { ...known, loggedIn: 'user' };
    default:
      return known;
  }
}

function sealStep(state: CeremonyState, id: string, at: string): CeremonyState {
  return {
    ...state,
    stepIndex: state.stepIndex + 1,
    progress: freshProgress(at),
    sealedSteps: [...state.sealedSteps, { id, at }],
  };
}

function recovered(state: CeremonyState, { operation, choice }: EventData<'recovered'>): CeremonyState {
  const { pending, inspected } = state;
  if (state.outcome !== null || pending === null) return state;
  const free: CeremonyState = { ...state, phase: 'running', pending: null, inspected: null };
  if (choice !== 'adopt') return free;
  return { ...result(free, adopted(operation, { ...pending.details, ...inspected?.found })) };
}

/** An act that was found done counts as done, with what its intent named and the inspection found. */
function adopted(operation: string, data: ActResult['data']): ActResult {
  const traces = 'exactly one trace of the act';
  const checks = [{ rule: 'CER-ADOPTED', ok: true, wanted: traces, got: traces }];
  return {
    operation,
    ok: true,
    tookMs: 0,
    data: { ...data, adopted: true },
    checks,
    show: [],
    values: {},
    artefacts: [],
    error: null,
  };
}

function decided(state: CeremonyState, data: EventData<'exceptionDecided'>, stepId: string, at: string): CeremonyState {
  const exceptions = state.exceptions.map((record) => (record.number === data.number ? { ...record, decided: data } : record));
  const next = { ...state, exceptions };
  if (data.decision === 'repeat' && state.exceptions.find(({ number }) => number === data.number)?.step === stepId) {
    return { ...next, progress: { ...freshProgress(at), startedAt: state.progress.startedAt, read: state.progress.read } };
  }
  if (data.decision !== 'stop' || data.effectOnKey !== 'destroy' || !keyMayExist(state)) return next;
  // wherever the ceremony stood (a break, a recovery, the signatures), the key goes first
  return { ...next, mustDestroy: true, phase: 'running', pause: null, pending: null, outcome: null, signOffOpened: false };
}

function alarm(state: CeremonyState, { code, text }: EventData<'alarm'>, at: string): CeremonyState {
  const alarms = [...state.alarms, { at, code, text }];
  return code === 'token.lost'
    ? { ...state, alarms, token: { ...state.token, open: false, loggedIn: null } }
    : { ...state, alarms };
}

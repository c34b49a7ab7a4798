import type { EventDraft } from '../evidence/event';
import { currentStep, undecided, unevaluated } from './current-step';
import { ending } from './decide-exception';
import { events, failSeverity, here, machineException, refuse, whereOf, type Decision } from './decision';
import { draft, type EventData, type Where } from './events';
import type { Script, Step } from './script';
import type { ActResult, CeremonyState } from './state';
import { roleOf } from './variant';
import { isVerb, leavesInDoubt, verbFacts, type VerbName } from './verbs';

/** The intent to carry out the current step's act, or the destruction that was decided. */
export function act(step: Step, state: CeremonyState, where: Where): Decision {
  const verb: VerbName | null = state.mustDestroy ? 'token.destroy' : step.do.action === 'act' ? step.do.verb : null;
  if (verb === null) return refuse('ceremony.notNow');
  if (!state.mustDestroy) {
    if (state.progress.result?.ok === true) return refuse('ceremony.notNow');
    const open = undecided(state)[0];
    if (open) return refuse('ceremony.openException', { number: open.number });
  }
  const { login } = verbFacts(verb);
  if (login !== null && state.token.loggedIn !== login) return refuse('token.notLoggedIn', { user: login });
  return events(intent(state, verb, where, {}));
}

function intent(state: CeremonyState, verb: VerbName, where: Where, details: EventData<'intent'>['details']): EventDraft {
  const planned = verb === 'token.generate' || verb === 'token.destroy' ? plannedKey(state) : {};
  return draft('intent', where, {
    operation: verb,
    attempt: (state.attempts[verb] ?? 0) + 1,
    details: { ...planned, ...details },
  });
}

/** The key as the approved plan names it: what recovery looks for. */
function plannedKey(state: CeremonyState): EventData<'intent'>['details'] {
  const plan = state.data['token.plan'] ?? state.data['token.locate'];
  return { ckaId: plan?.['ckaId'] ?? '', label: plan?.['label'] ?? '', planSha256: state.values['template.digest'] ?? '' };
}

/** A login after a restart or an interlude: recorded like any act, but outside the current step. */
export function loginOutOfStep(script: Script, state: CeremonyState): Decision {
  if (state.phase === 'sealed' || state.phase === 'signOff' || (state.pending?.live ?? false) || state.side !== null)
    return refuse('ceremony.notNow');
  const needed = loginNeeded(script, state);
  if (needed === null) return refuse('ceremony.notNow');
  const where = whereOf(state, needed.seat, here(script, state));
  return events(intent(state, needed.user === 'so' ? 'token.loginSo' : 'token.login', where, { outOfStep: true }));
}

/** The token is opened again after the process that held it was lost. */
export function reconnect(script: Script, state: CeremonyState): Decision {
  const known = state.data['token.open'] !== undefined && !state.token.open && state.side === null;
  if (!known || state.phase === 'sealed') return refuse('ceremony.notNow');
  return events(intent(state, 'token.open', whereOf(state, 'CA', here(script, state)), { outOfStep: true }));
}

/** Which login the next act is waiting for, and whose seat gives it. */
export function loginNeeded(
  script: Script,
  state: CeremonyState,
): { user: 'user' | 'so'; seat: string; onDevice: boolean } | null {
  const seats = state.participants.map(({ seat }) => seat);
  const seatFor = (user: 'user' | 'so') => seats.find((seat) => roleOf(seat) === (user === 'so' ? 'SO' : 'CO')) ?? 'CA';
  const wanted = wantedLogin(script, state);
  if (wanted === null || state.token.loggedIn === wanted) return null;
  return { user: wanted, seat: seatFor(wanted), onDevice: state.token.pinOnDevice };
}

function wantedLogin(script: Script, state: CeremonyState): 'user' | 'so' | null {
  if (state.phase === 'interlude') return state.pause?.loggedIn ?? null;
  if (state.phase === 'recovery')
    return isVerb(state.pending?.operation ?? '') ? verbFacts(state.pending?.operation as VerbName).login : null;
  if (state.phase !== 'running') return null;
  if (state.mustDestroy) return 'user';
  const step = currentStep(script, state);
  if (step?.do.action !== 'act') return null;
  return state.progress.result?.ok === true ? null : verbFacts(step.do.verb).login;
}

/** Answers that are a person's slip, shown at the step and tried again by the person; everything else is an exception. */
const SLIPS: readonly string[] = [
  'token.pinIncorrect',
  'token.pinCancelled',
  'token.pinInvalid',
  'token.notLoggedIn',
  'input.invalid',
  'input.cancelled',
  'aws.noCredentials',
  'aws.unreachable',
  'aws.throttled',
  'aws.clockSkew',
  'bundle.notFound',
  'bundle.exists',
  'bundle.extraFile',
  'bundle.wrongKind',
  'file.serverLogs',
  'file.serverSettings',
  'proxy.notRunning',
  'proxy.pinNeeded',
  'proxy.loginRefused',
  'proxy.loggedOut',
];

/** What came of an act: its result, and an exception for whatever is not as the plan wants it. */
export function actDone(script: Script, state: CeremonyState, outcome: ActResult): Decision {
  const step = currentStep(script, state);
  if (state.side?.operation === outcome.operation) return besideDone(state, step?.seat ?? 'CA', state.side.step, outcome);
  if (state.pending?.operation !== outcome.operation) return refuse('ceremony.notNow');
  const where = whereOf(state, step?.seat ?? 'CA', state.pending.step);
  const result = draft('result', where, outcome);
  if (!outcome.ok) return events(...failedAct(state, outcome, where), result);
  if (state.mustDestroy && outcome.operation === 'token.destroy') return destroyed(script, state, outcome, where);
  const failed = [...outcome.checks, ...unevaluated(step?.expect ?? [], outcome.checks)].filter(({ ok }) => !ok);
  if (step === null || failed.length === 0) return events(result);
  const list = (side: 'wanted' | 'got') => failed.map((check) => `${check.rule}: ${check[side]}`).join('; ');
  const kind = { severity: failSeverity(step), about: 'check' } as const;
  return events(machineException(state, where, kind, list('wanted'), list('got')), result);
}

/** A reconnection that finds another module or token than before is no detail: people decide before anything goes on. */
function besideDone(state: CeremonyState, seat: string, step: string, outcome: ActResult): Decision {
  const where = whereOf(state, seat, step);
  const failed = outcome.checks.filter(({ ok }) => !ok);
  const result = draft('result', where, outcome);
  if (failed.length === 0) return events(result);
  const list = (side: 'wanted' | 'got') => failed.map((check) => `${check.rule}: ${check[side]}`).join('; ');
  return events(
    machineException(state, where, { severity: 'security', about: 'circumstance' }, list('wanted'), list('got')),
    result,
  );
}

function failedAct(state: CeremonyState, outcome: ActResult, where: Where): EventDraft[] {
  const code = outcome.error?.code ?? '';
  if (SLIPS.includes(code) || leavesInDoubt(outcome)) return [];
  // by name, as the transcript keeps them: who verifies it must come to the same words
  const details = Object.entries(outcome.error?.detail ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const facts = details.map(([name, value]) => `${name} ${String(value)}`);
  const severity = code === 'token.pinLocked' ? 'security' : 'procedural';
  return [
    machineException(state, where, { severity, about: 'act' }, `${outcome.operation} succeeds`, [code, ...facts].join(', ')),
  ];
}

/** The end that was decided comes only when the token says that the key is gone. */
function destroyed(script: Script, state: CeremonyState, outcome: ActResult, where: Where): Decision {
  const result = draft('result', where, outcome);
  const left = outcome.checks.find(({ ok }) => !ok);
  if (left === undefined)
    return events(result, ...ending(script, state, 'The key was destroyed as decided.', lastDeciders(state)));
  return events(machineException(state, where, { severity: 'security', about: 'act' }, left.wanted, left.got), result);
}

function lastDeciders(state: CeremonyState): string[] {
  return [...(state.exceptions.findLast(({ decided }) => decided?.decision === 'stop')?.decided?.decidedBy ?? [])];
}

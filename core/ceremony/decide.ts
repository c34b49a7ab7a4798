import { approvalText, attendanceText } from '../evidence/signed-text';
import type { EventDraft, VerifySignature } from '../evidence/event';
import { success, failure, type Result } from '../contract/result';
import type { ErrorCode } from '../contract/errors';
import type { PersonCommand } from './command';
import { currentStep, doDone, filled, isDualControl, readDone, undecided, unevaluated, allowedDecisions } from './current-step';
import { draft, type EventData, type SignatureLine, type Where } from './events';
import type { Script, Step } from './script';
import type { ActResult, CeremonyState } from './state';
import { roleOf } from './variant';
import { isVerb, verbFacts, type VerbName } from './verbs';

/** What the rim reports back. None of it comes from a page. */
export type RimCommand =
  | { readonly type: 'reopened'; readonly tool: EventData<'reopened'>['tool'] }
  | { readonly type: 'signedIn'; readonly seat: string; readonly officer: string; readonly signature: string }
  | { readonly type: 'approved'; readonly seat: string; readonly officer: string; readonly digest: string; readonly signature: string }
  | { readonly type: 'login' }
  | { readonly type: 'actDone'; readonly result: ActResult }
  | { readonly type: 'paused'; readonly reason: string; readonly minutes: number; readonly inventory: string }
  | { readonly type: 'resumed'; readonly headMatches: boolean; readonly present: readonly string[]; readonly inventory: string }
  | { readonly type: 'inspected'; readonly hits: number; readonly found: EventData<'inspected'>['found'] }
  | { readonly type: 'alarm'; readonly code: string; readonly text: string }
  | { readonly type: 'clockSetBack'; readonly was: string; readonly now: string }
  | { readonly type: 'sealed'; readonly signatures: readonly SignatureLine[] };

/** Commands that need no rim first. `pause`, `resume` and `inspect` reach the engine as what the rim found. */
export type Command = Exclude<PersonCommand, { type: 'pause' | 'resume' | 'inspect' }> | RimCommand;

export type Decision = Result<readonly EventDraft[]>;

/**
 * The one place that says what may happen. Answers the events to record, or the reason why not.
 * All guards live here: a screen, a script or a terminal that asks for something else gets the same refusal.
 */
export function decide(script: Script, state: CeremonyState, command: Command, verify: VerifySignature): Decision {
  switch (command.type) {
    case 'alarm':
      return state.phase === 'sealed' ? refuse('ceremony.sealed') : events(draft('alarm', NOWHERE, { code: command.code, text: command.text }));
    case 'reopened':
      return state.phase === 'sealed' ? refuse('ceremony.sealed') : events(draft('reopened', NOWHERE, { tool: command.tool }));
    case 'clockSetBack':
      return clockSetBack(script, state, command.was, command.now);
    case 'raiseException':
      return raiseException(script, state, command);
    case 'decideException':
      return decideException(script, state, command);
    case 'abort':
      return abort(script, state, command.reason, command.decidedBy);
    case 'sealed':
      return seal(state, command.signatures);
    case 'resumed':
      return resume(script, state, command);
    case 'inspected':
      return inspected(script, state, command);
    case 'recover':
      return recover(script, state, command);
    case 'login':
      return loginOutOfStep(script, state);
    case 'actDone':
      return actDone(script, state, command.result);
    case 'paused':
      return pause(script, state, command);
    default:
      return inStep(script, state, command, verify);
  }
}

type StepCommand = Extract<
  Command,
  { type: 'read' | 'tick' | 'choose' | 'enter' | 'compareRow' | 'act' | 'seal' | 'signedIn' | 'approved' }
>;

function inStep(script: Script, state: CeremonyState, command: StepCommand, verify: VerifySignature): Decision {
  const blocked = notRunning(state);
  if (blocked) return blocked;
  const step = currentStep(script, state);
  if (step === null) return refuse('ceremony.notNow');
  if ('step' in command && command.step !== step.id) return refuse('ceremony.wrongStep', { step: command.step, current: step.id });
  if (command.type !== 'read' && !readDone(step, state)) return refuse('ceremony.notNow', { waitingFor: 'read' });
  const where = whereOf(state, step.seat, step.id);
  switch (command.type) {
    case 'read':
      return read(step, state, where);
    case 'seal':
      return sealStep(script, step, state, where);
    case 'tick':
      return tick(step, state, command.item, where);
    case 'choose':
      return choose(step, state, command.option, where);
    case 'enter':
      return enter(step, state, command.value, where);
    case 'compareRow':
      return compareRow(step, state, command, whereOf(state, step.do.action === 'compare' ? step.do.checker : step.seat, step.id));
    case 'act':
      return act(step, state, where);
    case 'signedIn':
      return signIn(step, state, command, verify);
    case 'approved':
      return approve(script, step, state, command, verify);
  }
}

// --- answers -----------------------------------------------------------------------------------------------------

const NOWHERE: Where = { step: '', role: '', actor: '' };

function events(...drafts: readonly EventDraft[]): Decision {
  return success(drafts);
}

function refuse(code: ErrorCode, detail: Record<string, string | number | boolean> = {}): ReturnType<typeof failure> {
  return failure(code, detail);
}

/** Who an event is recorded for: the person in the seat. */
function whereOf(state: CeremonyState, seat: string, step: string): Where {
  return { step, role: seat, actor: state.participants.find((one) => one.seat === seat)?.name ?? '' };
}

function here(script: Script, state: CeremonyState): string {
  return currentStep(script, state)?.id ?? '';
}

function notRunning(state: CeremonyState): ReturnType<typeof failure> | null {
  if (state.phase === 'sealed') return refuse('ceremony.sealed');
  if (state.phase === 'interlude') return refuse('ceremony.paused');
  if (state.phase === 'recovery') return refuse('ceremony.recoveryNeeded');
  if (state.pending) return refuse('ceremony.notNow', { waitingFor: 'act' });
  return state.phase === 'running' ? null : refuse('ceremony.notNow', { waitingFor: 'signOff' });
}

// --- the five beats ----------------------------------------------------------------------------------------------

function read(step: Step, state: CeremonyState, where: Where): Decision {
  if (readDone(step, state)) return refuse('ceremony.notNow');
  const opening = step.do.action === 'signOff' && undecided(state).length > 0;
  if (opening) return refuse('ceremony.openException', { number: undecided(state)[0]?.number ?? 0 });
  const words = draft('read', where, {});
  return step.do.action === 'signOff' ? events(words, draft('signOffOpened', where, { outcome: 'completed' })) : events(words);
}

function sealStep(script: Script, step: Step, state: CeremonyState, where: Where): Decision {
  if (step.do.action === 'signOff' || !doDone(script, step, state)) return refuse('ceremony.notNow', { waitingFor: 'do' });
  const open = undecided(state)[0];
  if (open) return refuse('ceremony.openException', { number: open.number });
  if (state.mustDestroy) return refuse('ceremony.notNow', { waitingFor: 'destroy' });
  return events(draft('stepSealed', where, {}));
}

function tick(step: Step, state: CeremonyState, item: number, where: Where): Decision {
  const text = step.do.action === 'confirm' ? step.do.items[item] : undefined;
  if (text === undefined || state.progress.ticks.includes(item)) return refuse('ceremony.notNow');
  return events(draft('ticked', where, { item, text: filled(text, state) }));
}

function choose(step: Step, state: CeremonyState, option: string, where: Where): Decision {
  const chosen = step.do.action === 'choose' && Object.hasOwn(step.do.options, option) ? step.do.options[option] : undefined;
  if (chosen === undefined || state.progress.chosen !== null) return refuse('ceremony.notNow');
  const event = draft('chosen', where, { option, title: filled(chosen.title, state) });
  if (chosen.then === 'continue') return events(event);
  const severity = chosen.then === 'stop' ? 'fatal' : 'procedural';
  return events(event, machineException(state, where, severity, `another answer than "${chosen.title}"`, filled(chosen.title, state)));
}

/** Two blind entries. The second must repeat the first; what both say must fit the pattern and, where the script names it, the machine's own value. */
function enter(step: Step, state: CeremonyState, value: string, where: Where): Decision {
  if (step.do.action !== 'enterTwice' || state.progress.entries.length === 2) return refuse('ceremony.notNow');
  const { name, pattern, equals } = step.do;
  if (!new RegExp(pattern).test(value)) return refuse('input.pattern', { hint: step.do.hint });
  const first = state.progress.entries[0];
  if (first === undefined) return events(draft('entered', where, { name, entry: 1, value }));
  if (first !== value) return refuse('input.notTwice');
  const event = draft('entered', where, { name, entry: 2, value });
  const wanted = equals === undefined ? value : filled(equals, state);
  if (wanted === value) return events(event);
  return events(event, machineException(state, where, failSeverity(step), `${step.do.title}: ${wanted}`, `${step.do.title}: ${value}`));
}

function compareRow(step: Step, state: CeremonyState, { row, equal }: { row: number; equal: boolean }, where: Where): Decision {
  if (step.do.action !== 'compare' || row !== Object.keys(state.progress.rows).length + 1) return refuse('ceremony.notNow');
  const digest = state.values[step.do.value];
  if (digest === undefined) return refuse('ceremony.notNow', { waitingFor: step.do.value });
  const event = draft('compared', where, { value: step.do.value, digest, row, equal });
  if (equal) return events(event);
  return events(event, machineException(state, where, failSeverity(step), `row ${row} equal on both sheets`, `row ${row} differs`));
}

function signIn(step: Step, state: CeremonyState, command: Extract<RimCommand, { type: 'signedIn' }>, verify: VerifySignature): Decision {
  const person = state.participants.find(({ seat }) => seat === command.seat);
  if (step.do.action !== 'attendance' || state.signedIn.includes(command.seat)) return refuse('ceremony.notNow');
  if (person?.officer !== command.officer) return refuse('ceremony.wrongRole', { seat: command.seat });
  if (!verify(person.publicKey, attendanceText(state.genesis.hash, command.seat), command.signature)) return refuse('auth.signatureInvalid');
  const { seat, officer, signature } = command;
  return events(draft('signedIn', whereOf(state, seat, step.id), { seat, officer, signature }));
}

/** One approval by one person, whatever the number of their seats: the quorum counts people. */
function approve(script: Script, step: Step, state: CeremonyState, command: Extract<RimCommand, { type: 'approved' }>, verify: VerifySignature): Decision {
  if (step.do.action !== 'approve') return refuse('ceremony.notNow');
  const { gate, subject } = step.do;
  const person = state.participants.find(({ seat }) => seat === command.seat);
  const rule = script.approvals[gate];
  if (person?.officer !== command.officer || !rule?.of.includes(roleOf(command.seat)) || !state.signedIn.includes(command.seat)) {
    return refuse('ceremony.wrongRole', { seat: command.seat });
  }
  const keys = state.participants.filter(({ seat }) => state.progress.approvedBy.includes(seat)).map(({ publicKey }) => publicKey);
  if (keys.includes(person.publicKey)) return refuse('policy.alreadyApproved', { name: person.name });
  const digest = state.values[`${subject}.digest`];
  if (digest === undefined || digest !== command.digest) return refuse('ceremony.differs', { what: subject });
  if (!verify(person.publicKey, approvalText(state.genesis.hash, gate, digest), command.signature)) return refuse('auth.signatureInvalid');
  const { seat, officer, signature } = command;
  return events(draft('approved', whereOf(state, seat, step.id), { gate, seat, officer, digest, signature }));
}

// --- acts at the rim ---------------------------------------------------------------------------------------------

function act(step: Step, state: CeremonyState, where: Where): Decision {
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
  return draft('intent', where, { operation: verb, attempt: (state.attempts[verb] ?? 0) + 1, details: { ...planned, ...details } });
}

/** The key as the approved plan names it: what recovery looks for. */
function plannedKey(state: CeremonyState): EventData<'intent'>['details'] {
  const plan = state.data['token.plan'];
  return { ckaId: plan?.['ckaId'] ?? '', label: plan?.['label'] ?? '', planSha256: state.values['template.digest'] ?? '' };
}

/** A login after a restart or an interlude: recorded like any act, but outside the current step. */
function loginOutOfStep(script: Script, state: CeremonyState): Decision {
  if (state.phase === 'sealed' || state.phase === 'signOff' || (state.pending?.live ?? false)) return refuse('ceremony.notNow');
  const needed = loginNeeded(script, state);
  if (needed === null) return refuse('ceremony.notNow');
  const where = whereOf(state, needed.seat, here(script, state));
  const verb = needed.user === 'so' ? 'token.loginSo' : 'token.login';
  return events(intent(state, verb, where, state.pending ? { outOfStep: true, during: 'recovery' } : { outOfStep: true }));
}

/** Which login the next act is waiting for, and whose seat gives it. */
export function loginNeeded(script: Script, state: CeremonyState): { user: 'user' | 'so'; seat: string } | null {
  const seats = state.participants.map(({ seat }) => seat);
  const seatFor = (user: 'user' | 'so') => seats.find((seat) => roleOf(seat) === (user === 'so' ? 'SO' : 'CO')) ?? 'CA';
  const wanted = wantedLogin(script, state);
  if (wanted === null || state.token.loggedIn === wanted) return null;
  return { user: wanted, seat: seatFor(wanted) };
}

function wantedLogin(script: Script, state: CeremonyState): 'user' | 'so' | null {
  if (state.phase === 'interlude') return state.pause?.loggedIn ?? null;
  if (state.phase === 'recovery') return isVerb(state.pending?.operation ?? '') ? verbFacts(state.pending?.operation as VerbName).login : null;
  if (state.phase !== 'running') return null;
  if (state.mustDestroy) return 'user';
  const step = currentStep(script, state);
  if (step?.do.action !== 'act') return null;
  return state.progress.result?.ok === true ? null : verbFacts(step.do.verb).login;
}

/** Answers that are a person's slip, shown at the step and tried again by the person; everything else is an exception. */
const SLIPS: readonly string[] = ['token.pinIncorrect', 'token.pinCancelled', 'token.pinInvalid', 'token.notLoggedIn', 'input.invalid'];

function actDone(script: Script, state: CeremonyState, outcome: ActResult): Decision {
  if (state.pending?.operation !== outcome.operation) return refuse('ceremony.notNow');
  const step = currentStep(script, state);
  const where = whereOf(state, step?.seat ?? 'CA', state.pending.step);
  const result = draft('result', where, outcome);
  if (!outcome.ok) return events(result, ...failedAct(state, outcome, where));
  if (state.mustDestroy && outcome.operation === 'token.destroy') {
    return events(result, ...ending(state, where, 'The key was destroyed as decided.', lastDeciders(state)));
  }
  if (step === null || state.pending.details['outOfStep'] === true) return events(result);
  const failed = [...outcome.checks, ...unevaluated(step.expect, outcome.checks)].filter(({ ok }) => !ok);
  if (failed.length === 0) return events(result);
  const list = (side: 'wanted' | 'got') => failed.map((check) => `${check.rule}: ${check[side]}`).join('; ');
  return events(result, machineException(state, where, failSeverity(step), list('wanted'), list('got')));
}

function failedAct(state: CeremonyState, outcome: ActResult, where: Where): EventDraft[] {
  const code = outcome.error?.code ?? '';
  if (SLIPS.includes(code) || state.pending?.details['outOfStep'] === true) return [];
  const facts = Object.entries(outcome.error?.detail ?? {}).map(([name, value]) => `${name} ${String(value)}`);
  const severity = code === 'token.pinLocked' ? 'security' : 'procedural';
  return [machineException(state, where, severity, `${outcome.operation} succeeds`, [code, ...facts].join(', '))];
}

function lastDeciders(state: CeremonyState): string[] {
  return [...(state.exceptions.findLast(({ decided }) => decided?.decision === 'stop')?.decided?.decidedBy ?? [])];
}

// --- exceptions, pauses, the end ---------------------------------------------------------------------------------

function failSeverity(step: Step): 'procedural' | 'security' {
  return step.onFail === 'exception' ? 'procedural' : 'security';
}

function machineException(state: CeremonyState, where: Where, severity: EventData<'exceptionOpened'>['severity'], expected: string, happened: string): EventDraft {
  return draft('exceptionOpened', where, { number: state.exceptions.length + 1, severity, source: 'machine', expected, happened });
}

function raiseException(script: Script, state: CeremonyState, command: Extract<Command, { type: 'raiseException' }>): Decision {
  if (state.phase === 'sealed') return refuse('ceremony.sealed');
  const { severity, expected, happened } = command;
  const where = whereOf(state, state.participants.some(({ seat }) => seat === 'IW') ? 'IW' : 'CA', here(script, state));
  return events(draft('exceptionOpened', where, { number: state.exceptions.length + 1, severity, source: 'person', expected, happened }));
}

function decideException(script: Script, state: CeremonyState, command: Extract<Command, { type: 'decideException' }>): Decision {
  if (state.phase === 'sealed') return refuse('ceremony.sealed');
  const { type: _, ...data } = command;
  const record = state.exceptions.find(({ number }) => number === data.number);
  if (!record || record.decided) return refuse('ceremony.notNow');
  if (!isDualControl(data.decidedBy, state)) return refuse('ceremony.wrongRole', { need: 'two people in two roles who have signed in' });
  if (!allowedDecisions(script, state, record).includes(data.decision)) return refuse('ceremony.notNow', { decision: data.decision });
  if (data.effectOnKey === 'destroy' && data.decision !== 'stop') return refuse('input.invalid', { field: 'effectOnKey' });
  const where = whereOf(state, 'CA', record.step);
  const event = draft('exceptionDecided', where, data);
  if (data.decision !== 'stop') return events(event);
  const destroyFirst = data.effectOnKey === 'destroy' && keyMayExist(state);
  return destroyFirst ? events(event) : events(event, ...ending(state, where, `Exception ${data.number}: ${data.reason}`, data.decidedBy));
}

/** A key was generated and not destroyed since. */
export function keyMayExist(state: CeremonyState): boolean {
  return state.data['token.generate'] !== undefined && state.data['token.destroy'] === undefined;
}

function ending(state: CeremonyState, where: Where, reason: string, decidedBy: readonly string[]): EventDraft[] {
  if (state.outcome === 'aborted') return [];
  return [draft('aborted', where, { reason, decidedBy: [...decidedBy] }), draft('signOffOpened', where, { outcome: 'aborted' })];
}

function abort(script: Script, state: CeremonyState, reason: string, decidedBy: readonly string[]): Decision {
  if (state.phase === 'sealed') return refuse('ceremony.sealed');
  if (state.outcome === 'aborted' || (state.pending?.live ?? false)) return refuse('ceremony.notNow');
  const present = state.signedIn.length > 0;
  if (present && !isDualControl(decidedBy, state)) return refuse('ceremony.wrongRole', { need: 'two people in two roles who have signed in' });
  return events(...ending(state, whereOf(state, 'CA', here(script, state)), reason, decidedBy));
}

function pause(script: Script, state: CeremonyState, { reason, minutes, inventory }: Extract<RimCommand, { type: 'paused' }>): Decision {
  const blocked = notRunning(state);
  if (blocked) return blocked;
  return events(draft('paused', whereOf(state, 'CA', here(script, state)), { reason, minutes, inventory }));
}

/** Goes on only when the paper head, the room and the token are as they were left. */
function resume(script: Script, state: CeremonyState, command: Extract<RimCommand, { type: 'resumed' }>): Decision {
  if (state.phase !== 'interlude' || state.pause === null) return refuse('ceremony.notNow');
  const open = undecided(state)[0];
  if (open) return refuse('ceremony.openException', { number: open.number });
  const missing = state.signedIn.filter((seat) => !command.present.includes(seat));
  if (missing.length > 0) return refuse('ceremony.roleUnfilled', { seats: missing.join(', ') });
  const where = whereOf(state, 'CA', here(script, state));
  if (!command.headMatches) return events(machineException(state, where, 'fatal', 'the head on paper', 'the head on screen differs from the paper'));
  if (command.inventory !== state.pause.inventory) {
    return events(machineException(state, where, 'security', `inventory ${state.pause.inventory}`, `inventory ${command.inventory}`));
  }
  return events(draft('resumed', where, { head: state.pause.head, inventory: command.inventory, present: [...command.present] }));
}

function clockSetBack(script: Script, state: CeremonyState, was: string, now: string): Decision {
  if (state.phase === 'sealed') return refuse('ceremony.sealed');
  const where = whereOf(state, 'CA', here(script, state));
  return events(machineException(state, where, 'procedural', `time after ${was}`, `the clock was set back to ${now}`));
}

// --- recovery ----------------------------------------------------------------------------------------------------

function inspected(script: Script, state: CeremonyState, { hits, found }: Extract<RimCommand, { type: 'inspected' }>): Decision {
  if (state.phase !== 'recovery' || state.pending === null) return refuse('ceremony.notNow');
  const { operation, details, step } = state.pending;
  const ckaId = typeof details['ckaId'] === 'string' ? details['ckaId'] : '';
  return events(draft('inspected', whereOf(state, currentStep(script, state)?.seat ?? 'CA', step), { operation, ckaId, hits, found }));
}

/** One trace of the act: adopt it. None: do it again. More: stop. Never by itself, always two people. */
export function recoveryChoices(state: CeremonyState): readonly ('adopt' | 'redo' | 'stop')[] {
  if (state.phase !== 'recovery' || state.inspected === null) return [];
  if (state.inspected.hits === 0) return ['redo', 'stop'];
  return state.inspected.hits === 1 ? ['adopt', 'stop'] : ['stop'];
}

function recover(script: Script, state: CeremonyState, { choice, decidedBy }: { choice: 'adopt' | 'redo' | 'stop'; decidedBy: readonly string[] }): Decision {
  const { pending } = state;
  if (pending === null || !recoveryChoices(state).includes(choice)) return refuse('ceremony.notNow');
  if (!isDualControl(decidedBy, state)) return refuse('ceremony.wrongRole', { need: 'two people in two roles who have signed in' });
  const where = whereOf(state, currentStep(script, state)?.seat ?? 'CA', pending.step);
  const number = state.exceptions.length + 1;
  const found = `${state.inspected?.hits ?? 0} trace(s) of it on the token`;
  const trail: EventDraft[] = [
    draft('exceptionOpened', where, { number, severity: 'procedural', source: 'machine', expected: `a result of ${pending.operation}`, happened: `interrupted; ${found}` }),
    draft('exceptionDecided', where, {
      number,
      decision: choice === 'stop' ? 'stop' : choice === 'redo' ? 'repeat' : 'continue',
      reason: `${choice} after inspection`,
      effectOnKey: choice === 'redo' ? 'redo' : 'none',
      decidedBy: [...decidedBy],
      owner: decidedBy.join(', '),
    }),
  ];
  if (choice === 'adopt') trail.push(draft('result', where, adopted(pending.operation, { ...pending.details, ...state.inspected?.found })));
  trail.push(draft('recovered', where, { operation: pending.operation, choice, decidedBy: [...decidedBy] }));
  return choice === 'stop' ? events(...trail, ...ending(state, where, `Recovery of ${pending.operation}: ${found}`, decidedBy)) : events(...trail);
}

function adopted(operation: string, details: EventData<'intent'>['details']): ActResult {
  return {
    operation,
    ok: true,
    tookMs: 0,
    data: { ...details, adopted: true },
    checks: [{ rule: 'CER-ADOPTED', ok: true, wanted: 'exactly one trace of the act', got: 'exactly one trace of the act' }],
    show: [],
    values: {},
    artefacts: [],
    error: null,
  };
}

// --- the seal ----------------------------------------------------------------------------------------------------

function seal(state: CeremonyState, signatures: readonly SignatureLine[]): Decision {
  if (state.phase !== 'signOff' || state.outcome === null) return refuse('ceremony.notNow');
  const open = undecided(state)[0];
  if (open) return refuse('ceremony.openException', { number: open.number });
  const all = state.participants.every(({ seat }) => signatures.some((line) => line.seat === seat));
  if (!all || signatures.length !== state.participants.length) return refuse('ceremony.notNow', { waitingFor: 'signatures' });
  if (!signatures.some((line) => 'signature' in line)) return refuse('ceremony.notNow', { waitingFor: 'one signature' });
  return events(draft('sealed', NOWHERE, { head: state.head, outcome: state.outcome, signatures: [...signatures] }));
}


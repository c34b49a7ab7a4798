import { approvalText, attendanceText } from '../evidence/signed-text';
import { success, type Result } from '../contract/result';
import type { VerifySignature } from '../evidence/event';
import { readExpiry, readExpiryOwner } from '../keys/expiry';
import { currentStep, doDone, filled, readDone, undecided } from './current-step';
import { act } from './decide-act';
import { calledException, events, failSeverity, machineException, notRunning, refuse, whereOf, type Decision } from './decision';
import { draft, type Where } from './events';
import type { Command, RimCommand } from './rim-command';
import type { Script, Step } from './script';
import type { CeremonyState } from './state';
import { roleOf } from './variant';

/** Commands that belong to the current step and to nothing else. */
export type StepCommand = Extract<
  Command,
  { type: 'read' | 'tick' | 'choose' | 'enter' | 'compareRow' | 'act' | 'seal' | 'signedIn' | 'approved' }
>;

/** READ, DO and SEAL of the current step. */
export function inStep(script: Script, state: CeremonyState, command: StepCommand, verify: VerifySignature): Decision {
  const blocked = notRunning(state);
  if (blocked) return blocked;
  const step = currentStep(script, state);
  if (step === null) return refuse('ceremony.notNow');
  if ('step' in command && command.step !== step.id)
    return refuse('ceremony.wrongStep', { step: command.step, current: step.id });
  const isDestruction = command.type === 'act' && state.mustDestroy;
  if (command.type !== 'read' && !isDestruction && !readDone(step, state))
    return refuse('ceremony.notNow', { waitingFor: 'read' });
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
      return enter(step, state, command.value);
    case 'compareRow':
      return compareRow(
        step,
        state,
        command,
        whereOf(state, step.do.action === 'compare' ? step.do.checker : step.seat, step.id),
      );
    case 'act':
      return act(step, state, where);
    case 'signedIn':
      return signIn(step, state, command, verify);
    case 'approved':
      return approve(script, step, state, command, verify);
  }
}

function read(step: Step, state: CeremonyState, where: Where): Decision {
  if (readDone(step, state)) return refuse('ceremony.notNow');
  const opening = step.do.action === 'signOff' && undecided(state).length > 0;
  if (opening) return refuse('ceremony.openException', { number: undecided(state)[0]?.number ?? 0 });
  const isSignOff = step.do.action === 'signOff';
  return events(isSignOff ? draft('signOffOpened', where, { outcome: 'completed' }) : draft('read', where, {}));
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
  return events(
    calledException(
      state,
      where,
      { severity, about: 'check' },
      `another answer than "${chosen.title}"`,
      filled(chosen.title, state),
    ),
    event,
  );
}

/** Two blind entries. The second must repeat the first; what both say must fit the pattern and, where the script names it, the machine's own value. */
function enter(step: Step, state: CeremonyState, value: string): Decision {
  if (step.do.action !== 'enterTwice' || state.progress.entries.length === 2) return refuse('ceremony.notNow');
  const where = whereOf(state, state.progress.entries.length === 0 ? step.seat : step.do.second, step.id);
  const { name, pattern, equals } = step.do;
  if (!new RegExp(pattern).test(value)) return refuse('input.pattern', { hint: step.do.hint });
  const taken = takenAs(step.do.takes, state, value);
  if (!taken.ok) return taken;
  const first = state.progress.entries[0];
  if (first === undefined) return events(draft('entered', where, { name, entry: 1, value }));
  const event = draft('entered', where, { name, entry: 2, value });
  if (first !== value) return events(event); // a slip: both are asked for again
  const wanted = equals === undefined ? value : filled(equals, state);
  if (wanted === value) return events(event);
  return events(
    machineException(
      state,
      where,
      { severity: failSeverity(step), about: 'check' },
      `${step.do.title}: ${wanted}`,
      `${step.do.title}: ${value}`,
    ),
    event,
  );
}

/** What cannot be an expiry or its owner is refused as it is entered: once the step is sealed, only the end of the ceremony would mend it. */
function takenAs(takes: 'expiry' | 'expiryOwner' | undefined, state: CeremonyState, value: string): Result<unknown> {
  if (takes === 'expiry') return readExpiry(value, new Date(state.lastAt));
  return takes === 'expiryOwner' ? readExpiryOwner(value, state.values['expiry'] ?? '') : success(null);
}

function compareRow(step: Step, state: CeremonyState, { row, equal }: { row: number; equal: boolean }, where: Where): Decision {
  const open = undecided(state)[0];
  if (open) return refuse('ceremony.openException', { number: open.number });
  if (step.do.action !== 'compare' || row !== Object.keys(state.progress.rows).length + 1) return refuse('ceremony.notNow');
  const digest = state.values[step.do.value];
  if (digest === undefined) return refuse('ceremony.notNow', { waitingFor: step.do.value });
  const event = draft('compared', where, { value: step.do.value, digest, row, equal });
  if (equal) return events(event);
  return events(
    calledException(
      state,
      where,
      { severity: failSeverity(step), about: 'check' },
      `row ${row} equal on both sheets`,
      `row ${row} differs`,
    ),
    event,
  );
}

function signIn(
  step: Step,
  state: CeremonyState,
  command: Extract<RimCommand, { type: 'signedIn' }>,
  verify: VerifySignature,
): Decision {
  const person = state.participants.find(({ seat }) => seat === command.seat);
  if (step.do.action !== 'attendance' || state.signedIn.includes(command.seat)) return refuse('ceremony.notNow');
  if (person?.officer !== command.officer) return refuse('ceremony.wrongRole', { seat: command.seat });
  if (!verify(person.publicKey, attendanceText(state.genesis.hash, command.seat), command.signature))
    return refuse('auth.signatureInvalid');
  const { seat, officer, signature } = command;
  return events(draft('signedIn', whereOf(state, seat, step.id), { seat, officer, signature }));
}

/** One approval by one person, whatever the number of their seats: the quorum counts people. */
function approve(
  script: Script,
  step: Step,
  state: CeremonyState,
  command: Extract<RimCommand, { type: 'approved' }>,
  verify: VerifySignature,
): Decision {
  if (step.do.action !== 'approve') return refuse('ceremony.notNow');
  const { gate, subject } = step.do;
  const person = state.participants.find(({ seat }) => seat === command.seat);
  const rule = script.approvals[gate];
  if (person?.officer !== command.officer || !rule?.of.includes(roleOf(command.seat)) || !state.signedIn.includes(command.seat)) {
    return refuse('ceremony.wrongRole', { seat: command.seat });
  }
  const keys = state.participants
    .filter(({ seat }) => state.progress.approvedBy.includes(seat))
    .map(({ publicKey }) => publicKey);
  if (keys.includes(person.publicKey)) return refuse('policy.alreadyApproved', { name: person.name });
  const digest = state.values[`${subject}.digest`];
  if (digest === undefined || digest !== command.digest) return refuse('ceremony.differs', { what: subject });
  if (!verify(person.publicKey, approvalText(state.genesis.hash, gate, digest), command.signature))
    return refuse('auth.signatureInvalid');
  const { seat, officer, signature } = command;
  return events(draft('approved', whereOf(state, seat, step.id), { gate, seat, officer, digest, signature }));
}

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { currentStep } from '../../../core/ceremony/current-step';
import { decide } from '../../../core/ceremony/decide';
import { draft, readEvent, type CeremonyEvent } from '../../../core/ceremony/events';
import { evolve } from '../../../core/ceremony/evolve';
import type { Command } from '../../../core/ceremony/rim-command';
import { readScript } from '../../../core/ceremony/script-file';
import type { Script } from '../../../core/ceremony/script';
import type { ActResult, CeremonyState } from '../../../core/ceremony/state';
import { defaultInputs, neededSeats, roleOf, seatsOf, type Inputs } from '../../../core/ceremony/variant';
import { canonical } from '../../../core/evidence/canonical';
import { chain, type EventDraft, type TranscriptEvent } from '../../../core/evidence/event';
import { sha256Text } from '../../../core/pack/sha256';

export function scriptOf(id: string): Script {
  const reading = readScript(readFileSync(new URL(`../../../resources/ceremonies/${id}.yaml`, import.meta.url), 'utf8'));
  if (!reading.ok) throw new Error(`${id} does not read`);
  return reading.script;
}

const ENTRIES: Readonly<Record<string, string>> = {
  hsmSerial: '1234',
  expiry: 'never',
  owner: 'none',
  authorisedLabel: 'byok-1',
  authorisedCheckValue: 'ABCDEF',
  copies: 'none',
};
export const SIGNATURE = 'c2lnbmF0dXJl';
export const hex = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The defaults, and something that fits for what has none. */
export function filledInputs(script: Script): Inputs {
  const asked = {
    ckaId: '0'.repeat(32),
    kmsKeyArn: 'arn:aws:kms:eu-central-1:000000000000:key/5371535e-455e-4c5b-a1fc-999f5200b686',
    checkValue: 'ABCDEF',
    authorisation: 'Paper 17',
  };
  const fitting = Object.entries(asked).filter(([name]) => name in script.inputs);
  return { ...defaultInputs(script), ...Object.fromEntries(fitting) };
}

/** A ceremony without a rim: commands in, events and state out. */
export class Engine {
  readonly script: Script;
  readonly events: CeremonyEvent[] = [];
  #state: CeremonyState;
  #last: TranscriptEvent | null = null;

  constructor(script: Script, inputs: Inputs) {
    this.script = script;
    const participants = neededSeats(script, inputs).map((seat) => ({
      seat,
      role: roleOf(seat),
      officer: hex(seat).slice(0, 16),
      name: `Person ${seat}`,
      publicKey: Buffer.from(seat).toString('base64'),
    }));
    this.#state = this.#append(
      draft(
        'opened',
        { step: '', role: 'CA', actor: 'Person CA' },
        {
          format: 'keyrite-transcript-1',
          ceremonyId: 'byok-1',
          runMode: 'rehearsal',
          script: { id: script.id, title: script.title, sha256: hex(script.id) },
          tool: { name: 'keyrite', version: '0', build: 'test' },
          station: { id: 'one', kind: 'online' },
          token: { profile: 'softhsm', modulePath: '/m.so', serial: '1234', label: 'token' },
          inputs: { ...inputs },
          participants,
        },
      ),
      null,
    );
  }

  get state(): CeremonyState {
    return this.#state;
  }

  #append(one: EventDraft, before: CeremonyState | null): CeremonyState {
    const chained = chain(one, this.#last, '2026-11-22T09:00:00.000Z', sha256Text);
    // as it is read back from disk: members in canonical order
    const event = JSON.parse(canonical(chained)) as TranscriptEvent;
    const reading = readEvent(event);
    if (!reading.ok) throw new Error(reading.problem);
    this.#last = event;
    this.events.push(reading.event);
    return evolve(before, reading.event);
  }

  /** true: it was allowed */
  submit(command: Command): boolean {
    const decision = decide(this.script, this.#state, command, () => true);
    if (!decision.ok) return false;
    for (const one of decision.value) this.#state = this.#append(one, this.#state);
    return true;
  }
}

/** What an act brings back when all is well: digests that depend on the attempt, so that a repeat gives other ones. */
export function good(state: CeremonyState, expected: readonly string[]): ActResult {
  const { operation = '', attempt = 0 } = state.pending ?? state.side ?? {};
  const told: Record<string, readonly (readonly string[])[]> = {
    'token.plan': [['template.digest', hex(`template ${attempt}`)]],
    'token.locate': [['template.digest', hex(`template ${attempt}`)]],
    'aws.planRotation': [['rotation.digest', hex(`rotation ${attempt}`)]],
    'destroy.plan': [['destruction.digest', hex(`destruction ${attempt}`)]],
    'token.checkValue': [['key.fingerprint', hex('key')]],
    'aws.planPolicy': [['keyPolicy.digest', hex(`keyPolicy ${attempt}`)]],
    'aws.planKey': [['kmsKey.digest', hex(`kmsKey ${attempt}`)]],
    'bundle.prepareOut': [['out.digest', hex(`out ${attempt}`)]],
    'bundle.readOut': [['out.digest', hex(`out ${state.attempts['bundle.prepareOut'] ?? 0}`)]],
    'bundle.prepareBack': [['back.digest', hex(`back ${attempt}`)]],
    'bundle.readBack': [['back.digest', hex(`back ${state.attempts['bundle.prepareBack'] ?? 0}`)]],
    'aws.planImport': [['import.digest', hex(`import ${attempt}`)]],
  };
  return {
    operation,
    ok: true,
    tookMs: 1,
    data: operation === 'token.plan' ? { ckaId: 'ab'.repeat(16), label: 'byok-1' } : {},
    checks: expected.map((rule) => ({ rule, ok: true, wanted: 'so', got: 'so' })),
    show: [],
    values: Object.fromEntries(told[operation] ?? []) as Record<string, string>,
    artefacts: [],
    error: null,
  };
}

export function failed(state: CeremonyState, code: string): ActResult {
  const detail = { zone: 'last', answer: 'first' };
  return { ...good(state, []), ok: false, values: {}, data: {}, error: { code, detail } };
}

/** What careful people do next. */
function next({ script, state }: Engine): Command {
  const open = state.exceptions.find(({ decided }) => decided === null);
  const decidedBy = ['CA', 'IW'];
  if (open) {
    const base = {
      type: 'decideException',
      number: open.number,
      reason: 'r',
      effectOnKey: 'none',
      decidedBy,
      owner: 'CA',
    } as const;
    const choices = open.opened.about === 'act' ? (['repeat', 'stop'] as const) : (['continue', 'repeat', 'stop'] as const);
    const decision = choices.find((choice) => decide(script, state, { ...base, decision: choice }, () => true).ok) ?? 'stop';
    return { ...base, decision };
  }
  const step = currentStep(script, state);
  if (state.side) return { type: 'actDone', result: good(state, []) };
  if (state.phase === 'recovery')
    return state.inspected === null ? { type: 'inspected', hits: 0, found: {} } : { type: 'recover', choice: 'redo', decidedBy };
  if (state.pending) return { type: 'actDone', result: good(state, step?.expect ?? []) };
  if (step === null) throw new Error('The ceremony has no step.');
  const { id } = step;
  if (step.read !== undefined && !state.progress.read) return { type: 'read', step: id };
  const seal = { type: 'seal', step: id } as const;
  if (decide(script, state, seal, () => true).ok) return seal;
  const officer = (seat: string) => state.participants.find((one) => one.seat === seat)?.officer ?? '';
  switch (step.do.action) {
    case 'attendance': {
      const seat = state.participants.find((one) => !state.signedIn.includes(one.seat))?.seat ?? '';
      return { type: 'signedIn', seat, officer: officer(seat), signature: SIGNATURE };
    }
    case 'confirm':
      return { type: 'tick', step: id, item: step.do.items.findIndex((_, i) => !state.progress.ticks.includes(i)) };
    case 'choose':
      return { type: 'choose', step: id, option: Object.keys(step.do.options)[0] ?? '' };
    case 'enterTwice':
      return { type: 'enter', step: id, value: ENTRIES[step.do.name] ?? '' };
    case 'compare':
      return { type: 'compareRow', step: id, row: Object.keys(state.progress.rows).length + 1, equal: true };
    case 'approve': {
      const of = (script.approvals[step.do.gate]?.of ?? []).flatMap((role) => seatsOf(script, role));
      const seat = of.find((one) => !state.progress.approvedBy.includes(one)) ?? '';
      const digest = state.values[`${step.do.subject}.digest`] ?? '';
      return { type: 'approved', seat, officer: officer(seat), digest, signature: SIGNATURE };
    }
    case 'act': {
      if (!state.token.open && state.data['token.open'] !== undefined) return { type: 'reconnect' };
      const act = { type: 'act', step: id } as const;
      return decide(script, state, act, () => true).ok ? act : { type: 'login' };
    }
    default:
      throw new Error(`Nothing is next in step ${id}.`);
  }
}

/** To the sign-off, or until `moves` have been made. */
export function runOn(engine: Engine, moves: number): void {
  for (let i = 0; i < moves && engine.state.phase !== 'signOff'; i += 1) {
    const step = currentStep(engine.script, engine.state);
    if (step?.do.action === 'signOff' && (engine.state.progress.read || step.read === undefined)) return;
    if (!engine.submit(next(engine))) throw new Error(`${JSON.stringify(next(engine))} was refused in step ${step?.id ?? ''}`);
  }
}

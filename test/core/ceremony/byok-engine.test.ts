import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currentStep } from '../../../core/ceremony/current-step';
import { decide } from '../../../core/ceremony/decide';
import { draft, readEvent, type CeremonyEvent } from '../../../core/ceremony/events';
import { evolve } from '../../../core/ceremony/evolve';
import type { Command } from '../../../core/ceremony/rim-command';
import { readScript } from '../../../core/ceremony/script-file';
import type { Script } from '../../../core/ceremony/script';
import { Soundness } from '../../../core/ceremony/soundness';
import type { ActResult, CeremonyState } from '../../../core/ceremony/state';
import { defaultInputs, neededSeats, roleOf, seatsOf, type Inputs } from '../../../core/ceremony/variant';
import { canonical } from '../../../core/evidence/canonical';
import { chain, type EventDraft, type TranscriptEvent } from '../../../core/evidence/event';
import { sha256Text } from '../../../core/pack/sha256';

function scriptOf(id: string): Script {
  const reading = readScript(readFileSync(new URL(`../../../resources/ceremonies/${id}.yaml`, import.meta.url), 'utf8'));
  if (!reading.ok) throw new Error(`${id} does not read`);
  return reading.script;
}

const BYOK = scriptOf('byok');
const ENTRIES: Readonly<Record<string, string>> = {
  hsmSerial: '1234',
  expiry: 'never',
  owner: 'none',
  authorisedLabel: 'byok-1',
  authorisedCheckValue: 'ABCDEF',
  copies: 'none',
};
const SIGNATURE = 'c2lnbmF0dXJl';
const hex = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The defaults, and something that fits for what has none. */
function filledInputs(script: Script): Inputs {
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
class Engine {
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
function good(state: CeremonyState, expected: readonly string[]): ActResult {
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

function failed(state: CeremonyState, code: string): ActResult {
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

/** Everything that people, a page or a rim may try at the wrong moment. */
const stray: fc.Arbitrary<(engine: Engine) => Command> = fc.oneof(
  fc
    .constantFrom(...BYOK.acts.flatMap(({ steps }) => steps.map(({ id }) => id)))
    .map((step) => () => ({ type: 'act', step }) as const),
  fc.constant(({ script, state }: Engine) => ({ type: 'act', step: currentStep(script, state)?.id ?? '' }) as const),
  fc.constant(({ script, state }: Engine) => ({ type: 'seal', step: currentStep(script, state)?.id ?? '' }) as const),
  fc
    .tuple(fc.constantFrom('CO1', 'CO2', 'AO', 'AA', 'CA', 'IW'), fc.constantFrom('import', 'out', 'back', 'nothing'))
    .map(([seat, subject]) => ({ state }: Engine) => {
      const officer = state.participants.find((one) => one.seat === seat)?.officer ?? '';
      return {
        type: 'approved',
        seat,
        officer,
        digest: state.values[`${subject}.digest`] ?? hex('x'),
        signature: SIGNATURE,
      } as const;
    }),
  fc.tuple(fc.integer({ min: 1, max: 8 }), fc.boolean()).map(
    ([row, equal]) =>
      ({ script, state }: Engine) =>
        ({ type: 'compareRow', step: currentStep(script, state)?.id ?? '', row, equal }) as const,
  ),
  fc.constantFrom('aws.noAnswer', 'aws.accessDenied', 'aws.throttled', 'token.moduleCrashed', 'bundle.expired').map(
    (code) =>
      ({ state }: Engine) =>
        ({ type: 'actDone', result: failed(state, code) }) as const,
  ),
  fc.constant(({ state }: Engine) => ({ type: 'actDone', result: good(state, []) }) as const),
  fc.constant(() => ({ type: 'reopened', tool: { name: 'keyrite', version: '0', build: 'test' } }) as const),
  fc.nat(1).map((hits) => () => ({ type: 'inspected', hits, found: {} }) as const),
  fc
    .constantFrom<'adopt' | 'redo'>('adopt', 'redo')
    .map((choice) => (): Command => ({ type: 'recover', choice, decidedBy: ['CA', 'IW'] })),
  fc.constant(() => ({ type: 'raiseException', severity: 'cosmetic', expected: 'quiet', happened: 'noise' }) as const),
);

/** The first thing in a transcript that must never be in one, or null. */
function forbidden(events: readonly CeremonyEvent[]): string | null {
  let state: CeremonyState | null = null;
  let [imports, readAloud] = [0, new Set<number>()];
  for (const event of events) {
    if (event.type === 'compared' && event.data.value === 'out.digest') {
      if (event.data.row === 1) readAloud = new Set();
      if (event.data.equal && event.step === '4.3') readAloud.add(event.data.row);
    }
    if (event.type === 'intent' && event.data.operation === 'token.wrap' && readAloud.size !== 8)
      return 'wrapped, not read aloud';
    if (event.type === 'intent' && event.data.operation === 'aws.import' && state !== null) {
      const digest = state.values['import.digest'];
      const people = new Set(
        (state.approvals['import'] ?? []).filter((one) => one.digest === digest).map(({ officer }) => officer),
      );
      if (digest === undefined || people.size < 2) return 'imported, not approved';
      if (imports > 0 && state.inspected === null && state.attempts['aws.import'] === imports && !wasRefused(events, imports))
        return 'imported again, not looked';
      imports += 1;
    }
    state = evolve(state, event);
  }
  return null;
}

/** Every import before was answered with a refusal, or was looked for and found undone. */
function wasRefused(events: readonly CeremonyEvent[], count: number): boolean {
  const refused = events.filter(
    (event) =>
      event.type === 'result' &&
      event.data.operation === 'aws.import' &&
      !event.data.ok &&
      event.data.error?.code !== 'aws.noAnswer',
  );
  const redone = events.filter(
    (event) => event.type === 'recovered' && event.data.operation === 'aws.import' && event.data.choice === 'redo',
  );
  return refused.length + redone.length >= count;
}

function departure(script: Script, events: readonly CeremonyEvent[]): string | null {
  const soundness = new Soundness(script);
  for (const event of events) {
    const what = soundness.feed(event);
    if (what !== null) return `${event.type} ${event.step}: ${what}`;
  }
  return null;
}

/** To the sign-off, or until `moves` have been made. */
function runOn(engine: Engine, moves: number): void {
  for (let i = 0; i < moves && engine.state.phase !== 'signOff'; i += 1) {
    const step = currentStep(engine.script, engine.state);
    if (step?.do.action === 'signOff' && (engine.state.progress.read || step.read === undefined)) return;
    if (!engine.submit(next(engine))) throw new Error(`${JSON.stringify(next(engine))} was refused in step ${step?.id ?? ''}`);
  }
}

describe('the BYOK script in the engine', () => {
  it(
    'never imports what was not approved and never wraps before the rows were read, whatever is tried in between',
    { timeout: 60_000 },
    () => {
      const pieces = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), stray), { minLength: 4, maxLength: 25 });
      fc.assert(
        fc.property(pieces, (plan) => {
          const engine = new Engine(BYOK, defaultInputs(BYOK));
          for (const [moves, deviation] of plan) {
            runOn(engine, moves);
            engine.submit(deviation(engine));
          }
          expect(forbidden(engine.events)).toBeNull();
          expect(departure(BYOK, engine.events)).toBeNull();
        }),
        { numRuns: 60 },
      );
    },
  );

  for (const id of ['byok', 'byok-reimport', 'byok-rotate', 'byok-multi-region', 'key-destroy'])
    it(`${id} is sound from its opening to the signatures when everybody does what is next`, () => {
      const script = scriptOf(id);
      const engine = new Engine(script, filledInputs(script));
      runOn(engine, 2000);
      expect(engine.state.sealedSteps.length).toBeGreaterThan(15);
      expect(departure(script, engine.events)).toBeNull();
    });

  it('is not sound with an option that nobody offers, which would leave out every step that depends on it', () => {
    const engine = new Engine(BYOK, { ...defaultInputs(BYOK), leg: 'nowhere' });
    expect(departure(BYOK, engine.events)).toContain('the input leg');
  });

  it('is sound when a row of the read-out differed, and the read-out was done once more', () => {
    const engine = new Engine(BYOK, defaultInputs(BYOK));
    while (!(engine.state.progress.read && currentStep(BYOK, engine.state)?.id === '4.3')) runOn(engine, 1);
    expect(engine.submit({ type: 'compareRow', step: '4.3', row: 1, equal: false })).toBe(true);
    expect(engine.submit({ type: 'compareRow', step: '4.3', row: 2, equal: true })).toBe(false);
    runOn(engine, 2000);
    expect(engine.state.exceptions).toMatchObject([{ step: '4.3', decided: { decision: 'repeat' } }]);
    expect(departure(BYOK, engine.events)).toBeNull();
    const at = engine.events.findIndex(({ type }) => type === 'exceptionOpened');
    expect(
      departure(
        BYOK,
        engine.events.filter((_, i) => i !== at),
      ),
    ).toMatch(/^compared 4\.3/);
  });

  it('takes no expiry that KMS would not take, and no date without a person who owns it, as they are entered', () => {
    const engine = new Engine(BYOK, defaultInputs(BYOK));
    const isIn = (id: string) => engine.state.progress.read && currentStep(BYOK, engine.state)?.id === id;
    const enter = (step: string, entry: string) => {
      const decision = decide(BYOK, engine.state, { type: 'enter', step, value: entry }, () => true);
      return decision.ok ? 'taken' : String(decision.error.detail['problem'] ?? decision.error.code);
    };
    while (!isIn('5.3')) runOn(engine, 1);
    expect(enter('5.3', '2026-11-21')).toBe('2026-11-21 has passed');
    expect(enter('5.3', '2027-12-01')).toBe('KMS keeps imported material 365 days at most');
    expect(enter('5.3', '2027-02-30')).toBe('2027-02-30 is no day of the calendar');
    expect(enter('5.3', 'tomorrow')).toBe('input.pattern');
    expect(enter('5.3', '2026-11-22')).toBe('taken');
    for (const seat of ['AO', 'AA']) expect(engine.submit({ type: 'enter', step: '5.3', value: '2027-11-20' }), seat).toBe(true);
    while (!isIn('5.4')) runOn(engine, 1);
    expect(enter('5.4', 'none')).toBe('the material expires on 2027-11-20: a person must own that date');
    expect(enter('5.4', 'Olga Owner')).toBe('taken');

    const never = new Engine(BYOK, defaultInputs(BYOK));
    while (!(never.state.progress.read && currentStep(BYOK, never.state)?.id === '5.4')) runOn(never, 1);
    expect(never.submit({ type: 'enter', step: '5.4', value: 'Olga Owner' })).toBe(false);
    expect(never.submit({ type: 'enter', step: '5.4', value: 'none' })).toBe(true);
  });

  it('is found out when something was left out and everybody signed', () => {
    const engine = new Engine(BYOK, defaultInputs(BYOK));
    runOn(engine, 2000);
    expect(engine.state.sealedSteps.length).toBeGreaterThan(60);
    const isImportApproval = (event: CeremonyEvent) => event.type === 'approved' && event.data.gate === 'import';
    const isRow = (step: string) => (event: CeremonyEvent) => event.type === 'compared' && event.step === step;
    const leftOut: readonly (readonly [string, (event: CeremonyEvent) => boolean])[] = [
      ['an approval of the import', isImportApproval],
      ['a row of the OUT bundle at the offline station', isRow('4.3')],
      ['a row of the BACK bundle at the online station', isRow('5.2')],
      ['the read-back of the OUT medium', (event) => event.type === 'result' && event.data.operation === 'bundle.rereadOut'],
      ['the trial wrap', (event) => event.type === 'stepSealed' && event.step === '2.6'],
      ['the intent of CreateKey', (event) => event.type === 'intent' && event.data.operation === 'aws.createKey'],
    ];
    for (const [what, isIt] of leftOut) {
      const at = engine.events.findLastIndex(isIt);
      expect(at, what).toBeGreaterThan(0);
      expect(
        departure(
          BYOK,
          engine.events.filter((_, i) => i !== at),
        ),
        what,
      ).not.toBeNull();
    }
    const other = engine.events.map((event) =>
      event.type === 'approved' && event.data.gate === 'import'
        ? { ...event, data: { ...event.data, digest: hex('another import') } }
        : event,
    );
    expect(departure(BYOK, other)).toMatch(/^approved 5\.6/);
  });
});

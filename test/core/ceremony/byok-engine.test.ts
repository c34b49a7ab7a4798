import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currentStep } from '../../../core/ceremony/current-step';
import { decide } from '../../../core/ceremony/decide';
import type { CeremonyEvent } from '../../../core/ceremony/events';
import { evolve } from '../../../core/ceremony/evolve';
import type { Command } from '../../../core/ceremony/rim-command';
import type { Script } from '../../../core/ceremony/script';
import { Soundness } from '../../../core/ceremony/soundness';
import type { CeremonyState } from '../../../core/ceremony/state';
import { defaultInputs } from '../../../core/ceremony/variant';
import { Engine, failed, filledInputs, good, hex, runOn, scriptOf, SIGNATURE } from './engine-driver';

const BYOK = scriptOf('byok');

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

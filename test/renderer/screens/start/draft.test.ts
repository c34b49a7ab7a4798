import { describe, expect, test } from 'vitest';
import {
  conflictOf,
  draftOf,
  forbidden,
  inputFits,
  isNeeded,
  missingIn,
  seatPractice,
  type StartDraft,
} from '../../../../renderer/screens/start/draft';
import type { CeremonyChoice } from '../../../../core/contract/values';
import { choices } from '../../fixtures/answers';
import { officers } from '../../fixtures/people';

const choice = choices[0] as CeremonyChoice;
const real = officers.map((officer) => ({ ...officer, rehearsal: false }));
const seated: StartDraft = { ...draftOf(choice), seats: seatPractice(choice, draftOf(choice).inputs, officers) };

function seatNamed(name: string): CeremonyChoice['seats'][number] {
  const seat = choice.seats.find((each) => each.seat === name);
  if (seat === undefined) throw new Error(`no seat ${name}`);
  return seat;
}

describe('what is filled in to start a ceremony', () => {
  test('begins with the script’s own values, in rehearsal, with nobody seated', () => {
    expect(draftOf(choice)).toMatchObject({ runMode: 'rehearsal', inputs: { keyLabel: 'xks-root-1' }, seats: {}, typed: '' });
  });

  test('a seat that the variant does not need may stay empty', () => {
    expect(isNeeded(seatNamed('SO'), { tokenState: 'ready' })).toBe(false);
    expect(isNeeded(seatNamed('SO'), { tokenState: 'blank' })).toBe(true);
    expect(isNeeded(seatNamed('CA'), {})).toBe(true);
  });

  test('one click seats a different practice officer on every needed seat', () => {
    expect(Object.keys(seated.seats).sort()).toEqual(['CA', 'CO1', 'CO2', 'IW']);
    expect(new Set(Object.values(seated.seats)).size).toBe(4);
    expect(missingIn(choice, seated, officers)).toBeNull();
  });

  test('the same person on two seats of one role, or on conflicting roles, is shown on both seats', () => {
    const person = officers[0]?.id ?? '';
    expect(conflictOf(seatNamed('CO1'), choice.seats, { CO1: person, CO2: person })?.seat).toBe('CO2');
    expect(conflictOf(seatNamed('CA'), choice.seats, { CA: person, IW: person })?.seat).toBe('IW');
    expect(conflictOf(seatNamed('IW'), choice.seats, { CA: person, IW: person })?.seat).toBe('CA');
    expect(missingIn(choice, { ...seated, seats: { ...seated.seats, IW: seated.seats['CA'] ?? '' } }, officers)).toBe(
      'conflicts',
    );
  });

  test('an input is one of its options, or has the asked form', () => {
    const [keySpec, , keyLabel] = choice.inputs;
    expect(keySpec && inputFits(keySpec, 'AES_256')).toBe(true);
    expect(keySpec && inputFits(keySpec, 'DES')).toBe(false);
    expect(keyLabel && inputFits(keyLabel, 'a b')).toBe(false);
    expect(missingIn(choice, { ...seated, inputs: { ...seated.inputs, keyLabel: '' } }, officers)).toBe('inputs');
  });

  test('a combination that is never offered says why', () => {
    expect(forbidden(choice, { inputs: { keySpec: 'RSA_4096', tokenState: 'blank' }, runMode: 'rehearsal' })).toMatch(/RSA/u);
    expect(forbidden(choice, { inputs: { keySpec: 'RSA_4096', tokenState: 'ready' }, runMode: 'rehearsal' })).toBeNull();
  });

  test('production wants the word, typed exactly, and no practice officer', () => {
    const production: StartDraft = { ...seated, runMode: 'production' };
    expect(missingIn(choice, { ...production, typed: 'PRODUCTION' }, officers)).toBe('practice');
    expect(missingIn(choice, { ...production, typed: 'production' }, real)).toBe('word');
    expect(missingIn(choice, { ...production, typed: 'PRODUCTION' }, real)).toBeNull();
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearest } from '../../../core/contract/nearest';

const VERBS = ['rehearse', 'verify', 'doctor'];

describe('the nearest known word', () => {
  it.each([
    ['verfy', 'verify'],
    ['doktor', 'doctor'],
    ['reharse', 'rehearse'],
    ['rehearsal', 'rehearse'],
  ])('%s was meant to be %s', (typed, meant) => {
    expect(nearest(typed, VERBS)).toBe(meant);
  });

  it('is none where too much would have to change', () => {
    expect(nearest('proxy', VERBS)).toBeNull();
    expect(nearest('x', [])).toBeNull();
  });

  it('is the word itself where it is known, and one edit never loses it', () => {
    const word = fc.constantFrom(...VERBS);
    fc.assert(
      fc.property(word, fc.nat({ max: 8 }), (known, at) => {
        expect(nearest(known, VERBS)).toBe(known);
        expect(nearest(known.slice(0, at) + known.slice(at + 1), VERBS)).toBe(known);
      }),
    );
  });
});

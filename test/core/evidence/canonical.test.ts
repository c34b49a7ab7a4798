import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical, isCanonical } from '../../../core/evidence/canonical';

const vectors = JSON.parse(readFileSync(join(import.meta.dirname, '../../vectors/jcs.json'), 'utf8')) as {
  readonly documents: readonly { readonly input: string; readonly output: string }[];
  readonly numbers: readonly [bits: string, text: string][];
};

describe('canonical', () => {
  it.each(vectors.documents)('writes document $input as RFC 8785 does', ({ input, output }) => {
    expect(canonical(JSON.parse(input))).toBe(output);
  });

  it.each(vectors.numbers)('writes the number with the bits %s as %s', (bits, text) => {
    expect(canonical(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text);
  });

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY], ['\ud83d'], [{ a: '\ude00x' }], [undefined]])(
    'has no form for %j',
    (value) => {
      expect(() => canonical(value)).toThrow();
    },
  );
});

describe('isCanonical', () => {
  it('agrees with canonical on every JSON text', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), fc.constantFrom(undefined, 1), (value, indent) => {
        for (const text of [canonical(value), JSON.stringify(value), JSON.stringify(value, null, indent)]) {
          const parsed: unknown = JSON.parse(text);
          expect(isCanonical(text, parsed)).toBe(canonical(parsed) === text);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each(vectors.documents)('takes the output and refuses the input of document $input', ({ input, output }) => {
    expect(isCanonical(output, JSON.parse(output))).toBe(true);
    expect(isCanonical(input, JSON.parse(input))).toBe(false);
  });

  it.each([
    '{"a":1,"a":1}',
    '{"b":1,"a":1}',
    '-0',
    '1.0',
    '"\\u0041"',
    '"\\ud83d"',
    '{"a":{"c":1,"b":1}}',
    '[{"b":1,"a":1}]',
    '{"__proto__":1,"A":2}',
  ])('refuses %s', (text) => {
    expect(isCanonical(text, JSON.parse(text))).toBe(false);
  });

  it('takes a text that speaks of escaped surrogates', () => {
    const text = canonical({ a: '\\ud83d' });
    expect(isCanonical(text, JSON.parse(text))).toBe(true);
  });
});

describe('a value nested deeper than any honest event', () => {
  it('is not canonical, rather than a fault of ours', () => {
    const text = '['.repeat(200_000) + ']'.repeat(200_000);
    let value: unknown = [];
    for (let depth = 1; depth < 200_000; depth += 1) value = [value];
    expect(isCanonical(text, value)).toBe(false);
  });
});

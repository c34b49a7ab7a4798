import { describe, expect, test } from 'vitest';
import { ERROR_CODES } from '../../../core/contract/errors';
import { ERROR_TEXTS } from '../../../core/contract/error-texts';

describe('what people are told about an error', () => {
  test.each(ERROR_CODES)('%s says what happened, what it means and what to do, in whole sentences', (code) => {
    const { what, means, do: remedy } = ERROR_TEXTS[code];
    for (const sentence of [what, means, remedy]) expect(sentence).toMatch(/^[A-Z].{8,}[.!]$/su);
    expect(new Set([what, means, remedy]).size).toBe(3);
  });

  test('no two codes are told in the same words', () => {
    const whats = ERROR_CODES.map((code) => ERROR_TEXTS[code].what);
    expect(new Set(whats).size).toBe(ERROR_CODES.length);
  });

  test('there is no text for a code that does not exist', () => {
    expect(Object.keys(ERROR_TEXTS).sort()).toEqual([...ERROR_CODES].sort());
  });
});

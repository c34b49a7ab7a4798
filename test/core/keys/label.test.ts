import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { checkLabel } from '../../../core/keys/label';

describe('a key label', () => {
  it('is letters, digits, dash, underscore and dot, beginning with a letter or digit', () => {
    expect(['xks-root.1', 'A', '9_'].map((label) => checkLabel(label, 64).ok)).toEqual([true, true, true]);
    expect(['', '-a', ' a', 'a ', 'a b', 'ä', 'a\n', 'a/b'].map((label) => checkLabel(label, 64).ok)).toEqual(
      Array(8).fill(false),
    );
  });

  it('is never longer than the profile’s limit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 255 }), fc.integer({ min: 1, max: 400 }), (limit, length) => {
        const checked = checkLabel('k'.repeat(length), limit);
        expect(checked.ok ? 'ok' : checked.error.code).toBe(length <= limit ? 'ok' : 'input.labelTooLong');
      }),
    );
  });
});

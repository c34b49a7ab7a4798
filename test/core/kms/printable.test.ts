import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable } from '../../../core/kms/printable';

describe('the words of somebody else', () => {
  it('end before the request that AWS prints when a signature is wrong', () => {
    expect(printable('It does not match. The Canonical String for this request should have been x-amz-security-token:abc')).toBe(
      'It does not match.',
    );
    expect(printable('It does not match.\r\n\r\nx-amz-security-token:abc')).toBe('It does not match.');
  });

  it('are one line of printable characters, 300 at most', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 700 }), (text) => {
        const line = printable(text);
        expect(line.length).toBeLessThanOrEqual(300);
        expect(line).not.toMatch(/[\p{C}\u2028\u2029]/u);
      }),
    );
  });

  it('hold no secret, however often it stands there; an empty one blots out nothing', () => {
    expect(printable('a-s3cret-b-s3cret', ['s3cret', ''])).toBe('a-***-b-***');
  });
});

import { failure, success, type Result } from '../contract/result';

/**
 * Letters, digits, `-`, `_` and `.`, beginning with a letter or digit: what AWS takes as an external key id (CreateKey, `XksKeyId`),
 * what every module stores unchanged, and what two people can read to each other.
 */
const LABEL = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** May a key carry this label on a token whose labels hold `limit` bytes? */
export function checkLabel(label: string, limit: number): Result<string> {
  if (label.length > limit) return failure('input.labelTooLong', { label, limit, length: label.length });
  if (!LABEL.test(label)) return failure('input.pattern', { name: 'label', pattern: LABEL.source });
  return success(label);
}

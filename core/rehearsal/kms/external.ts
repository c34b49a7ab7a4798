import type { KeyHere } from './key-state';
import { no, yes, type Answer } from './refusal';

/** Errors: UnsupportedOperationException with AWS's words for a key whose material KMS made. */
export function requireExternal({ key, arn }: KeyHere): Answer<null> {
  return key.origin === 'EXTERNAL'
    ? yes(null)
    : no('UnsupportedOperationException', `${arn} origin is ${key.origin} which is not valid for this operation.`);
}

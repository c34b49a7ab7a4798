import { z } from 'zod';
import { findKey } from '../find-key';
import { reading } from '../operation';
import { no } from '../refusal';
import { keyIdShape } from '../shapes';

/** GenerateDataKeyPair: this KMS makes none, and no KMS does under a key of an external key store. */
export const generateDataKeyPair = reading(z.object({ KeyId: keyIdShape }), ({ KeyId }, call) => {
  const found = findKey(call, KeyId);
  if (!found.ok) return found;
  const { key, arn } = found.value;
  return no(
    'UnsupportedOperationException',
    key.external === null
      ? 'This rehearsal KMS makes no data key pairs.'
      : `${arn} origin is ${key.origin} which is not valid for this operation.`,
  );
});

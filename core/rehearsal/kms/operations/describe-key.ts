import { z } from 'zod';
import { findKey } from '../find-key';
import { metadataOf } from '../metadata';
import { reading } from '../operation';
import { yes } from '../refusal';
import { grantTokensShape, keyIdShape } from '../shapes';

const shape = z.object({ KeyId: keyIdShape, GrantTokens: grantTokensShape });

export const describeKey = reading(shape, ({ KeyId }, call) => {
  const found = findKey(call, KeyId);
  return found.ok ? yes({ KeyMetadata: metadataOf(found.value, call.now) }) : found;
});

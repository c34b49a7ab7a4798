import { z } from 'zod';
import { findKey, findKeyByIdOrArn } from '../find-key';
import { NOT_DELETED, requireState } from '../key-state';
import { metadataOf } from '../metadata';
import { reading, writing } from '../operation';
import { yes } from '../refusal';
import { descriptionShape, grantTokensShape, keyIdShape } from '../shapes';

const describeShape = z.object({ KeyId: keyIdShape, GrantTokens: grantTokensShape });

export const describeKey = reading(describeShape, ({ KeyId }, call) => {
  const found = findKey(call, KeyId);
  return found.ok ? yes({ KeyMetadata: metadataOf(found.value, call.now) }) : found;
});

const updateShape = z.object({ KeyId: keyIdShape, Description: descriptionShape });

export const updateKeyDescription = writing(updateShape, ({ KeyId, Description }, call) => {
  const found = findKeyByIdOrArn(call, KeyId);
  if (!found.ok) return found;
  const ready = requireState(found.value, call.now, NOT_DELETED);
  if (!ready.ok) return ready;
  found.value.here.description = Description;
  call.notes.response = { keyId: found.value.arn };
  return yes({});
});

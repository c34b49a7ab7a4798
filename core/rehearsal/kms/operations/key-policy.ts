import { z } from 'zod';
import { findKeyByIdOrArn } from '../find-key';
import { reading, writing } from '../operation';
import { acceptPolicy } from '../policy';
import { no, yes } from '../refusal';
import { keyIdShape, limitShape, markerShape, policyShape } from '../shapes';

/** The one name a key policy has. */
const NAME = 'default';
const nameShape = z.string().min(1).max(128).optional();
const NO_SUCH = no('NotFoundException', 'No such policy exists');

const getShape = z.object({ KeyId: keyIdShape, PolicyName: nameShape });

export const getKeyPolicy = reading(getShape, ({ KeyId, PolicyName = NAME }, call) => {
  const found = findKeyByIdOrArn(call, KeyId);
  if (!found.ok) return found;
  return PolicyName === NAME ? yes({ Policy: found.value.here.policy, PolicyName }) : NO_SUCH;
});

const putShape = z.object({
  KeyId: keyIdShape,
  PolicyName: nameShape,
  Policy: policyShape,
  BypassPolicyLockoutSafetyCheck: z.boolean().optional(),
});

export const putKeyPolicy = writing(putShape, (input, call) => {
  const found = findKeyByIdOrArn(call, input.KeyId);
  if (!found.ok) return found;
  if ((input.PolicyName ?? NAME) !== NAME) return NO_SUCH;
  const policy = acceptPolicy(input.Policy, call.callerArn, input.BypassPolicyLockoutSafetyCheck ?? false);
  if (!policy.ok) return policy;
  found.value.here.policy = policy.value;
  call.notes.response = { keyId: found.value.arn };
  return yes({});
});

const listShape = z.object({ KeyId: keyIdShape, Limit: limitShape(1000), Marker: markerShape.optional() });

export const listKeyPolicies = reading(listShape, ({ KeyId }, call) => {
  const found = findKeyByIdOrArn(call, KeyId);
  return found.ok ? yes({ PolicyNames: [NAME], Truncated: false }) : found;
});

import { z } from 'zod';
import { findKeyByIdOrArn } from '../find-key';
import { keyArn } from '../identity';
import { keyIn, requireState, type KeyHere } from '../key-state';
import { metadataOf } from '../metadata';
import { newRegional } from '../new-regional';
import { writing, type Call } from '../operation';
import { acceptPolicy, DEFAULT_POLICY } from '../policy';
import { invalid, no, yes, type Answer } from '../refusal';
import { descriptionShape, keyIdShape, policyShape, tagsShape } from '../shapes';
import { acceptTags } from '../tags';

const regionShape = z
  .string()
  .min(1)
  .max(32)
  .regex(/^([a-z]+-){2,3}\d+$/);

const replicateShape = z.object({
  KeyId: keyIdShape,
  ReplicaRegion: regionShape,
  Policy: policyShape.optional(),
  BypassPolicyLockoutSafetyCheck: z.boolean().optional(),
  Description: descriptionShape.optional(),
  Tags: tagsShape.optional(),
});

/** The replica begins with a policy, tags and a description of its own. Imported material does not come along; KMS's own does. */
export const replicateKey = writing(replicateShape, (input, call) => {
  const found = findKeyByIdOrArn(call, input.KeyId);
  if (!found.ok) return found;
  const allowed = requireReplicable(call, found.value, input.ReplicaRegion);
  if (!allowed.ok) return allowed;
  const policy = acceptPolicy(input.Policy ?? DEFAULT_POLICY, call.callerArn, input.BypassPolicyLockoutSafetyCheck ?? false);
  if (!policy.ok) return policy;
  const tags = acceptTags([], input.Tags ?? []);
  if (!tags.ok) return tags;
  const { key, here } = found.value;
  const own = newRegional(call.now, { policy: policy.value, description: input.Description ?? '', tags: tags.value });
  own.creatingUntilMs = call.now + call.lagMs;
  if (key.origin === 'AWS_KMS') own.holdings = structuredClone(here.holdings);
  key.regions[input.ReplicaRegion] = own;
  return answerReplica(call, found.value, input.ReplicaRegion, input.Tags ?? []);
});

function requireReplicable(call: Call, found: KeyHere, replicaRegion: string): Answer<null> {
  const { key, arn, region } = found;
  if (!key.isMultiRegion || region !== key.primaryRegion)
    return no('UnsupportedOperationException', `${arn} is not a multi-Region primary key.`);
  const ready = requireState(found, call.now, ['Enabled']);
  if (!ready.ok) return ready;
  if (!call.regions.includes(replicaRegion)) return invalid(`The Region ${replicaRegion} is not one of this rehearsal.`);
  return replicaRegion in key.regions
    ? no('AlreadyExistsException', `Key ${keyArn(replicaRegion, key.keyId)} already exists`)
    : yes(null);
}

/** The answer always says Creating; whoever asks next hears what has become of it. */
function answerReplica(call: Call, { key }: KeyHere, replicaRegion: string, tags: readonly object[]) {
  const replica = keyIn(call.state, key, replicaRegion);
  if (!replica) throw new Error('A replica is in its Region.');
  const event = { region: replicaRegion, keyArn: replica.arn, atMs: call.now, details: { keyId: key.keyId } };
  call.notes.serviceEvents.push({ ...event, name: 'CreateKey' }, { ...event, name: 'SynchronizeMultiRegionKey' });
  const ReplicaKeyMetadata = { ...metadataOf(replica, call.now), KeyState: 'Creating', Enabled: false };
  const answer = { ReplicaKeyMetadata, ReplicaPolicy: replica.here.policy, ReplicaTags: tags };
  call.notes.response = answer;
  return yes(answer);
}

const primaryShape = z.object({ KeyId: keyIdShape, PrimaryRegion: regionShape });

export const updatePrimaryRegion = writing(primaryShape, ({ KeyId, PrimaryRegion }, call) => {
  const found = findKeyByIdOrArn(call, KeyId);
  if (!found.ok) return found;
  const { key, arn, region, here } = found.value;
  if (!key.isMultiRegion || region !== key.primaryRegion)
    return no('UnsupportedOperationException', `${arn} is not a multi-Region primary key.`);
  const next = keyIn(call.state, key, PrimaryRegion);
  if (!next) return no('NotFoundException', `Key '${keyArn(PrimaryRegion, key.keyId)}' does not exist`);
  if (PrimaryRegion === region) return invalid(`${PrimaryRegion} is the primary Region of ${arn} already.`);
  for (const one of [found.value, next]) {
    const ready = requireState(one, call.now, ['Enabled', 'Disabled']);
    if (!ready.ok) return ready;
  }
  key.primaryRegion = PrimaryRegion;
  here.updatingUntilMs = next.here.updatingUntilMs = call.now + call.lagMs;
  call.notes.response = { keyId: arn };
  return yes({});
});

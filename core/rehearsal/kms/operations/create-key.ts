import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { IMPORTABLE_SPECS, KEY_USAGES, usagesOf, type ImportableSpec, type KeyUsage } from '../../../keys/kms-spec';
import { materialBytes } from '../../../keys/wrapping';
import { keyIn, type KeyHere } from '../key-state';
import { materialIdOf } from '../material';
import { metadataOf } from '../metadata';
import { newRegional } from '../new-regional';
import { writingAfter, type Call } from '../operation';
import { acceptPolicy, DEFAULT_POLICY } from '../policy';
import { invalid, no, yes, type Answer } from '../refusal';
import { descriptionShape, policyShape, tagsShape } from '../shapes';
import type { Key, Regional } from '../state';
import { acceptTags } from '../tags';
import { requireExternalKey, xksKeyPlace } from '../xks-key';
import { storeIdShape, xksKeyIdShape } from './store-shapes';

/** Key specs AWS knows besides; none of them can be imported. */
const OTHER_SPECS = [
  'ECC_NIST_EDWARDS25519',
  'ML_DSA_44',
  'ML_DSA_65',
  'ML_DSA_87',
  'ML_KEM_512',
  'ML_KEM_768',
  'ML_KEM_1024',
  'SM2',
];

const shape = z.object({
  Policy: policyShape.optional(),
  Description: descriptionShape.optional(),
  KeyUsage: z.enum(KEY_USAGES).optional(),
  KeySpec: z.enum([...IMPORTABLE_SPECS, ...OTHER_SPECS]).optional(),
  CustomerMasterKeySpec: z.enum([...IMPORTABLE_SPECS, ...OTHER_SPECS]).optional(),
  Origin: z.enum(['AWS_KMS', 'EXTERNAL', 'AWS_CLOUDHSM', 'EXTERNAL_KEY_STORE']).optional(),
  BypassPolicyLockoutSafetyCheck: z.boolean().optional(),
  Tags: tagsShape.optional(),
  MultiRegion: z.boolean().optional(),
  CustomKeyStoreId: storeIdShape.optional(),
  XksKeyId: xksKeyIdShape.optional(),
});

/** A key of an external key store is made only after its proxy has described the external key. */
async function ask(input: z.infer<typeof shape>, call: Call): Promise<Answer<null>> {
  const place = xksKeyPlace(input, call);
  if (!place.ok) return place;
  return place.value === null ? yes(null) : requireExternalKey(call, place.value);
}

export const createKey = writingAfter(shape, ask, (input, call) => {
  const origin = input.Origin ?? 'AWS_KMS';
  if (origin === 'AWS_CLOUDHSM')
    return no('UnsupportedOperationException', `This rehearsal KMS makes no keys of origin ${origin}.`);
  const outside = xksKeyPlace(input, call);
  if (!outside.ok) return outside;
  const spec = specOf(input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT', origin);
  if (!spec.ok) return spec;
  const usage = usageOf(spec.value, input.KeyUsage);
  if (!usage.ok) return usage;
  const policy = acceptPolicy(input.Policy ?? DEFAULT_POLICY, call.callerArn, input.BypassPolicyLockoutSafetyCheck ?? false);
  if (!policy.ok) return policy;
  const tags = acceptTags([], input.Tags ?? []);
  if (!tags.ok) return tags;
  const here = newRegional(call.now, { policy: policy.value, description: input.Description ?? '', tags: tags.value });
  const place = outside.value;
  const external = place && { storeId: place.store.storeId, xksKeyId: place.xksKeyId };
  const isMultiRegion = input.MultiRegion ?? false;
  const made = add(call, here, { spec: spec.value, usage: usage.value, origin, external, isMultiRegion });
  call.notes.keyArns.push(made.arn);
  const answer = { KeyMetadata: metadataOf(made, call.now) };
  call.notes.response = answer;
  return yes(answer);
});

function specOf(asked: string, origin: Key['origin']): Answer<ImportableSpec> {
  const spec = IMPORTABLE_SPECS.find((known) => known === asked);
  if (spec === undefined)
    return origin === 'EXTERNAL'
      ? no('UnsupportedOperationException', `KeySpec ${asked} is not supported for Origin EXTERNAL`)
      : no('UnsupportedOperationException', `This rehearsal KMS does not make keys of spec ${asked}.`);
  if (origin === 'AWS_KMS' && materialBytes(spec) === null)
    return no('UnsupportedOperationException', `This rehearsal KMS makes keys of spec ${spec} with Origin EXTERNAL only.`);
  return yes(spec);
}

function usageOf(spec: ImportableSpec, asked: KeyUsage | undefined): Answer<KeyUsage> {
  if (asked === undefined)
    return spec === 'SYMMETRIC_DEFAULT'
      ? yes('ENCRYPT_DECRYPT')
      : invalid('You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.');
  return usagesOf(spec).includes(asked) ? yes(asked) : invalid(`KeyUsage ${asked} is not compatible with KeySpec ${spec}`);
}

function add(call: Call, here: Regional, facts: Pick<Key, 'spec' | 'usage' | 'origin' | 'external' | 'isMultiRegion'>): KeyHere {
  const keyId = facts.isMultiRegion ? `mrk-${randomUUID().replaceAll('-', '')}` : randomUUID();
  const key: Key = {
    ...facts,
    keyId,
    primaryRegion: call.region,
    materials: [],
    rotations: 0,
    rotation: null,
    regions: { [call.region]: here },
  };
  if (facts.origin !== 'EXTERNAL') giveMaterial(key, here);
  call.state.keys[keyId] = key;
  const found = keyIn(call.state, key, call.region);
  if (!found) throw new Error('A key is in the Region it was made in.');
  return found;
}

/** KMS makes material of its own for keys that are no pairs; for one of an external key store it is the inner of two layers. */
function giveMaterial(key: Key, here: Regional): void {
  const material = randomBytes(materialBytes(key.spec) ?? 0);
  const id = materialIdOf(key.keyId, material);
  key.materials.push({ id, state: 'CURRENT', rotatedAtMs: null });
  here.holdings[id] = { bytes: material.toString('base64'), description: '', expiresAtMs: null };
}

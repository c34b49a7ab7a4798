import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { findKey, findKeyByIdOrArn } from '../find-key';
import { isHeld, pendingMaterial, requireState, type KeyHere } from '../key-state';
import { materialIdOf } from '../material';
import { reading, writing } from '../operation';
import { pageOf } from '../paging';
import { no, yes, type Answer } from '../refusal';
import { keyIdShape, limitShape, markerShape } from '../shapes';
import type { Key, Material } from '../state';
import { seconds, type Output } from '../wire';

/** On-demand rotations of one key in its life; no quota can be raised for it. */
const MOST_ROTATIONS = 25;

const listShape = z.object({
  KeyId: keyIdShape,
  IncludeKeyMaterial: z.enum(['ALL_KEY_MATERIAL', 'ROTATIONS_ONLY']).optional(),
  Limit: limitShape(1000),
  Marker: markerShape.optional(),
});

export const listKeyRotations = reading(listShape, (input, call) => {
  const found = findKeyByIdOrArn(call, input.KeyId);
  if (!found.ok) return found;
  const { key } = found.value;
  const symmetric = requireSymmetric(found.value);
  if (!symmetric.ok) return symmetric;
  const isAll = input.IncludeKeyMaterial === 'ALL_KEY_MATERIAL';
  const materials = key.materials.filter(({ rotatedAtMs }) => isAll || rotatedAtMs !== null);
  const page = pageOf(materials, input.Limit ?? 100, input.Marker);
  if (!page.ok) return page;
  return yes({ Rotations: page.value.items.map((material) => entryOf(found.value, material)), ...page.value.rest });
});

function entryOf(found: KeyHere, material: Material): Output {
  return {
    KeyId: found.key.keyId,
    KeyMaterialId: material.id,
    ...(found.key.origin === 'EXTERNAL' ? importOf(found, material) : {}),
    KeyMaterialState: material.state === 'PENDING_ROTATION' && isAwaited(found.key, material) ? AWAITED : material.state,
    ...(material.rotatedAtMs === null ? {} : { RotationDate: seconds(material.rotatedAtMs), RotationType: 'ON_DEMAND' }),
  };
}

const AWAITED = 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';

/** A material that some Region still lacks. */
function isAwaited(key: Key, material: Material): boolean {
  return Object.values(key.regions).some((here) => !isHeld({ here }, material));
}

function importOf(found: KeyHere, material: Material): Output {
  const holding = found.here.holdings[material.id];
  const description = holding?.description ?? '';
  const told = description === '' ? {} : { KeyMaterialDescription: description };
  if (typeof holding?.bytes !== 'string') return { ...told, ImportState: 'PENDING_IMPORT' };
  const { expiresAtMs } = holding;
  const expiration =
    expiresAtMs === null
      ? { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' }
      : { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: seconds(expiresAtMs) };
  return { ...told, ImportState: 'IMPORTED', ...expiration };
}

const keyShape = z.object({ KeyId: keyIdShape });

export const rotateKeyOnDemand = writing(keyShape, ({ KeyId }, call) => {
  const found = findKeyByIdOrArn(call, KeyId);
  if (!found.ok) return found;
  const { key, arn } = found.value;
  const symmetric = requireSymmetric(found.value);
  if (!symmetric.ok) return symmetric;
  const ready = requireState(found.value, call.now, ['Enabled']);
  if (!ready.ok) return ready;
  const rotatable = requireRotatable(found.value);
  if (!rotatable.ok) return rotatable;
  if (key.origin === 'AWS_KMS') giveNext(key);
  key.rotation = { startedAtMs: call.now, endsAtMs: call.now + call.lagMs };
  call.notes.response = { keyId: arn };
  return yes({ KeyId: key.keyId });
});

function requireRotatable({ key, arn, region }: KeyHere): Answer<null> {
  if (region !== key.primaryRegion)
    return no('UnsupportedOperationException', `${arn} is a multi-Region replica key: rotation is begun at the primary key.`);
  if (key.rotations >= MOST_ROTATIONS)
    return no('LimitExceededException', `The on-demand rotations limit has been reached for the given keyId: ${key.keyId}`);
  if (key.rotation !== null) return no('ConflictException', `A rotation of the key ${arn} is in progress.`);
  const next = pendingMaterial(key);
  if (key.origin === 'EXTERNAL' && (next === null || isAwaited(key, next)))
    return no('KMSInvalidStateException', `No available key material pending rotation for the key: ${arn}.`);
  return yes(null);
}

/** KMS makes the next material of its own keys itself, for every Region the same. */
function giveNext(key: Key): void {
  const material = randomBytes(32);
  const id = materialIdOf(key.keyId, material);
  key.materials.push({ id, state: 'PENDING_ROTATION', rotatedAtMs: null });
  for (const here of Object.values(key.regions))
    here.holdings[id] = { bytes: material.toString('base64'), description: '', expiresAtMs: null };
}

export const getKeyRotationStatus = reading(keyShape, ({ KeyId }, call) => {
  const found = findKey(call, KeyId);
  if (!found.ok) return found;
  const symmetric = requireSymmetric(found.value);
  if (!symmetric.ok) return symmetric;
  const { key } = found.value;
  const begun = key.rotation === null ? {} : { OnDemandRotationStartDate: seconds(key.rotation.startedAtMs) };
  return yes({ KeyId: key.keyId, KeyRotationEnabled: false, ...begun });
});

function requireSymmetric({ key, arn }: KeyHere): Answer<null> {
  if (key.external !== null)
    return no('UnsupportedOperationException', `${arn} origin is ${key.origin} which is not valid for this operation.`);
  return key.spec === 'SYMMETRIC_DEFAULT'
    ? yes(null)
    : no('UnsupportedOperationException', `${arn} key spec is ${key.spec} which is not valid for this operation.`);
}

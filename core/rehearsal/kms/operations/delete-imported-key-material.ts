import { z } from 'zod';
import { requireExternal } from '../external';
import { findKeyByIdOrArn } from '../find-key';
import { currentMaterial, requireState, type KeyHere } from '../key-state';
import { writing } from '../operation';
import { invalid, yes, type Answer } from '../refusal';
import { keyIdShape, materialIdShape } from '../shapes';

const shape = z.object({ KeyId: keyIdShape, KeyMaterialId: materialIdShape.optional() });

/** At once and without a waiting period; without a material id it means the current one. */
export const deleteImportedKeyMaterial = writing(shape, ({ KeyId, KeyMaterialId }, call) => {
  const found = findKeyByIdOrArn(call, KeyId);
  if (!found.ok) return found;
  const external = requireExternal(found.value);
  if (!external.ok) return external;
  const ready = requireState(found.value, call.now, [
    'PendingImport',
    'Enabled',
    'Disabled',
    'PendingDeletion',
    'PendingReplicaDeletion',
  ]);
  if (!ready.ok) return ready;
  const id = idOf(found.value, KeyMaterialId);
  if (!id.ok) return id;
  if (id.value !== null) removeMaterial(found.value, id.value);
  const isTold = found.value.key.spec === 'SYMMETRIC_DEFAULT' && id.value !== null;
  const answer = { KeyId: found.value.arn, ...(isTold ? { KeyMaterialId: id.value } : {}) };
  call.notes.response = answer;
  return yes(answer);
});

function idOf({ key, arn }: KeyHere, asked: string | undefined): Answer<string | null> {
  if (asked === undefined) return yes(currentMaterial(key)?.id ?? null);
  return key.materials.some(({ id }) => id === asked)
    ? yes(asked)
    : invalid(`Key material ${asked} is not associated with the KMS key ${arn}`);
}

/**
 * A material the key depends on stays known, and only its bytes go. One that waits for rotation is forgotten when it is deleted in the
 * primary Region, and in the replicas with it; deleted in a replica, it waits for its import there again.
 */
function removeMaterial({ key, here, region }: KeyHere, id: string): void {
  const holding = here.holdings[id];
  if (holding) Object.assign(holding, { bytes: null, expiresAtMs: null });
  const isPending = key.materials.some((material) => material.id === id && material.state === 'PENDING_ROTATION');
  if (!isPending || region !== key.primaryRegion) return;
  key.materials = key.materials.filter((material) => material.id !== id);
  for (const regional of Object.values(key.regions))
    regional.holdings = Object.fromEntries(Object.entries(regional.holdings).filter(([held]) => held !== id));
}

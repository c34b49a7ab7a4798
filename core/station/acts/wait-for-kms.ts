import { success, type Result } from '../../contract/result';
import type { Asked } from '../../kms/answered';
import type { KeyMaterial, KeyState, KmsKey, KmsPort } from '../../kms/port';
import { untilSeen } from '../../kms/until-seen';

/** KMS is eventually consistent: looks go on this long before what was seen last is told as it is. */
const PATIENCE = { everyMs: 1000, withinMs: 120_000 } as const;

/** What is looked at once it is so, or as it was seen last. */
export async function untilSo<T>(look: (signal?: AbortSignal) => Asked<T>, isIt: (value: T) => boolean): Promise<Result<T>> {
  const seen = await untilSeen(look, isIt, PATIENCE);
  return seen.ok ? success(seen.value.value.last) : seen;
}

/** The key once it is in one of these states, or as it was seen last. */
export function untilState(kms: KmsPort, keyId: string, states: readonly KeyState[]): Promise<Result<KmsKey>> {
  return untilSo(
    (signal) => kms.describeKey(keyId, signal),
    ({ state }) => states.includes(state),
  );
}

/** The materials once this one is the current, or as they were seen last. */
export function untilCurrent(kms: KmsPort, keyId: string, materialId: string): Promise<Result<readonly KeyMaterial[]>> {
  return untilSo(
    (signal) => kms.listKeyMaterials(keyId, signal),
    (materials) => materials.some((one) => one.materialId === materialId && one.materialState === 'CURRENT'),
  );
}

import { success, type Result } from '../../contract/result';
import type { KeyMaterial, KeyState, KmsKey, KmsPort } from '../../kms/port';
import { untilSeen } from '../../kms/until-seen';

/** KMS is eventually consistent: looks go on this long before what was seen last is told as it is. */
const PATIENCE = { everyMs: 1000, withinMs: 120_000 } as const;

/** The key once it is in one of these states, or as it was seen last. */
export async function untilState(kms: KmsPort, keyId: string, states: readonly KeyState[]): Promise<Result<KmsKey>> {
  const seen = await untilSeen(
    (signal) => kms.describeKey(keyId, signal),
    ({ state }) => states.includes(state),
    PATIENCE,
  );
  return seen.ok ? success(seen.value.value.last) : seen;
}

/** The materials once this one is the current, or as they were seen last. */
export async function untilCurrent(kms: KmsPort, keyId: string, materialId: string): Promise<Result<readonly KeyMaterial[]>> {
  const seen = await untilSeen(
    (signal) => kms.listKeyMaterials(keyId, signal),
    (materials) => materials.some((one) => one.materialId === materialId && one.materialState === 'CURRENT'),
    PATIENCE,
  );
  return seen.ok ? success(seen.value.value.last) : seen;
}

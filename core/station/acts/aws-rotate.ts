import { canonical } from '../../evidence/canonical';
import { failure, success, type Result } from '../../contract/result';
import type { ShowBlock } from '../../keys/evidence';
import type { KeyMaterial } from '../../kms/port';
import { sha256Text } from '../../pack/sha256';
import { check, facts, jsonArtefact, outcome, type Act, type ActContext } from './act';
import { awsCommands } from './aws-commands';
import { inDoubt } from './in-doubt';
import { kmsKeyArn, kmsPlan } from './kms-plan';
import { untilCurrent } from './wait-for-kms';

async function materialsOf(context: Pick<ActContext, 'state' | 'kms'>): Promise<Result<readonly KeyMaterial[]>> {
  const plan = kmsPlan(context.state);
  if (!plan.ok) return plan;
  const kms = await context.kms(plan.value.region, 'approver');
  if (!kms.ok) return kms;
  const listed = await kms.value.listKeyMaterials(kmsKeyArn(context.state));
  return listed.ok ? success(listed.value.value) : listed;
}

function currentOf(materials: readonly KeyMaterial[]): string {
  return materials.find(({ materialState }) => materialState === 'CURRENT')?.materialId ?? '';
}

function table(materials: readonly KeyMaterial[]): ShowBlock {
  return {
    kind: 'table',
    title: 'Materials of the key',
    columns: ['KeyMaterialId', 'State', 'Description'],
    rows: materials.map(({ materialId, materialState, description }) => [materialId, materialState, description]),
    empty: 'None.',
  };
}

/** Which material is current, which waits, and that old ones stay for what they encrypted. */
export const awsPlanRotation: Act = async (context) => {
  const plan = kmsPlan(context.state);
  if (!plan.ok) return plan;
  const materials = await materialsOf(context);
  if (!materials.ok) return materials;
  const pending = materials.value.filter(({ materialState }) => materialState === 'PENDING_ROTATION');
  const imported = context.state.data['aws.import']?.['materialId'] ?? '';
  const keyArn = kmsKeyArn(context.state);
  const text = canonical({
    format: 'keyrite-rotation-plan-1',
    keyArn,
    from: currentOf(materials.value),
    to: pending[0]?.materialId ?? '',
  });
  return success(
    outcome({
      data: { from: currentOf(materials.value), to: pending[0]?.materialId ?? '' },
      values: { 'rotation.digest': sha256Text(text) },
      checks: [
        check(
          'CER-ROTATION-PENDING',
          pending.length === 1 && (imported === '' || pending[0]?.materialId === imported),
          'exactly the material of this ceremony waits',
          pending.map(({ materialId }) => materialId).join(', ') || 'none waits',
        ),
      ],
      show: [
        table(materials.value),
        facts('After the rotation', [
          ['New data', 'is encrypted with the new material.'],
          [
            'Old data',
            'is decrypted with the old material: it must stay imported, and its HSM key must be kept, as long as that data lives.',
          ],
        ]),
        awsCommands([{ act: 'rotateKeyOnDemand', region: plan.value.region, request: { keyId: keyArn } }]),
      ],
      artefacts: [jsonArtefact('rotation-plan.json', text)],
    }),
  );
};

/** RotateKeyOnDemand, once, and KMS’s word that the new material is the current one. */
export const awsRotate: Act = async (context) => {
  const plan = kmsPlan(context.state);
  if (!plan.ok) return plan;
  const kms = await context.kms(plan.value.region, 'approver');
  if (!kms.ok) return kms;
  const wanted = context.state.data['aws.planRotation']?.['to'] ?? '';
  if (typeof wanted !== 'string' || wanted === '') return failure('ceremony.notNow', { waitingFor: 'pending material' });
  const waiting = await materialsOf(context);
  if (!waiting.ok) return waiting;
  const pending = waiting.value
    .filter(({ materialState }) => materialState === 'PENDING_ROTATION')
    .map(({ materialId }) => materialId);
  if (pending.join(' ') !== wanted)
    return failure('ceremony.differs', { what: 'pending material', planned: wanted, found: pending.join(' ') });
  const rotated = await kms.value.rotateKeyOnDemand(kmsKeyArn(context.state));
  if (!rotated.ok) return rotated;
  const materials = await untilCurrent(kms.value, kmsKeyArn(context.state), wanted);
  if (!materials.ok) return inDoubt('RotateKeyOnDemand', materials.error);
  const current = currentOf(materials.value);
  return success(
    outcome({
      data: { current, requestId: rotated.value.requestId },
      checks: [check('CER-ROTATED', current === wanted, wanted, current)],
      show: [table(materials.value), facts('Rotation', [['Request id', rotated.value.requestId, true]])],
    }),
  );
};

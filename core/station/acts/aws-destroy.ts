import { success } from '../../contract/result';
import { check, facts, outcome, type Act } from './act';
import { inDoubt } from './in-doubt';
import { untilState } from './wait-for-kms';

/** DeleteImportedKeyMaterial: from now on nobody can use the KMS key, until the same material is imported again. */
export const awsDeleteMaterial: Act = async ({ state, kms }) => {
  const { inputs } = state.genesis.data;
  const port = await kms(inputs['awsRegion'] ?? '', 'administrator');
  if (!port.ok) return port;
  const keyArn = inputs['kmsKeyArn'] ?? '';
  const deleted = await port.value.deleteImportedKeyMaterial(keyArn, null);
  if (!deleted.ok) return deleted;
  const key = await untilState(port.value, keyArn, ['PendingImport', 'PendingDeletion', 'PendingReplicaDeletion']);
  if (!key.ok) return inDoubt('DeleteImportedKeyMaterial', key.error);
  const { state: now } = key.value;
  return success(
    outcome({
      data: { keyArn, state: now, requestId: deleted.value.requestId },
      checks: [check('CER-MATERIAL-GONE', now !== 'Enabled' && now !== 'Disabled', 'no material', now)],
      show: [
        facts('Imported material deleted', [
          ['KMS key', keyArn, true],
          ['State', now],
          ['Request id', deleted.value.requestId, true],
          ['What still works', 'Services that hold a data key in memory go on until they ask KMS again.'],
        ]),
      ],
    }),
  );
};

/** ScheduleKeyDeletion: reversible until the date, and never after. */
export const awsScheduleDeletion: Act = async ({ state, kms }) => {
  const { inputs } = state.genesis.data;
  const port = await kms(inputs['awsRegion'] ?? '', 'administrator');
  if (!port.ok) return port;
  const keyArn = inputs['kmsKeyArn'] ?? '';
  const scheduled = await port.value.scheduleKeyDeletion(keyArn, Number(inputs['deletionDays'] ?? '30'));
  if (!scheduled.ok) return scheduled;
  const { deletionAt, state: now } = scheduled.value.value;
  return success(
    outcome({
      data: { keyArn, state: now, deletionAt: deletionAt ?? '', requestId: scheduled.value.requestId },
      checks: [check('CER-DELETION-SCHEDULED', now.startsWith('Pending'), 'PendingDeletion', now)],
      show: [
        facts('Deletion scheduled', [
          ['KMS key', keyArn, true],
          ['State', now],
          ['Deleted on', deletionAt ?? 'when the last replica is gone'],
          ['Until then', 'CancelKeyDeletion brings the key back. After that, nothing does.'],
          ['Request id', scheduled.value.requestId, true],
        ]),
      ],
    }),
  );
};

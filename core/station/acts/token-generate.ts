import { success } from '../../contract/result';
import { check, facts, outcome } from './act';
import { onPlannedKey } from './planned-key';

/** C_GenerateKey or C_GenerateKeyPair with exactly the approved template. The intent is on disk; the answer is recorded whatever it is. */
export const tokenGenerate = onPlannedKey(async (port, plan) => {
  const done = await port.generate(plan);
  if (!done.ok) return done;
  const { ckaId, label } = plan;
  const rows = facts('Generated', [
    ['Label', label],
    ['CKA_ID', ckaId, true],
    ['Mechanism', done.value.mechanism],
    ['Took', `${done.value.tookMs} ms`],
  ]);
  return success(outcome({ data: { ckaId, label, mechanism: done.value.mechanism }, show: [rows] }));
});

/** C_DestroyObject on every object of the planned key, then a look whether any is left. */
export const tokenDestroy = onPlannedKey(async (port, plan) => {
  const { ckaId, label } = plan;
  const done = await port.destroy({ ckaId, label });
  if (!done.ok) return done;
  const left = await port.find({ ckaId });
  if (!left.ok) return left;
  const destroyed = check(
    'CER-DESTROYED',
    left.value.length === 0,
    'no object has this id',
    `${left.value.length} objects have this id`,
  );
  const rows = facts('Destroyed', [
    ['Objects', String(done.value.destroyed)],
    ['CKA_ID', ckaId, true],
  ]);
  return success(outcome({ data: { ckaId, destroyed: done.value.destroyed }, checks: [destroyed], show: [rows] }));
});

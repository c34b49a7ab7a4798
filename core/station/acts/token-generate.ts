import { success } from '../../contract/result';
import { check, facts, outcome, type Act } from './act';
import { approvedPlan } from './planned-key';

/** C_GenerateKey or C_GenerateKeyPair with exactly the approved template. The intent is on disk; the answer is recorded whatever it is. */
export const tokenGenerate: Act = async (context) => {
  const port = await context.port();
  if (!port.ok) return port;
  const plan = approvedPlan(context.state);
  if (!plan.ok) return plan;
  const done = await port.value.generate(plan.value);
  if (!done.ok) return done;
  const { ckaId, label } = plan.value;
  const rows = facts('Generated', [
    ['Label', label],
    ['CKA_ID', ckaId, true],
    ['Mechanism', done.value.mechanism],
    ['Took', `${done.value.tookMs} ms`],
  ]);
  return success(outcome({ data: { ckaId, label, mechanism: done.value.mechanism }, show: [rows] }));
};

/** C_DestroyObject on every object of the planned key, then a look whether any is left. */
export const tokenDestroy: Act = async (context) => {
  const port = await context.port();
  if (!port.ok) return port;
  const plan = approvedPlan(context.state);
  if (!plan.ok) return plan;
  const { ckaId, label } = plan.value;
  const done = await port.value.destroy({ ckaId, label });
  if (!done.ok) return done;
  const left = await port.value.find({ ckaId });
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
};

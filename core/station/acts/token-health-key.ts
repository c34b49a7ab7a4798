import { success, type Result } from '../../contract/result';
import type { TokenPort } from '../../pkcs11/port';
import { check, facts, outcome, type Act } from './act';
import { storePlan } from './store-plan';

const CKA_ID_BYTES = 16;

/**
 * A key that only health checks use. Looked for first, so a repeat after an accident finds the one that was made; made with the
 * attributes of every key of an external key store, and read back.
 */
export const tokenHealthKey: Act = async (context) => {
  const port = await context.port();
  if (!port.ok) return port;
  const label = storePlan(context.state).healthLabel;
  const found = await secretKeys(port.value, label);
  if (!found.ok) return found;
  const [known] = found.value;
  const ckaId = known ?? (await port.value.random({ bytes: CKA_ID_BYTES }));
  if (typeof ckaId !== 'string' && !ckaId.ok) return ckaId;
  const id = typeof ckaId === 'string' ? ckaId : ckaId.value;
  const plan = await port.value.plan({ purpose: 'xks', keySpec: 'AES_256', label, ckaId: id });
  if (!plan.ok) return plan;
  if (known === undefined) {
    const made = await port.value.generate(plan.value);
    if (!made.ok) return made;
  }
  const read = await port.value.readBack(plan.value);
  if (!read.ok) return read;
  const wrong = read.value.flatMap(({ rows }) => rows.filter(({ ok }) => !ok)).map(({ name }) => name);
  const got =
    found.value.length > 1 ? `${found.value.length} keys of this label` : wrong.join(', ') || 'one key, as the policy has it';
  return success(
    outcome({
      data: { ckaId: id, label, made: known === undefined },
      checks: [check('CER-HEALTH-KEY', found.value.length <= 1 && wrong.length === 0, 'one key, as the policy has it', got)],
      show: [
        facts('Health key', [
          ['Label', label],
          ['CKA_ID', id, true],
          ['Where it comes from', known === undefined ? 'made just now' : 'it was there'],
          ['Attributes', wrong.length === 0 ? 'as the policy of external keys has them' : `differ: ${wrong.join(', ')}`],
        ]),
      ],
    }),
  );
};

async function secretKeys(port: TokenPort, label: string): Promise<Result<readonly string[]>> {
  const listed = await port.inventory();
  if (!listed.ok) return listed;
  return success(listed.value.filter((one) => one.class === 'secret' && one.label === label).map(({ ckaId }) => ckaId));
}

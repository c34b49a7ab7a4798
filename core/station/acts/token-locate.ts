import { canonical, type Json } from '../../evidence/canonical';
import { failure, success } from '../../contract/result';
import { sha256Text } from '../../pack/sha256';
import { check, facts, jsonArtefact, outcome, type Act } from './act';
import { plannedKey } from './planned-key';

/** The key of an earlier ceremony, by CKA_ID and label: what a re-import wraps again. Nothing is made. */
export const tokenLocate: Act = async ({ state, port }) => {
  const token = await port();
  if (!token.ok) return token;
  const key = plannedKey(state);
  if (!key.ok) return key;
  const ckaId = state.genesis.data.inputs['ckaId'] ?? '';
  const found = await token.value.find({ ckaId });
  if (!found.ok) return found;
  if (found.value.length === 0) return failure('key.notFound', { ckaId });
  const plan = await token.value.plan({ ...key.value, ckaId });
  if (!plan.ok) return plan;
  const text = canonical(plan.value);
  const labels = [...new Set(found.value.map(({ label }) => label))].join(', ');
  const objects = plan.value.objects.length;
  return success(
    outcome({
      data: { ckaId, label: plan.value.label, plan: plan.value as unknown as Json },
      checks: [
        check('CER-KEY-WHOLE', found.value.length === objects, `${objects} objects`, `${found.value.length} objects`),
        check('CER-KEY-LABEL', labels === plan.value.label, plan.value.label, labels),
      ],
      show: [
        facts('The key that exists', [
          ['Label', labels],
          ['Key', plan.value.keySpec],
          ['CKA_ID', ckaId, true],
          ['Token', plan.value.tokenSerial, true],
        ]),
      ],
      values: { 'template.digest': sha256Text(text), 'key.id': ckaId },
      artefacts: [jsonArtefact('key-plan.json', text)],
    }),
  );
};

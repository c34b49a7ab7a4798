import { canonical, type Json } from '../../evidence/canonical';
import { success } from '../../contract/result';
import type { Check, ShowBlock } from '../../keys/evidence';
import type { AttributeRow, KeyPlan } from '../../keys/template';
import { sha256Text } from '../../pack/sha256';
import { check, facts, jsonArtefact, outcome, type Act } from './act';
import { plannedKey } from './planned-key';

const CKA_ID_BYTES = 16;

/** Mechanisms, sizes, label: can the token make this key at all? */
export const tokenPreflight: Act = async (context) => {
  const port = await context.port();
  if (!port.ok) return port;
  const key = plannedKey(context.state);
  if (!key.ok) return key;
  const found = await port.value.preflight({ ...key.value, ckaId: null });
  if (!found.ok) return found;
  const isNext = context.state.genesis.data.inputs['generation'] === 'next';
  const checks = isNext ? found.value.map(asFollower) : found.value;
  const title = 'What the token can do';
  const rows = checks.map(({ rule, ok, wanted, got }) => ({ name: rule, wanted, got, ok }));
  return success(outcome({ checks, show: [{ kind: 'attributes', title, rows }] }));
};

/** The next key of an external key store has the label of the one before: that it is taken is what is wanted. */
function asFollower(one: Check): Check {
  return one.rule === 'CER-LABEL-FREE'
    ? check('CER-LABEL-FOLLOWS', !one.ok, 'a key with this label to follow', one.ok ? 'no key has this label' : 'there is one')
    : one;
}

/** Draws the id from the HSM and writes out, line by line, what the HSM will be asked for. */
export const tokenPlan: Act = async (context) => {
  const port = await context.port();
  if (!port.ok) return port;
  const key = plannedKey(context.state);
  if (!key.ok) return key;
  const ckaId = await port.value.random({ bytes: CKA_ID_BYTES });
  if (!ckaId.ok) return ckaId;
  const taken = await port.value.find({ ckaId: ckaId.value });
  if (!taken.ok) return taken;
  const { generation, ckaId: before } = context.state.genesis.data.inputs;
  const follows = generation === 'next' && before !== undefined ? { follows: before } : {};
  const plan = await port.value.plan({ ...key.value, ckaId: ckaId.value, ...follows });
  if (!plan.ok) return plan;
  const text = canonical(plan.value);
  return success(
    outcome({
      data: { ckaId: ckaId.value, label: plan.value.label, plan: plan.value as unknown as Json },
      checks: [
        check('CER-ID-FREE', taken.value.length === 0, 'no object has this id', `${taken.value.length} objects have this id`),
      ],
      show: shown(plan.value),
      values: { 'template.digest': sha256Text(text), 'key.id': ckaId.value },
      artefacts: [jsonArtefact('key-plan.json', text)],
    }),
  );
};

function shown(plan: KeyPlan): ShowBlock[] {
  const head = facts('Key to be generated', [
    ['Label', plan.label],
    ['Follows', plan.follows ?? '', true],
    ['Purpose', plan.purpose],
    ['Key', plan.keySpec],
    ['Mechanism', plan.mechanism],
    ['CKA_ID', plan.ckaId, true],
    ['Token', plan.tokenSerial, true],
  ]);
  const objects = plan.objects.flatMap((object) => [
    facts(
      `Attributes of the ${object.class} key`,
      object.wanted.map(({ name, value }) => [name, words(value), true] as const),
    ),
    ...(object.unprovable.length === 0
      ? []
      : [
          facts(
            `What this module cannot hold (${object.class} key)`,
            object.unprovable.map(({ name, reason }) => [name, reason] as const),
          ),
        ]),
  ]);
  return [head, ...objects];
}

/** An attribute value as people read it. */
export function words(value: AttributeRow['value'] | null): string {
  if (value === null) return 'not readable';
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  return typeof value === 'string' ? value : value.join(', ');
}

import { failure, success, type Result } from '../../contract/result';
import type { Check, ShowBlock } from '../../keys/evidence';
import type { Answered } from '../../kms/answered';
import type { KmsKey, KmsPort } from '../../kms/port';
import { check, facts, outcome, type Act } from './act';
import { callPlan, CEREMONY_TAG, keyDescription, kmsKeyArn, kmsPlan, plannedAlias, type KmsPlan } from './kms-plan';
import { ownArtefact } from './own-artefact';

/** What CreateKey is asked for: the approved plan, policy included. */
export function createKeyRequest(plan: KmsPlan, ceremonyId: string, policy: string): Parameters<KmsPort['createKey']>[0] {
  return {
    spec: plan.spec,
    usage: plan.usage,
    multiRegion: plan.multiRegion,
    description: keyDescription(ceremonyId),
    policy,
    bypassPolicyLockoutSafetyCheck: false,
    tags: [{ key: CEREMONY_TAG, value: ceremonyId }],
  };
}

/** CreateKey, once. KMS has no idempotency token: the ceremony's tag is how a key is found whose answer was lost. */
export const awsCreateKey: Act = async (context) => {
  const plan = kmsPlan(context.state);
  if (!plan.ok) return plan;
  const policy = await ownArtefact(context, 'aws.planPolicy');
  if (!policy.ok) return policy;
  const kms = await context.kms(plan.value.region, 'administrator');
  if (!kms.ok) return kms;
  const request = createKeyRequest(plan.value, context.state.genesis.data.ceremonyId, new TextDecoder().decode(policy.value));
  const made = await kms.value.createKey(request);
  return made.ok ? success(described('KMS key created', made.value, plan.value, 'PendingImport')) : made;
};

/** DescribeKey of the key the plan names by its ARN. */
export const awsFindKey: Act = async (context) => {
  const plan = kmsPlan(context.state);
  if (!plan.ok) return plan;
  const kms = await context.kms(plan.value.region, 'administrator');
  if (!kms.ok) return kms;
  const found = await kms.value.describeKey(context.state.genesis.data.inputs['kmsKeyArn'] ?? '');
  if (!found.ok) return found;
  const done = described('KMS key', found.value, plan.value, null);
  if (plan.value.spec !== 'SYMMETRIC_DEFAULT') return success(done);
  const materials = await kms.value.listKeyMaterials(found.value.value.keyId);
  if (!materials.ok) return materials;
  const table: ShowBlock = {
    kind: 'table',
    title: 'Materials of the key',
    columns: ['KeyMaterialId', 'State', 'Imported', 'Expires'],
    rows: materials.value.value.map(({ materialId, materialState, importState, expiration }) => [
      materialId,
      materialState,
      importState ?? '',
      expiration?.model === 'expires' ? expiration.validTo : 'never',
    ]),
    empty: 'None was ever imported.',
  };
  return success({ ...done, show: [...done.show, table] });
};

function described(title: string, { value: key, requestId }: Answered<KmsKey>, plan: KmsPlan, state: string | null) {
  return outcome({
    data: { keyId: key.keyId, keyArn: key.arn, state: key.state, requestId, materialId: key.currentMaterialId },
    values: { 'kms.keyArn': key.arn },
    checks: checks(key, plan, state),
    show: [
      facts(title, [
        ['ARN', key.arn, true],
        ['State', key.state],
        ['Spec and usage', `${key.spec}, ${key.usage}`],
        ['Origin', key.origin],
        ['Multi-Region', key.multiRegion === null ? 'no, and it never can be' : key.multiRegion.type.toLowerCase()],
        ['Current material', key.currentMaterialId ?? '', true],
        ['Expires', key.expiration?.model === 'expires' ? key.expiration.validTo : ''],
        ['Request id', requestId, true],
      ]),
    ],
  });
}

function checks(key: KmsKey, plan: KmsPlan, state: string | null): Check[] {
  const found = [
    check('CER-KMS-SPEC', key.spec === plan.spec, plan.spec, key.spec),
    check('CER-KMS-USAGE', key.usage === plan.usage, plan.usage, key.usage),
    check('CER-KMS-ORIGIN', key.origin === 'EXTERNAL', 'EXTERNAL', key.origin),
    check(
      'CER-KMS-MULTI-REGION',
      (key.multiRegion !== null) === plan.multiRegion,
      plan.multiRegion ? 'multi-Region' : 'single-Region',
      key.multiRegion === null ? 'single-Region' : 'multi-Region',
    ),
  ];
  return state === null ? found : [...found, check('CER-KMS-STATE', key.state === state, state, key.state)];
}

/** CreateAlias; an alias that already points to this key is as good. */
export const awsAlias: Act = async (context) => {
  const alias = plannedAlias(context.state);
  const arn = kmsKeyArn(context.state);
  if (alias === '') return success(outcome({ show: [facts('Alias', [['Alias', 'none is planned']])] }));
  const kms = await context.kms(callPlan(context.state).region, 'administrator');
  if (!kms.ok) return kms;
  const set = await setAlias(kms.value, alias, arn);
  if (!set.ok) return set;
  return success(outcome({ data: { alias, requestId: set.value }, show: [aliasFacts(alias, arn)] }));
};

function aliasFacts(alias: string, arn: string): ShowBlock {
  return facts('Alias', [
    ['Alias', alias, true],
    ['Points to', arn, true],
  ]);
}

async function setAlias(kms: KmsPort, alias: string, arn: string): Promise<Result<string>> {
  const known = await kms.listAliases(null);
  if (!known.ok) return known;
  const there = known.value.value.find((one) => one.alias === alias);
  if (there === undefined) {
    const made = await kms.createAlias(alias, arn);
    return made.ok ? success(made.value.requestId) : made;
  }
  return there.keyId !== null && arn.endsWith(`/${there.keyId}`)
    ? success(known.value.requestId)
    : failure('aws.alreadyExists', { alias, pointsTo: there.keyId ?? 'no key' });
}

import { canonical } from '../../evidence/canonical';
import { success, type Result } from '../../contract/result';
import type { Check, ShowBlock } from '../../keys/evidence';
import type { KmsKey, KmsPort } from '../../kms/port';
import { sha256Text } from '../../pack/sha256';
import { check, facts, jsonArtefact, outcome, type Act, type ActContext } from './act';
import { awsCommands } from './aws-commands';
import type { AwsCommand } from './aws-commands';

/** What is to be destroyed, by the plan's inputs. */
export interface Destruction {
  readonly format: 'keyrite-destruction-plan-1';
  readonly authorisation: string;
  readonly what: string;
  readonly keyArn: string;
  readonly deletionDays: number;
  readonly hsmKey: { readonly ckaId: string; readonly label: string; readonly checkValue: string } | null;
}

function destruction(inputs: Readonly<Record<string, string>>): Destruction {
  const what = inputs['what'] ?? '';
  const hsm = what === 'hsmKey' || what === 'everything';
  return {
    format: 'keyrite-destruction-plan-1',
    authorisation: inputs['authorisation'] ?? '',
    what,
    keyArn: inputs['kmsKeyArn'] ?? '',
    deletionDays: Number(inputs['deletionDays'] ?? '30'),
    hsmKey: hsm
      ? { ckaId: inputs['ckaId'] ?? '', label: inputs['keyLabel'] ?? '', checkValue: inputs['checkValue'] ?? '' }
      : null,
  };
}

/** Everything that hangs on the key, as AWS knows it, before anybody approves its end. */
export const destroyPlan: Act = async (context) => {
  const { inputs } = context.state.genesis.data;
  const plan = destruction(inputs);
  const text = canonical(plan);
  const dependants = inputs['leg'] === 'offline' ? success(null) : await askAws(context, plan);
  if (!dependants.ok) return dependants;
  return success(
    outcome({
      values: { 'destruction.digest': sha256Text(text) },
      checks: dependants.value?.checks ?? [],
      show: [authorised(plan), ...(dependants.value?.blocks ?? [NOT_ASKED])],
      artefacts: [jsonArtefact('destruction-plan.json', text)],
    }),
  );
};

const NOT_ASKED: ShowBlock = facts('What depends on it', [
  [
    'AWS',
    'This station does not ask it. The online half of this ceremony must have shown that nothing depends on the key any more.',
  ],
]);

async function askAws(
  context: ActContext,
  plan: Destruction,
): Promise<Result<{ checks: readonly Check[]; blocks: readonly ShowBlock[] }>> {
  const kms = await context.kms(context.state.genesis.data.inputs['awsRegion'] ?? '', 'administrator');
  if (!kms.ok) return kms;
  const dependants = await whatDepends(kms.value, plan.keyArn);
  if (!dependants.ok) return dependants;
  const { key, blocks } = dependants.value;
  const isEnding = key.state === 'PendingDeletion' || key.state === 'PendingReplicaDeletion';
  return success({
    checks: [check('CER-DESTROY-KEY', !isEnding, 'a key that is not being deleted already', key.state)],
    blocks: [...blocks, awsCommands(commands(plan, key))],
  });
}

function authorised(plan: Destruction): ShowBlock {
  return facts('To be destroyed', [
    ['Authorised by', plan.authorisation],
    ['KMS key', plan.keyArn, true],
    ['Imported material', plan.what === 'hsmKey' ? 'stays' : 'is deleted at once: nobody can use the key from then on'],
    [
      'KMS key itself',
      plan.what === 'kmsKey' || plan.what === 'everything'
        ? `is deleted after ${plan.deletionDays} days, for ever`
        : 'stays, without material',
    ],
    [
      'HSM key',
      plan.hsmKey === null ? 'stays: the material can be imported again' : 'is destroyed: what it encrypted is lost for ever',
    ],
    ['CKA_ID', plan.hsmKey?.ckaId ?? '', true],
    ['Label', plan.hsmKey?.label ?? ''],
    ['Check value', plan.hsmKey?.checkValue ?? '', true],
  ]);
}

function commands(plan: Destruction, key: KmsKey): AwsCommand[] {
  const region = key.arn.split(':')[3] ?? '';
  const keyId = key.arn;
  const material: AwsCommand[] =
    plan.what === 'hsmKey' ? [] : [{ act: 'deleteImportedKeyMaterial', region, request: { keyId, materialId: null } }];
  const whole = plan.what === 'kmsKey' || plan.what === 'everything';
  return whole ? [...material, { act: 'scheduleKeyDeletion', region, request: { keyId, days: plan.deletionDays } }] : material;
}

async function whatDepends(kms: KmsPort, keyArn: string): Promise<Result<{ key: KmsKey; blocks: readonly ShowBlock[] }>> {
  const key = await kms.describeKey(keyArn);
  if (!key.ok) return key;
  const { keyId } = key.value.value;
  const aliases = await kms.listAliases(keyId);
  if (!aliases.ok) return aliases;
  const grants = await kms.listGrants(keyId);
  if (!grants.ok) return grants;
  const used = await kms.getKeyLastUsage(keyId);
  if (!used.ok) return used;
  const last = used.value.value;
  const since = last.trackingSince === null ? '' : `, as far as AWS has kept it since ${last.trackingSince}`;
  return success({
    key: key.value.value,
    blocks: [
      facts('What depends on it', [
        ['State', key.value.value.state],
        ['Last use', last.at === null ? `none${since}` : `${last.operation ?? 'a call'} at ${last.at}${since}`],
        ['Replicas', (key.value.value.multiRegion?.replicaArns ?? []).join(' '), true],
      ]),
      {
        kind: 'table',
        title: 'Aliases',
        columns: ['Alias'],
        rows: aliases.value.value.map(({ alias }) => [alias]),
        empty: 'None points to it.',
      },
      {
        kind: 'table',
        title: 'Grants',
        columns: ['Grantee', 'Operations', 'Since'],
        rows: grants.value.value.map(({ grantee, operations, createdAt }) => [grantee, operations.join(', '), createdAt ?? '']),
        empty: 'None.',
      },
    ],
  });
}

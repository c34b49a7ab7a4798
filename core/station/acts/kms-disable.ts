import { canonical } from '../../evidence/canonical';
import { failure, success, type Result } from '../../contract/result';
import type { Check, ShowBlock } from '../../keys/evidence';
import type { KmsKey, KmsPort } from '../../kms/port';
import { sha256Text } from '../../pack/sha256';
import { check, facts, jsonArtefact, outcome, type Act, type ActContext } from './act';
import { awsCommands, type AwsCommand } from './aws-commands';
import { hatch, sing } from './canary';
import { callPlan } from './kms-plan';
import { untilSo, untilState } from './wait-for-kms';

/** Input `change`: the key is disabled, enabled, or disabled and enabled again. */
const CHANGES = ['disable', 'enable', 'both'] as const;
type Change = (typeof CHANGES)[number];

/** What a use of the key ends with: the code of its refusal, or this. */
const SUCCEEDED = 'the use succeeded';

/** What is sent. */
type Switch = 'disableKey' | 'enableKey';

function changeOf({ state }: ActContext): Result<Change> {
  const given = state.genesis.data.inputs['change'] ?? '';
  const change = CHANGES.find((one) => one === given);
  return change === undefined ? failure('policy.illegalCombination', { change: given }) : success(change);
}

/** Keyrite has no call that every kind of key takes: it tries those that encrypt by themselves. */
function isTried({ spec }: Pick<KmsKey, 'spec'>): boolean {
  return spec === 'SYMMETRIC_DEFAULT';
}

/** Why nothing but the state is checked. */
function untried({ spec }: Pick<KmsKey, 'spec'>): string {
  return `Not tried: Keyrite tries keys for symmetric encryption alone, and this is ${spec}. Its state is all that is checked.`;
}

/** DescribeKey and ListAliases: which key it is, what stops with it and what does not. Two people approve the digest of that. */
export const awsPlanDisable: Act = async (context) => {
  const change = changeOf(context);
  if (!change.ok) return change;
  const { region } = callPlan(context.state);
  const kms = await context.kms(region, 'administrator');
  if (!kms.ok) return kms;
  const key = await kms.value.describeKey(context.state.genesis.data.inputs['kmsKeyArn'] ?? '');
  if (!key.ok) return key;
  const { arn, keyId, state, spec, keyStore } = key.value.value;
  const listed = await kms.value.listAliases(keyId);
  if (!listed.ok) return listed;
  const aliases = listed.value.value.map(({ alias }) => alias);
  const store = keyStore === null ? null : { ...keyStore };
  const text = canonical({ format: 'keyrite-disable-plan-1', change: change.value, keyArn: arn, state, spec, store, aliases });
  return success(
    outcome({
      data: { keyArn: arn, state },
      values: { 'kmsKey.digest': sha256Text(text), 'kms.keyArn': arn },
      checks: [check('CER-KMS-SWITCH', state === 'Enabled' || state === 'Disabled', 'Enabled or Disabled', state)],
      show: [
        keyFacts(key.value.value),
        {
          kind: 'table',
          title: 'Aliases',
          columns: ['Alias'],
          rows: aliases.map((alias) => [alias]),
          empty: 'None points to it.',
        },
        whatChanges(change.value, key.value.value),
        awsCommands(commands(change.value, arn, region)),
      ],
      artefacts: [jsonArtefact('disable-plan.json', text)],
    }),
  );
};

function keyFacts({ arn, state, spec, usage, origin, description, keyStore }: KmsKey): ShowBlock {
  return facts('KMS key', [
    ['ARN', arn, true],
    ['State', state],
    ['Spec and usage', `${spec}, ${usage}`],
    ['Origin', origin],
    ['Description', description],
    ['Key store', keyStore?.storeId ?? '', true],
    ['XksKeyId', keyStore?.xksKeyId ?? '', true],
  ]);
}

/** What is true of the change, and a promise nowhere. */
function whatChanges(change: Change, key: KmsKey): ShowBlock {
  const already = key.state === (change === 'enable' ? 'Enabled' : 'Disabled');
  const trial = isTried(key) ? 'It is tried by a use of the key.' : untried(key);
  const common = [
    ['Already so', already ? `yes, the key is ${key.state}; it is said to AWS once more, which changes nothing` : ''],
    ['When', 'within a minute or so: AWS KMS does not change everywhere at once'],
    ['Replicas', key.multiRegion === null ? '' : 'stay as they are: each Region has its own switch'],
    ['Trial', trial],
  ] as const;
  if (change === 'enable')
    return facts('What enabling does', [['Works again', 'every use of this key that its policy allows'], ...common]);
  return facts('What disabling does', [
    ['Stops', 'every use of this key through AWS KMS, by anybody'],
    ['Goes on', 'whatever holds a data key in memory, and every other key'],
    ['Does not reach', key.keyStore === null ? '' : 'who has the credential of the key store and reaches a proxy directly'],
    ['Comes back', change === 'both' ? 'in this ceremony: the key is enabled again' : 'by enabling the key; nothing is deleted'],
    ...common,
  ]);
}

function commands(change: Change, keyId: string, region: string): AwsCommand[] {
  const acts: readonly Switch[] = change === 'both' ? ['disableKey', 'enableKey'] : [`${change}Key`];
  return acts.map((act) => ({ act, region, request: { keyId } }));
}

/** The key that was approved, and the two who call AWS for it. */
async function approved(context: ActContext): Promise<Result<{ keyArn: string; kms: KmsPort; user: KmsPort }>> {
  const keyArn = context.state.data['aws.planDisable']?.['keyArn'];
  if (typeof keyArn !== 'string') return failure('ceremony.notNow', { waitingFor: 'aws.planDisable' });
  const { region } = callPlan(context.state);
  const kms = await context.kms(region, 'administrator');
  if (!kms.ok) return kms;
  const user = await context.kms(region, 'user');
  return user.ok ? success({ keyArn, kms: kms.value, user: user.value }) : user;
}

/** DisableKey, then looks until AWS says so and refuses a use. Of a key that is disabled it changes nothing. */
export const awsDisableKey: Act = (context) =>
  switched(context, {
    ...{ act: 'disableKey', title: 'Disabled', state: 'Disabled', rule: 'CER-KMS-DISABLED' },
    ...{ trial: 'CER-KMS-REFUSED', wanted: 'aws.disabled', use: encrypted },
  });

/** EnableKey, then looks until AWS says so and the key is used again. Of a key that is enabled it changes nothing. */
export const awsEnableKey: Act = (context) =>
  switched(context, {
    ...{ act: 'enableKey', title: 'Enabled', state: 'Enabled', rule: 'CER-KMS-ENABLED' },
    ...{ trial: 'CER-KMS-SERVES', wanted: SUCCEEDED, use: encryptedAndBack },
  });

interface Switching {
  readonly act: Switch;
  readonly title: string;
  readonly state: 'Enabled' | 'Disabled';
  /** of the state */
  readonly rule: string;
  /** of the use */
  readonly trial: string;
  /** what a use must end with */
  readonly wanted: string;
  readonly use: (kms: KmsPort, keyArn: string) => Promise<string>;
}

async function switched(context: ActContext, to: Switching): ReturnType<Act> {
  const found = await approved(context);
  if (!found.ok) return found;
  const { keyArn, kms, user } = found.value;
  const asked = await kms[to.act](keyArn);
  if (!asked.ok) return asked;
  const { requestId } = asked.value;
  const began = performance.now();
  const key = await untilState(kms, keyArn, [to.state]);
  if (!key.ok) return key;
  const { state } = key.value;
  const used = isTried(key.value) ? await untilUsed(to, user, keyArn) : success(null);
  if (!used.ok) return used;
  const tookSeconds = Math.round((performance.now() - began) / 1000);
  const checks: Check[] = [check(to.rule, state === to.state, to.state, state)];
  if (used.value !== null) checks.push(check(to.trial, used.value === to.wanted, to.wanted, used.value));
  return success(
    outcome({
      data: { keyArn, state, use: used.value ?? 'not tried', tookSeconds, requestId },
      checks,
      show: [
        facts(to.title, [
          ['KMS key', keyArn, true],
          ['State', state],
          ['A use of it', used.value ?? untried(key.value)],
          ['Seen after', `${tookSeconds} s`],
          ['Request id', requestId, true],
        ]),
      ],
    }),
  );
}

/** AWS KMS may say the new state before all of it acts so: a use is tried again until it ends as it must, or may not be tried at all. */
function untilUsed({ use, wanted }: Switching, kms: KmsPort, keyArn: string): Promise<Result<string>> {
  return untilSo(
    async () => success({ value: await use(kms, keyArn), requestId: '', at: '' }),
    (came) => came === wanted || came === 'aws.accessDenied',
  );
}

/** One Encrypt. A refusal is what is waited for, and no error. */
async function encrypted(kms: KmsPort, keyArn: string): Promise<string> {
  const made = await hatch(kms, keyArn);
  return made.ok ? SUCCEEDED : made.error.code;
}

/** One Encrypt, and the Decrypt of what it made. */
async function encryptedAndBack(kms: KmsPort, keyArn: string): Promise<string> {
  const made = await hatch(kms, keyArn);
  if (!made.ok) return made.error.code;
  const { ok, code } = await sing(kms, made.value.canary);
  return ok ? SUCCEEDED : code;
}

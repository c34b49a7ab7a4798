import { canonical, type Json } from '../../evidence/canonical';
import { failure, success, type Result } from '../../contract/result';
import type { ShowBlock } from '../../keys/evidence';
import { ACTION_GROUPS } from '../../policy/actions';
import { diffPolicies } from '../../policy/diff';
import { lintPolicy, type Finding } from '../../policy/lint';
import { checkLockout } from '../../policy/lockout';
import { printPolicy } from '../../policy/print';
import { readPolicy, type ReadPolicy } from '../../policy/read';
import { groupVerdict, type GroupVerdict, type SubjectRow, type WhoCanDoWhat } from '../../policy/simulate';
import { sha256Text } from '../../pack/sha256';
import { check, facts, jsonArtefact, outcome, type Act, type ActContext } from './act';
import { createKeyRequest } from './aws-create-key';
import { awsCommands, awsTemplates, KEY_TO_BE, type AwsCommand } from './aws-commands';
import type { CreateKeyRequest } from '../../kms/port';
import type { KeyPolicyRequest } from '../port';
import { callPlan, kmsKeyArn, kmsPlan, type KmsPlan } from './kms-plan';
import { ownArtefact } from './own-artefact';

/** The key policy of this station's draft: linted, as a table of who can do what, checked for lock-out, and against what the key has now. */
export const awsPlanPolicy: Act = async (context) => {
  const plan = policyPlan(context.state);
  if (!plan.ok) return plan;
  const draft = await context.keyPolicy(plan.value);
  if (!draft.ok) return draft;
  const read = readPolicy(draft.value);
  if (!read.ok)
    return failure('policy.keyPolicy', { problem: read.problems[0]?.problem ?? '', line: read.problems[0]?.line ?? 1 });
  const callerArn = callerOf(context.state);
  const { account } = plan.value;
  const { findings, table } = lintPolicy(read, { callerArn, account });
  const errors = findings.filter(({ severity }) => severity === 'error');
  const { caller } = checkLockout(read.policy, callerArn, account);
  const before = await policyNow(context);
  if (!before.ok) return before;
  const text = printPolicy(read.policy);
  return success(
    outcome({
      data: { findings: findings.length, errors: errors.length },
      values: { 'keyPolicy.digest': sha256Text(text) },
      checks: [
        check(
          'CER-POLICY-LINT',
          errors.length === 0,
          'no error',
          errors.map(({ rule, where }) => `${rule} in ${where}`).join('; ') || 'no error',
        ),
        check('CER-POLICY-LOCKOUT', caller === 'allow', 'the caller can change it again', caller ?? 'not known'),
      ],
      show: [
        tableBlock(table),
        findingsBlock(findings),
        ...diffBlocks(before.value, read),
        { kind: 'code', title: 'The policy', text },
        ...putCommand(context.state, callPlan(context.state).region, text),
      ],
      artefacts: [{ name: 'key-policy.json', bytes: new TextEncoder().encode(text) }],
    }),
  );
};

/** What a policy has to know of the key: of an external key store nothing is wrapped or replicated. */
function policyPlan(state: ActContext['state']): Result<Omit<KeyPolicyRequest, 'runMode'>> {
  const { account } = callPlan(state);
  if ('storeName' in state.genesis.data.inputs)
    return success({ account, spec: 'SYMMETRIC_DEFAULT', usage: 'ENCRYPT_DECRYPT', wrapping: null, replicaRegions: [] });
  const plan = kmsPlan(state);
  if (!plan.ok) return plan;
  const { spec, usage, wrapping, replicaRegions } = plan.value;
  return success({ account, spec, usage, wrapping, replicaRegions });
}

/** A key that exists gets the policy by a call of its own. */
function putCommand(state: ActContext['state'], region: string, policy: string): ShowBlock[] {
  const keyId = kmsKeyArn(state);
  const request = { keyId, policy, bypassPolicyLockoutSafetyCheck: false };
  return keyId === '' ? [] : [awsCommands([{ act: 'putKeyPolicy', region, request }])];
}

function callerOf(state: ActContext['state']): string {
  const arn = state.data['aws.identify']?.['callerArn'];
  return typeof arn === 'string' ? arn : '';
}

/** The policy that the key has, where there is a key already; null for one that is still to be made. */
async function policyNow(context: ActContext): Promise<Result<ReadPolicy | null>> {
  const arn = kmsKeyArn(context.state);
  if (arn === '') return success(null);
  const kms = await context.kms(callPlan(context.state).region, 'administrator');
  if (!kms.ok) return kms;
  const text = await kms.value.getKeyPolicy(arn);
  if (!text.ok) return text;
  const read = readPolicy(text.value.value);
  return success(read.ok ? read : null);
}

/** One row a subject, its groups of actions sorted by what is said of them: a grid of twelve columns is read aloud by nobody. */
function tableBlock(table: WhoCanDoWhat): ShowBlock {
  return {
    kind: 'table',
    title: 'Who can do what',
    columns: ['Who', 'May', 'May in part, or if', 'Is refused'],
    rows: table.rows.map((row) => [
      row.subject.name,
      groupsOf(row, ['allow']),
      groupsOf(row, ['some', 'conditional', 'iam']),
      groupsOf(row, ['deny']),
    ]),
    empty: 'Nobody can do anything.',
  };
}

const QUALIFIED: Readonly<Partial<Record<GroupVerdict, string>>> = { some: ' (some)', iam: ' (by IAM)', conditional: ' (if)' };

function groupsOf(row: SubjectRow, verdicts: readonly GroupVerdict[]): string {
  const groups = ACTION_GROUPS.map((group) => ({ group, verdict: groupVerdict(row, group) }));
  const said = groups.filter(({ verdict }) => verdicts.includes(verdict));
  return said.map(({ group, verdict }) => `${group}${QUALIFIED[verdict] ?? ''}`).join(', ') || '–';
}

function findingsBlock(findings: readonly Finding[]): ShowBlock {
  return {
    kind: 'table',
    title: 'What the lint says',
    columns: ['Rule', 'Where', 'What', 'Why it matters'],
    rows: findings.map(({ rule, severity, where, says, why }) => [`${rule} ${severity}`, where, says, why]),
    empty: 'Nothing.',
  };
}

const DIFF_MARKS = { same: ' ', removed: '-', added: '+' } as const;

function diffBlocks(before: ReadPolicy | null, after: ReadPolicy): ShowBlock[] {
  if (before === null) return [];
  const { lines } = diffPolicies(before.policy, after.policy);
  const text = lines.map(({ kind, text: line }) => `${DIFF_MARKS[kind]} ${line}`).join('\n');
  return [{ kind: 'code', title: 'What changes', text }];
}

/** Everything the KMS key will be made with, as the CLI, CloudFormation and Terraform would have it: a reviewer sees it before it is done. */
export const awsPlanKey: Act = async (context) => {
  const plan = kmsPlan(context.state);
  if (!plan.ok) return plan;
  const policy = await ownArtefact(context, 'aws.planPolicy');
  if (!policy.ok) return policy;
  const { ceremonyId } = context.state.genesis.data;
  const request = createKeyRequest(plan.value, ceremonyId, new TextDecoder().decode(policy.value));
  const { region, alias } = plan.value;
  const text = canonical({ format: 'keyrite-kms-key-plan-1', region, alias, request: request as unknown as Json });
  return success(
    outcome({
      values: { 'kmsKey.digest': sha256Text(text) },
      show: [
        facts('KMS key to be created', [
          ['Account', plan.value.account, true],
          ['Region', region],
          ['Spec and usage', `${request.spec}, ${request.usage}`],
          ['Origin', 'EXTERNAL: the material is imported'],
          ['Multi-Region', request.multiRegion ? 'yes; this cannot be changed' : 'no; this cannot be changed'],
          ['Alias', alias === '' ? 'none' : alias],
          ['Tag', request.tags.map(({ key, value }) => `${key} = ${value}`).join(', ')],
          ['SHA-256 of the policy', context.state.values['keyPolicy.digest'] ?? '', true],
        ]),
        awsCommands(commandsFor(plan.value, request)),
        ...awsTemplates(request, alias),
      ],
      artefacts: [jsonArtefact('kms-key-plan.json', text)],
    }),
  );
};

/** The import itself is written out later, when there is something to import. */
function commandsFor({ region, alias, wrapping, replicaRegions }: KmsPlan, request: CreateKeyRequest): AwsCommand[] {
  const keyId = KEY_TO_BE;
  const fetch = (from: string): AwsCommand => ({ act: 'getParametersForImport', region: from, request: { keyId, wrapping } });
  const { policy, tags, description } = request;
  const replicas = replicaRegions.flatMap((replicaRegion): AwsCommand[] => [
    { act: 'replicateKey', region, request: { keyId, replicaRegion, policy, description, tags } },
    fetch(replicaRegion),
  ]);
  const named: AwsCommand[] = alias === '' ? [] : [{ act: 'createAlias', region, request: { alias, keyId } }];
  return [{ act: 'createKey', region, request }, ...named, fetch(region), ...replicas];
}

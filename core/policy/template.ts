import type { KeyUsage } from '../keys/kms-spec';
import { KEY_ACTIONS } from './actions';
import type { Condition, KeyPolicy, Statement } from './document';
import { formProblems, type FormProblem, type PolicyForm } from './form';
import { printPolicy } from './print';
import { rootArn } from './principal';
import { MAX_BYTES, utf8Bytes } from './rules/text';

export type TemplateResult =
  | { readonly ok: true; readonly policy: KeyPolicy; readonly text: string }
  | { readonly ok: false; readonly problems: readonly FormProblem[] };

const SEEING = KEY_ACTIONS.see;

const ADMINISTERING = [
  'DescribeKey',
  'GetKeyPolicy',
  'ListKeyPolicies',
  'PutKeyPolicy',
  'EnableKey',
  'DisableKey',
  'TagResource',
  'UntagResource',
  'ListResourceTags',
  'CreateAlias',
  'UpdateAlias',
  'DeleteAlias',
  'UpdateKeyDescription',
  'GetKeyRotationStatus',
  'ListKeyRotations',
  'GetKeyLastUsage',
  'ListGrants',
  'RevokeGrant',
  'CancelKeyDeletion',
];

/** What using a key means. Asymmetric and HMAC keys are not rotated and make no data keys. */
const USING: Readonly<Record<KeyUsage, readonly string[]>> = {
  ENCRYPT_DECRYPT: ['Encrypt', 'Decrypt', 'ReEncryptFrom', 'ReEncryptTo'],
  SIGN_VERIFY: ['Sign', 'Verify', 'GetPublicKey'],
  GENERATE_VERIFY_MAC: ['GenerateMac', 'VerifyMac'],
  KEY_AGREEMENT: ['DeriveSharedSecret', 'GetPublicKey'],
};

const DATA_KEYS = [
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
];

function usingActions({ spec, usage, wrapping }: PolicyForm): readonly string[] {
  // an external key store makes no pairs
  if (wrapping === null) return ['DescribeKey', ...USING.ENCRYPT_DECRYPT, ...DATA_KEYS.slice(0, 2)];
  if (usage !== 'ENCRYPT_DECRYPT') return ['DescribeKey', ...USING[usage]];
  return ['DescribeKey', ...USING.ENCRYPT_DECRYPT, ...(spec === 'SYMMETRIC_DEFAULT' ? DATA_KEYS : ['GetPublicKey'])];
}

function condition(operator: Condition['operator'], key: string, ...values: readonly string[]): Condition {
  return { set: null, operator, ifExists: false, key, values };
}

interface Part {
  readonly sid: string;
  readonly who: readonly string[] | '*';
  readonly may: readonly string[];
  readonly when?: readonly Condition[];
}

/** A statement; none where there is nobody it would be for. */
function statement(effect: Statement['effect'], { sid, who, may, when = [] }: Part): readonly Statement[] {
  if (who.length === 0) return [];
  const principal = who === '*' ? [{ kind: '*', value: '*' } as const] : who.map((value) => ({ kind: 'AWS', value }) as const);
  const action = may.map((name) => `kms:${name}`);
  return [
    { sid, effect, principal, notPrincipal: null, action, notAction: null, resource: ['*'], notResource: null, conditions: when },
  ];
}

const allow = (part: Part) => statement('Allow', part);

/** A Deny names people by aws:PrincipalArn and not as principals, so that it meets a role that was deleted and made anew. */
const deny = (sid: string, may: readonly string[], ...when: readonly Condition[]) =>
  statement('Deny', { sid, who: '*', may, when });

function delegation({ partition, account, breakGlass }: PolicyForm): readonly Statement[] {
  const root = [rootArn(partition, account)];
  if (breakGlass === null) return allow({ sid: 'Account sees the key', who: root, may: SEEING });
  const when = [condition('ArnEquals', 'aws:PrincipalArn', breakGlass), condition('Bool', 'aws:MultiFactorAuthPresent', 'true')];
  return [
    ...allow({ sid: 'Account sees the key', who: root, may: SEEING }),
    ...allow({ sid: 'Break-glass repairs the policy', who: root, may: ['PutKeyPolicy'], when }),
  ];
}

function administration({ administrators, replicaRegions }: PolicyForm): readonly Statement[] {
  const window = condition('NumericGreaterThanEquals', 'kms:ScheduleKeyDeletionPendingWindowInDays', '30');
  const replicas = condition('StringEquals', 'kms:ReplicaRegion', ...replicaRegions);
  return [
    ...allow({ sid: 'Administrators', who: administrators, may: ADMINISTERING }),
    ...allow({ sid: 'Administrators schedule deletion', who: administrators, may: ['ScheduleKeyDeletion'], when: [window] }),
    ...(replicaRegions.length === 0
      ? []
      : allow({ sid: 'Administrators replicate', who: administrators, may: ['ReplicateKey'], when: [replicas] })),
  ];
}

/** An import that says nothing of expiration expires by KMS's default: the condition wants it said. */
function expirationConditions({ expiration }: PolicyForm): readonly Condition[] {
  if (expiration.model === 'never') return [condition('StringEquals', 'kms:ExpirationModel', 'KEY_MATERIAL_DOES_NOT_EXPIRE')];
  return [
    condition('StringEquals', 'kms:ExpirationModel', 'KEY_MATERIAL_EXPIRES'),
    condition('NumericLessThanEquals', 'kms:ValidTo', String(Date.parse(expiration.validTo) / 1000)),
  ];
}

function ceremony(form: PolicyForm): readonly Statement[] {
  const { operatorA, operatorB, deletionOfMaterial, wrapping, spec } = form;
  if (wrapping === null) return [];
  const rotation = spec === 'SYMMETRIC_DEFAULT' ? ['ListKeyRotations', 'GetKeyRotationStatus', 'RotateKeyOnDemand'] : [];
  const pinned = [
    condition('StringEquals', 'kms:WrappingAlgorithm', wrapping.algorithm),
    condition('StringEquals', 'kms:WrappingKeySpec', wrapping.wrappingKeySpec),
  ];
  return [
    ...allow({ sid: 'Operator A downloads', who: operatorA, may: ['GetParametersForImport'], when: pinned }),
    ...allow({ sid: 'Operator A sees the key', who: operatorA, may: ['DescribeKey'] }),
    ...allow({ sid: 'Operator B imports', who: operatorB, may: ['ImportKeyMaterial'], when: expirationConditions(form) }),
    ...allow({ sid: 'Operator B sees the key', who: operatorB, may: ['DescribeKey', ...rotation] }),
    ...allow({ sid: 'Deletion of material', who: deletionOfMaterial, may: ['DescribeKey', 'DeleteImportedKeyMaterial'] }),
  ];
}

function viaConditions({ usersVia, account, partition }: PolicyForm): readonly Condition[] {
  if (usersVia === null) return [];
  const suffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  const endpoints = usersVia.services.flatMap((service) => usersVia.regions.map((region) => `${service}.${region}.${suffix}`));
  return [condition('StringEquals', 'kms:ViaService', ...endpoints), condition('StringEquals', 'kms:CallerAccount', account)];
}

function use(form: PolicyForm): readonly Statement[] {
  const forResource = [condition('Bool', 'kms:GrantIsForAWSResource', 'true')];
  return [
    ...allow({ sid: 'Users', who: form.users, may: usingActions(form), when: viaConditions(form) }),
    ...allow({
      sid: 'Grants to AWS services',
      who: form.serviceGrants,
      may: ['CreateGrant', 'ListGrants', 'RevokeGrant'],
      when: forResource,
    }),
    ...allow({ sid: 'Auditors', who: form.auditors, may: SEEING }),
  ];
}

/** What holds against statements that somebody adds later. */
function bans(form: PolicyForm): readonly Statement[] {
  const { administrators, operatorA, operatorB, deletionOfMaterial, auditors, breakGlass } = form;
  const others = [
    ...administrators,
    ...operatorA,
    ...operatorB,
    ...deletionOfMaterial,
    ...auditors,
    ...(breakGlass === null ? [] : [breakGlass]),
  ];
  const unlessIs = (arns: readonly string[]) => condition('ArnNotEquals', 'aws:PrincipalArn', ...arns);
  const importing =
    form.wrapping === null
      ? []
      : [
          ...deny('Nobody but operator A downloads', ['GetParametersForImport'], unlessIs(operatorA)),
          ...deny('Nobody but operator B imports', ['ImportKeyMaterial'], unlessIs(operatorB)),
          ...(deletionOfMaterial.length === 0
            ? []
            : deny('Nobody else deletes material', ['DeleteImportedKeyMaterial'], unlessIs(deletionOfMaterial))),
        ];
  return [
    ...importing,
    ...deny(
      'Who runs the key does not use it',
      [...KEY_ACTIONS.use, 'CreateGrant'],
      condition('ArnEquals', 'aws:PrincipalArn', ...others),
    ),
    ...deny('Lock-out check stays on', ['PutKeyPolicy'], condition('Bool', 'kms:BypassPolicyLockoutSafetyCheck', 'true')),
  ];
}

function tooLarge(bytes: number): TemplateResult {
  const problem = `The policy would have ${bytes} bytes; KMS takes ${MAX_BYTES}.`;
  return {
    ok: false,
    problems: [{ field: 'users', index: null, problem, remedy: 'Name roles that people assume instead of people.' }],
  };
}

/**
 * The key policy with separated duties that a form describes: explicit actions, nobody in two duties, what must never be refused
 * by name. Explained statement by statement in docs/key-policy.md. `text` is what KMS is given.
 */
export function policyFromForm(form: PolicyForm): TemplateResult {
  const problems = formProblems(form);
  if (problems.length > 0) return { ok: false, problems };
  const statements = [...delegation(form), ...administration(form), ...ceremony(form), ...use(form), ...bans(form)];
  const policy: KeyPolicy = { version: '2012-10-17', id: 'keyrite-separation-of-duties-1', statements };
  const text = printPolicy(policy);
  const bytes = utf8Bytes(text);
  return bytes > MAX_BYTES ? tooLarge(bytes) : { ok: true, policy, text };
}

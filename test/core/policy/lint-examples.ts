import type { LintOptions } from '../../../core/policy/lint';
import { MAX_BYTES, utf8Bytes } from '../../../core/policy/rules/text';
import { ACCOUNT, role, statement, textOf, type Part } from './samples';

export const OTHER = '444455556666';
export const ROOT = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
const none = undefined;

/** What shows the key: for examples that are not about its use, which administrators among "everybody" must not have. */
export const SEEN = 'kms:DescribeKey';

/** A policy no rule has anything against; each example below is this with one thing added or changed. */
const SEE = statement({ Sid: 'account', Principal: ROOT, Action: 'kms:DescribeKey' });
export const ADMIN = statement({
  Sid: 'admins',
  Principal: { AWS: [role('Admin1'), role('Admin2')] },
  Action: ['kms:PutKeyPolicy', 'kms:TagResource'],
});
const USE = statement({ Sid: 'users' });

export const good = (...more: readonly Part[]): string => textOf(SEE, ADMIN, USE, ...more);
const deny = (part: Part) => statement({ Effect: 'Deny', Principal: '*', ...part });
const when = (operator: string, key: string, value: string | readonly string[]) => ({
  Condition: { [operator]: { [key]: value } },
});

/** By rule: policies that break it and nothing else, and neighbours that break nothing. */
export const EXAMPLES: Readonly<
  Record<string, { readonly bad: readonly string[]; readonly good: readonly string[]; readonly options?: LintOptions }>
> = {
  'KP-SIZE': {
    bad: [good(statement({ Sid: 'x'.repeat(MAX_BYTES) })), good(statement({ Sid: 'é'.repeat(MAX_BYTES / 2) }))],
    good: [good(statement({ Sid: 'x'.repeat(MAX_BYTES - utf8Bytes(good(statement({ Sid: '' })))) }))],
  },
  'KP-CHARACTERS': {
    bad: [
      good(statement({ Sid: '“users”' })),
      good(statement({ Sid: '鍵' })),
      good(statement({ Sid: 'a' })).replace('"a"', '"\\u201c"'),
    ],
    good: [good(statement({ Sid: 'Schlüssel für ÿ' })), good(statement({ Sid: 'a' })).replace('"a"', '"\\u00e9"')],
  },
  'KP-INCOMPLETE': {
    bad: [good(statement({ Resource: none })), good(statement({ Action: none })), good(statement({ Principal: none }))],
    good: [good(statement({}))],
  },
  'KP-RESOURCE': {
    bad: [
      good(statement({ Resource: `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1` })),
      good(statement({ Resource: none, NotResource: 'x' })),
    ],
    good: [good(statement({ Resource: ['*'] }))],
  },
  'KP-NOT-ACTION': {
    bad: [good(deny({ Action: none, NotAction: ['kms:*'] }))],
    good: [good(deny({ Action: 'kms:Sign' }))],
  },
  'KP-EVERYONE': {
    bad: [
      good(statement({ Action: SEEN, Principal: '*' })),
      good(statement({ Action: SEEN, Principal: { AWS: '*' } })),
      good(statement({ Action: SEEN, Principal: '*', ...when('StringNotEquals', 'kms:CallerAccount', OTHER) })),
      good(statement({ Action: SEEN, Principal: '*', ...when('StringEqualsIfExists', 'kms:CallerAccount', ACCOUNT) })),
      good(statement({ Action: SEEN, Principal: '*', ...when('StringLike', 'kms:CallerAccount', '*') })),
      good(statement({ Action: SEEN, Principal: '*', ...when('StringEquals', 'aws:SourceAccount', ACCOUNT) })),
      good(statement({ Action: SEEN, Principal: '*', ...when('ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/App') })),
    ],
    good: [
      good(statement({ Action: SEEN, Principal: '*', ...when('StringEquals', 'kms:CallerAccount', ACCOUNT) })),
      good(statement({ Action: SEEN, Principal: '*', ...when('StringEquals', 'aws:PrincipalOrgID', 'o-abcdefghij') })),
      good(statement({ Action: SEEN, Principal: { AWS: '*' }, ...when('StringEquals', 'aws:principalaccount', ACCOUNT) })),
      good(deny({ Action: 'kms:Sign' })),
    ],
  },
  'KP-VIA-SERVICE': {
    bad: [
      good(statement({ Action: SEEN, Principal: '*', ...when('StringEquals', 'kms:ViaService', 's3.eu-west-1.amazonaws.com') })),
    ],
    good: [
      good(
        statement({
          Action: SEEN,
          Principal: '*',
          Condition: { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com', 'kms:CallerAccount': ACCOUNT } },
        }),
      ),
      good(statement({ ...when('StringEquals', 'kms:ViaService', 's3.eu-west-1.amazonaws.com') })),
    ],
  },
  'KP-NOT-PRINCIPAL': {
    bad: [good(statement({ Principal: none, NotPrincipal: { AWS: role('Evil') }, Action: 'kms:DescribeKey' }))],
    good: [good()],
  },
  'KP-NOT-PRINCIPAL-DENY': {
    bad: [good(deny({ Principal: none, NotPrincipal: { AWS: [role('App'), ACCOUNT] }, Action: 'kms:Decrypt' }))],
    good: [good(deny({ Action: 'kms:Decrypt', ...when('ArnNotEquals', 'aws:PrincipalArn', role('App')) }))],
  },
  'KP-GROUP': {
    bad: [good(statement({ Principal: { AWS: [role('App'), `arn:aws:iam::${ACCOUNT}:group/Staff`] } }))],
    good: [good(statement({ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/group` } }))],
  },
  'KP-PRINCIPAL': {
    bad: [
      good(statement({ Principal: { AWS: 'AROAJ0ABCDEFGHIJKLMNO' } })),
      good(statement({ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/*` } })),
      good(statement({ Principal: { AWS: 'Admin' } })),
      good(deny({ Principal: { Service: 's3' } })),
    ],
    good: [good(statement({ Principal: { Service: 's3.amazonaws.com' } }))],
  },
  'KP-OTHER-ACCOUNT': {
    bad: [
      good(statement({ Action: SEEN, Principal: '*', ...when('StringEquals', 'kms:CallerAccount', [ACCOUNT, OTHER]) })),
      good(statement({ Principal: { AWS: role('App', OTHER) } })),
      good(statement({ Principal: { AWS: OTHER } })),
    ],
    good: [good(deny({ Principal: { AWS: OTHER } })), good(statement({ Principal: { AWS: role('B') } }))],
  },
  'KP-WILDCARD': {
    bad: [
      good(statement({ Principal: { AWS: role('B') }, Action: 'kms:List*' })),
      good(statement({ Action: 'kms:ReEncrypt*' })),
      good(statement({ Principal: { AWS: role('B') }, Action: 'kms:Lis?Grants' })),
    ],
    good: [
      good(statement({ Principal: { Service: 's3.amazonaws.com' }, Action: 'kms:GenerateDataKey*' })),
      good(deny({ Action: 'kms:Sign*' })),
    ],
  },
  'KP-UNKNOWN-ACTION': {
    bad: [
      good(statement({ Action: ['kms:Decrypt', 'kms:Decript'] })),
      good(statement({ Action: 's3:GetObject' })),
      good(deny({ Action: 'kms:Import' })),
    ],
    good: [good(statement({ Action: 'KMS:DECRYPT' }))],
  },
  'KP-IAM-ONLY-ACTION': {
    bad: [
      good(statement({ Action: ['kms:ListKeys', 'kms:Decrypt'] })),
      good(statement({ Action: 'kms:ConnectCustomKeyStore' })),
      good(statement({ Action: 'kms:RetireGrant' })),
    ],
    good: [good(statement({ Action: 'kms:ListGrants' })), good(deny({ Action: 'kms:RetireGrant' }))],
  },
  'KP-DELEGATED-USE': {
    bad: [
      good(statement({ Principal: ROOT, Action: ['kms:DescribeKey', 'kms:Decrypt'] })),
      good(statement({ Principal: { AWS: ACCOUNT }, Action: 'kms:CreateGrant' })),
    ],
    good: [
      good(statement({ Principal: ROOT, Action: ['kms:GetKeyPolicy', 'kms:PutKeyPolicy'] })),
      good(statement({ Principal: ROOT, Action: 'kms:Decrypt', ...when('ArnEquals', 'aws:PrincipalArn', role('App')) })),
    ],
  },
  'KP-SET-OPERATOR': {
    bad: [
      good(statement({ ...when('ForAnyValue:StringEquals', 'kms:ViaService', 's3.eu-west-1.amazonaws.com') })),
      good(statement({ ...when('ForAllValues:StringEquals', 'aws:PrincipalOrgID', 'o-abcdefghij') })),
    ],
    good: [good(statement({ ...when('ForAnyValue:StringEquals', 'kms:EncryptionContextKeys', 'tenant') }))],
  },
  'KP-FOR-ALL-VALUES': {
    bad: [good(statement({ ...when('ForAllValues:StringEquals', 'kms:EncryptionContextKeys', 'tenant') }))],
    good: [
      good(
        statement({
          Condition: {
            'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': 'tenant' },
            Null: { 'kms:encryptioncontextkeys': 'false' },
          },
        }),
      ),
      good(deny({ ...when('ForAllValues:StringEquals', 'kms:EncryptionContextKeys', 'tenant'), Action: 'kms:Encrypt' })),
    ],
  },
  'KP-UNKNOWN-KEY': {
    bad: [
      good(statement({ ...when('StringEquals', 'kms:CallerAcount', ACCOUNT) })),
      good(statement({ ...when('StringEquals', 'kms:EncryptionContext', 'a') })),
    ],
    good: [
      good(statement({ ...when('StringEquals', 'kms:EncryptionContext:tenant', 'a') })),
      good(statement({ ...when('StringEquals', 'KMS:calleraccount', ACCOUNT) })),
      good(statement({ ...when('StringEquals', 'aws:PrincipalTag/team', 'a') })),
    ],
  },
  'KP-KEY-NOT-CARRIED': {
    bad: [
      good(
        statement({ Action: ['kms:DescribeKey', 'kms:Decrypt'], ...when('StringEquals', 'kms:EncryptionContext:tenant', 'a') }),
      ),
      good(
        deny({ Action: 'kms:GetParametersForImport', ...when('StringNotEquals', 'kms:ExpirationModel', 'KEY_MATERIAL_EXPIRES') }),
      ),
      good(statement({ Action: 'kms:Decrypt', ...when('NumericLessThan', 'kms:ValidTo', '1') })),
      good(statement({ ...when('ForAnyValue:StringEquals', 'kms:ResourceAliases', 'alias/a') })),
    ],
    good: [
      good(statement({ Action: 'kms:ImportKeyMaterial', ...when('NumericLessThan', 'kms:ValidTo', '1') })),
      good(
        statement({
          Action: ['kms:Decrypt', 'kms:DescribeKey'],
          ...when('StringEqualsIfExists', 'kms:EncryptionContext:tenant', 'a'),
        }),
      ),
      good(
        statement({ Action: ['kms:Decrypt', 'kms:DescribeKey'], ...when('StringEquals', 'kms:KeySpec', 'SYMMETRIC_DEFAULT') }),
      ),
    ],
  },
  'KP-SOURCE-ADDRESS': {
    bad: [
      good(statement({ ...when('IpAddress', 'aws:SourceIp', '10.0.0.0/8') })),
      good(deny({ Action: 'kms:GenerateDataKey*', ...when('StringNotEquals', 'aws:SourceVpce', 'vpce-1') })),
    ],
    good: [
      good(statement({ Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' }, Bool: { 'aws:ViaAWSService': 'false' } } })),
      good(
        statement({
          Principal: { AWS: role('B') },
          Action: 'kms:GetKeyPolicy',
          ...when('IpAddress', 'aws:SourceIp', '10.0.0.0/8'),
        }),
      ),
    ],
  },
  'KP-ADMIN-USES': {
    bad: [good(statement({ Principal: { AWS: role('Admin1') } })), good(statement({ Action: 'kms:ScheduleKeyDeletion' }))],
    good: [
      good(statement({ Principal: { AWS: role('Admin1') }, Action: 'kms:DescribeKey' })),
      good(statement({ Principal: { AWS: role('Admin1') } }), deny({ Principal: { AWS: role('Admin1') } })),
    ],
  },
  'KP-BOTH-LEGS': {
    bad: [good(statement({ Principal: { AWS: role('B') }, Action: ['kms:GetParametersForImport', 'kms:ImportKeyMaterial'] }))],
    good: [
      good(
        statement({ Principal: { AWS: role('A') }, Action: 'kms:GetParametersForImport' }),
        statement({ Principal: { AWS: role('B') }, Action: 'kms:ImportKeyMaterial' }),
      ),
    ],
  },
  'KP-ATTRIBUTES': {
    bad: [
      good(
        statement({ ...when('StringEquals', 'aws:ResourceTag/team', 'a') }),
        statement({ Principal: { AWS: role('B') }, Action: 'kms:TagResource' }),
      ),
      good(
        statement({ ...when('StringEquals', 'kms:RequestAlias', 'alias/a') }),
        statement({ Principal: ROOT, Action: 'kms:UpdateAlias' }),
      ),
    ],
    good: [
      good(statement({ ...when('StringEquals', 'aws:ResourceTag/team', 'a') })),
      good(statement({ Principal: { AWS: role('B') }, Action: 'kms:TagResource' })),
    ],
  },
  'KP-LOCKOUT': {
    bad: [textOf(SEE, USE), textOf(SEE, { ...ADMIN, Principal: { AWS: role('Admin', OTHER) }, Effect: 'Deny' }, USE)],
    good: [good()],
  },
  'KP-CALLER-LOCKED-OUT': {
    options: { callerArn: `arn:aws:sts::${ACCOUNT}:assumed-role/Operator/jo` },
    bad: [good()],
    good: [
      good(statement({ Principal: { AWS: role('Operator') }, Action: 'kms:PutKeyPolicy' })),
      good(statement({ Principal: ROOT, Action: 'kms:PutKeyPolicy' })),
    ],
  },
  'KP-SINGLE-ADMIN': {
    bad: [textOf(SEE, { ...ADMIN, Principal: { AWS: role('Admin1') } }, USE)],
    good: [
      textOf(SEE, { ...ADMIN, Principal: { AWS: role('Admin1') } }, statement({ Principal: ROOT, Action: 'kms:PutKeyPolicy' })),
      textOf(
        SEE,
        { ...ADMIN, Principal: { AWS: role('Admin1') } },
        statement({ Principal: ROOT, Action: 'kms:PutKeyPolicy', ...when('ArnEquals', 'aws:PrincipalArn', role('BG')) }),
      ),
    ],
  },
  'KP-FRAGILE-ADMIN': {
    bad: [
      textOf(SEE, { ...ADMIN, ...when('Bool', 'aws:MultiFactorAuthPresent', 'true') }, USE),
      textOf(SEE, { ...ADMIN, ...when('DateLessThan', 'aws:CurrentTime', '2030-01-01T00:00:00Z') }, USE),
      textOf(SEE, ADMIN, USE, deny({ Action: 'kms:PutKeyPolicy', ...when('NotIpAddress', 'aws:SourceIp', '10.0.0.0/8') })),
    ],
    good: [
      good(
        statement({
          Principal: { AWS: role('Admin3') },
          Action: 'kms:PutKeyPolicy',
          ...when('Bool', 'aws:MultiFactorAuthPresent', 'true'),
        }),
      ),
    ],
  },
  'KP-DENIED-ADMIN': {
    bad: [
      good(
        statement({ Principal: ROOT, Action: 'kms:PutKeyPolicy', ...when('ArnEquals', 'aws:PrincipalArn', role('BG')) }),
        deny({ Action: 'kms:PutKeyPolicy', ...when('ArnNotEquals', 'aws:PrincipalArn', [role('Admin1'), role('Admin2')]) }),
      ),
    ],
    good: [
      good(deny({ Action: 'kms:PutKeyPolicy', ...when('ArnNotEquals', 'aws:PrincipalArn', [role('Admin1'), role('Admin2')]) })),
    ],
  },
  'KP-NO-ROOT': {
    bad: [textOf(ADMIN, USE), textOf({ ...SEE, Effect: 'Deny', Action: 'kms:Sign' }, ADMIN, USE)],
    good: [good()],
  },
};

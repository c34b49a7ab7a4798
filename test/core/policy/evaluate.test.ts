import { describe, expect, it } from 'vitest';
import { evaluate, type PolicyRequest, type Verdict } from '../../../core/policy/evaluate';
import { ACCOUNT, policyOf, role, statement, type Part } from './samples';

const OTHER = '444455556666';
const ROOT = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
const session = (name: string, account = ACCOUNT) => `arn:aws:sts::${account}:assumed-role/${name}/jo`;
const user = (name: string, account = ACCOUNT) => `arn:aws:iam::${account}:user/${name}`;

type Statements = readonly Part[];
type Row = readonly [what: string, policy: Statements, who: string, action: string, verdict: Verdict, by: readonly number[]];

function decision(statements: Statements, who: string, action: string, more: Partial<PolicyRequest> = {}) {
  return evaluate(policyOf(...statements), {
    principalArn: who,
    account: ACCOUNT,
    action,
    context: {},
    otherKeys: 'unknown',
    ...more,
  });
}

const deny = (part: Part) => statement({ Effect: 'Deny', Principal: '*', ...part });
const only = (arn: string) => ({ ArnNotEquals: { 'aws:PrincipalArn': arn } });

const TABLE: readonly Row[] = [
  ['a named role', [statement({})], role('App'), 'kms:Decrypt', 'allow', [0]],
  ['its session', [statement({})], session('App'), 'kms:Decrypt', 'allow', [0]],
  [
    'the session of a role in a path',
    [statement({ Principal: { AWS: role('team/App') } })],
    session('App'),
    'kms:Decrypt',
    'allow',
    [0],
  ],
  ['another role', [statement({})], role('Apple'), 'kms:Decrypt', 'no', []],
  ['the same role in another path', [statement({})], role('x/App'), 'kms:Decrypt', 'no', []],
  ['a role of the same name elsewhere', [statement({})], role('App', OTHER), 'kms:Decrypt', 'no', []],
  ['another action', [statement({})], role('App'), 'kms:Encrypt', 'no', []],
  ['an action in other letters', [statement({ Action: 'KMS:decrypt' })], role('App'), 'kms:Decrypt', 'allow', [0]],
  ['a wildcard of actions', [statement({ Action: 'kms:Get*' })], role('App'), 'kms:GetParametersForImport', 'allow', [0]],
  ['a wildcard that ends earlier', [statement({ Action: 'kms:GenerateDataKey?' })], role('App'), 'kms:GenerateDataKey', 'no', []],
  ['the bare wildcard', [statement({ Action: '*' })], role('App'), 'kms:PutKeyPolicy', 'allow', [0]],
  ['NotAction', [statement({ NotAction: 'kms:Decrypt', Action: undefined })], role('App'), 'kms:Encrypt', 'allow', [0]],
  ['what NotAction leaves out', [statement({ NotAction: 'kms:De*', Action: undefined })], role('App'), 'kms:Decrypt', 'no', []],
  ['Deny before Allow', [deny({}), statement({})], role('App'), 'kms:Decrypt', 'deny', [0]],
  ['Deny after Allow', [statement({}), deny({ Principal: { AWS: role('App') } })], session('App'), 'kms:Decrypt', 'deny', [1]],
  ['a Deny of somebody else', [statement({}), deny({ Principal: { AWS: role('B') } })], role('App'), 'kms:Decrypt', 'allow', [0]],
  ['a Deny of the account', [statement({}), deny({ Principal: ROOT })], role('App'), 'kms:Decrypt', 'deny', [1]],
  ['a Deny unless it is them', [statement({}), deny({ Condition: only(role('App')) })], role('App'), 'kms:Decrypt', 'allow', [0]],
  [
    'a Deny unless it is them, for a session',
    [statement({ Principal: { AWS: role('p/App') } }), deny({ Condition: only(role('p/App')) })],
    session('App'),
    'kms:Decrypt',
    'allow',
    [0],
  ],
  [
    'a Deny unless it is somebody else',
    [statement({}), deny({ Condition: only(role('B')) })],
    role('App'),
    'kms:Decrypt',
    'deny',
    [1],
  ],
  [
    'a Deny that may match',
    [statement({}), deny({ Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'false' } } })],
    role('App'),
    'kms:Decrypt',
    'conditional',
    [0, 1],
  ],
  [
    'a condition nobody can judge',
    [statement({ Condition: { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } } })],
    role('App'),
    'kms:Decrypt',
    'conditional',
    [0],
  ],
  [
    'a condition that follows from who it is',
    [statement({ Condition: { StringEquals: { 'kms:CallerAccount': ACCOUNT } } })],
    role('App'),
    'kms:Decrypt',
    'allow',
    [0],
  ],
  [
    'a key the action never carries',
    [statement({ Condition: { StringEquals: { 'kms:WrappingAlgorithm': 'RSAES_OAEP_SHA_256' } } })],
    role('App'),
    'kms:Decrypt',
    'no',
    [],
  ],
  [
    'two ways, one without condition',
    [statement({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } }), statement({})],
    role('App'),
    'kms:Decrypt',
    'allow',
    [1],
  ],
  ['delegation to the account', [statement({ Principal: ROOT })], role('App'), 'kms:Decrypt', 'iam', [0]],
  ['delegation by account number', [statement({ Principal: { AWS: ACCOUNT } })], user('jo'), 'kms:Decrypt', 'iam', [0]],
  ['the root user itself', [statement({ Principal: ROOT })], `arn:aws:iam::${ACCOUNT}:root`, 'kms:Decrypt', 'allow', [0]],
  ['delegation with a Deny', [statement({ Principal: ROOT }), deny({})], user('jo'), 'kms:Decrypt', 'deny', [1]],
  [
    'delegation to break-glass, for break-glass',
    [statement({ Principal: ROOT, Condition: { ArnEquals: { 'aws:PrincipalArn': role('BG') } } })],
    session('BG'),
    'kms:Decrypt',
    'iam',
    [0],
  ],
  [
    'delegation to break-glass, for others',
    [statement({ Principal: ROOT, Condition: { ArnEquals: { 'aws:PrincipalArn': role('BG') } } })],
    role('App'),
    'kms:Decrypt',
    'no',
    [],
  ],
  ['named and delegated', [statement({ Principal: ROOT }), statement({})], role('App'), 'kms:Decrypt', 'allow', [1]],
  ['everybody, from here', [statement({ Principal: '*' })], role('X'), 'kms:Decrypt', 'allow', [0]],
  ['everybody, from elsewhere', [statement({ Principal: '*' })], role('X', OTHER), 'kms:Decrypt', 'iam', [0]],
  [
    'everybody of one account, from elsewhere',
    [statement({ Principal: '*', Condition: { StringEquals: { 'kms:CallerAccount': ACCOUNT } } })],
    role('X', OTHER),
    'kms:Decrypt',
    'no',
    [],
  ],
  [
    'a role of another account',
    [statement({ Principal: { AWS: role('X', OTHER) } })],
    role('X', OTHER),
    'kms:Decrypt',
    'iam',
    [0],
  ],
  [
    'what never works across accounts',
    [statement({ Principal: { AWS: role('X', OTHER) }, Action: 'kms:*' })],
    role('X', OTHER),
    'kms:PutKeyPolicy',
    'no',
    [],
  ],
  ['another account as a whole', [statement({ Principal: { AWS: OTHER } })], role('X', OTHER), 'kms:Encrypt', 'no', []],
  [
    'a service principal',
    [statement({ Principal: { Service: 'logs.amazonaws.com' } })],
    'logs.amazonaws.com',
    'kms:Decrypt',
    'allow',
    [0],
  ],
  ['another service', [statement({ Principal: { Service: 'logs.amazonaws.com' } })], 's3.amazonaws.com', 'kms:Decrypt', 'no', []],
  ['a service where an account is delegated to', [statement({ Principal: ROOT })], 'logs.amazonaws.com', 'kms:Decrypt', 'no', []],
  [
    'NotPrincipal with Deny, for others',
    [statement({}), { ...deny({ NotPrincipal: { AWS: role('B') } }), Principal: undefined }],
    role('App'),
    'kms:Decrypt',
    'deny',
    [1],
  ],
  [
    'NotPrincipal with Deny, listed with the account',
    [statement({}), { ...deny({ NotPrincipal: { AWS: [role('App'), ACCOUNT] } }), Principal: undefined }],
    role('App'),
    'kms:Decrypt',
    'allow',
    [0],
  ],
  [
    'NotPrincipal with Deny, listed alone',
    [statement({}), { ...deny({ NotPrincipal: { AWS: role('App') } }), Principal: undefined }],
    role('App'),
    'kms:Decrypt',
    'conditional',
    [0, 1],
  ],
  [
    'NotPrincipal with Allow',
    [{ ...statement({ NotPrincipal: { AWS: role('B') } }), Principal: undefined }],
    role('App'),
    'kms:Decrypt',
    'allow',
    [0],
  ],
  ['no Principal', [{ Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*' }], role('App'), 'kms:Decrypt', 'no', []],
  ['no Resource', [{ Effect: 'Allow', Principal: '*', Action: 'kms:Decrypt' }], role('App'), 'kms:Decrypt', 'no', []],
  [
    'the ARN of a key, maybe this one',
    [statement({ Resource: `arn:aws:kms:eu-west-1:${ACCOUNT}:key/x` })],
    role('App'),
    'kms:Decrypt',
    'conditional',
    [0],
  ],
  [
    'a group',
    [statement({ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:group/A` } })],
    `arn:aws:iam::${ACCOUNT}:group/A`,
    'kms:Decrypt',
    'no',
    [],
  ],
  ['a deleted role', [statement({ Principal: { AWS: 'AROAJ0ABCDEFGHIJKLMNO' } })], role('App'), 'kms:Decrypt', 'no', []],
];

describe('evaluate', () => {
  it.each(TABLE)('decides %s', (_what, statements, who, action, verdict, by) => {
    const { verdict: got, statements: deciding } = decision(statements, who, action);
    expect([got, deciding]).toEqual([verdict, by]);
  });

  it('names what has to hold and what must not', () => {
    const via = { StringEquals: { 'kms:ViaService': ['s3.a', 's3.b'] }, Bool: { 'aws:SecureTransport': 'true' } };
    const { when, unless } = decision(
      [statement({ Condition: via }), deny({ Condition: { Bool: { 'aws:ViaAWSService': 'false' } } })],
      role('App'),
      'kms:Decrypt',
    );
    expect(when).toEqual(['kms:ViaService StringEquals s3.a or s3.b and aws:SecureTransport Bool true']);
    expect(unless).toEqual(['aws:ViaAWSService Bool false']);
  });

  it('judges by what the request is known to carry', () => {
    const mfa = statement({ Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } });
    const asked = (more: Partial<PolicyRequest>) => decision([mfa], role('App'), 'kms:Decrypt', more).verdict;
    expect(asked({ context: { 'AWS:multifactorauthpresent': 'true' } })).toBe('allow');
    expect(asked({ context: { 'aws:MultiFactorAuthPresent': 'false' } })).toBe('no');
    expect(asked({ otherKeys: 'absent' })).toBe('no');
    expect(asked({})).toBe('conditional');
  });

  it('is not sure of a pattern over paths, which a session does not tell', () => {
    const pattern = { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/team/*` } };
    expect(decision([statement({ Principal: ROOT, Condition: pattern })], session('App'), 'kms:Decrypt').when).toHaveLength(1);
    expect(decision([statement({ Principal: ROOT, Condition: pattern })], role('team/App'), 'kms:Decrypt')).toMatchObject({
      verdict: 'iam',
      when: [],
    });
  });

  it('lets nothing but "no" come out of an empty policy', () => {
    expect(
      evaluate(
        { version: null, id: null, statements: [] },
        { principalArn: role('A'), account: ACCOUNT, action: 'kms:Sign', context: {}, otherKeys: 'absent' },
      ).verdict,
    ).toBe('no');
  });
});

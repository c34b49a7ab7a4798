import { describe, expect, it } from 'vitest';
import { MAX_CHARACTERS, placeOf, readPolicy } from '../../../core/policy/read';
import { policyOf, read, role, statement, textOf } from './samples';

function problems(text: string): readonly string[] {
  const reading = readPolicy(text);
  return reading.ok ? [] : reading.problems.map(({ line, column, problem, remedy }) => `${line}:${column} ${problem} ${remedy}`);
}

describe('readPolicy', () => {
  it('takes one statement without a list, one value without a list, numbers and booleans in conditions', () => {
    const { policy } = read(
      JSON.stringify({
        Statement: statement({
          Sid: 'with spaces',
          Condition: { Bool: { 'aws:SecureTransport': true }, NumericLessThan: { 'kms:ValidTo': [1, '2'] } },
        }),
      }),
    );
    expect(policy).toEqual({
      version: null,
      id: null,
      statements: [
        {
          sid: 'with spaces',
          effect: 'Allow',
          principal: [{ kind: 'AWS', value: role('App') }],
          notPrincipal: null,
          action: ['kms:Decrypt'],
          notAction: null,
          resource: ['*'],
          notResource: null,
          conditions: [
            { set: null, operator: 'Bool', ifExists: false, key: 'aws:SecureTransport', values: ['true'] },
            { set: null, operator: 'NumericLessThan', ifExists: false, key: 'kms:ValidTo', values: ['1', '2'] },
          ],
        },
      ],
    });
  });

  it('tells the forms of a principal apart', () => {
    const [bare, everyone, mixed] = policyOf(
      statement({ Principal: '*' }),
      statement({ Principal: { AWS: '*' } }),
      statement({ Principal: { Service: 's3.amazonaws.com', AWS: [role('A'), '111122223333'] } }),
    ).statements;
    expect(bare?.principal).toEqual([{ kind: '*', value: '*' }]);
    expect(everyone?.principal).toEqual([{ kind: 'AWS', value: '*' }]);
    expect(mixed?.principal).toEqual([
      { kind: 'AWS', value: role('A') },
      { kind: 'AWS', value: '111122223333' },
      { kind: 'Service', value: 's3.amazonaws.com' },
    ]);
  });

  it('reads set operators and IfExists', () => {
    const [one] = policyOf(
      statement({ Condition: { 'ForAnyValue:StringLikeIfExists': { 'kms:EncryptionContextKeys': ['a', 'b'] } } }),
    ).statements;
    expect(one?.conditions).toEqual([
      { set: 'ForAnyValue', operator: 'StringLike', ifExists: true, key: 'kms:EncryptionContextKeys', values: ['a', 'b'] },
    ]);
  });

  it('keeps what the lint has to name', () => {
    const [one] = policyOf({ Effect: 'Deny', NotPrincipal: { AWS: role('A') }, NotAction: ['kms:Sign'] }).statements;
    expect(one).toMatchObject({ principal: null, action: null, resource: null, notAction: ['kms:Sign'] });
  });

  it.each([
    [
      'a member KMS does not know',
      statement({ Actions: 'kms:Sign' }),
      '11:7 There is no "Actions" here; KMS refuses such a policy. Is "Action" meant?',
    ],
    [
      'no Effect',
      { Principal: '*', Action: 'kms:Sign', Resource: '*' },
      '4:5 The statement has no Effect. Write "Allow" or "Deny".',
    ],
    ['another Effect', statement({ Effect: 'allow' }), '5:7 Effect cannot be "allow". Write "Allow" or "Deny".'],
    [
      'Action and NotAction',
      statement({ NotAction: 'kms:Sign' }),
      '11:7 Action and NotAction exclude each other. Remove NotAction.',
    ],
    [
      'a bare ARN as principal',
      statement({ Principal: role('A') }),
      `6:20 A principal cannot be the text "${role('A')}". Write { "AWS": "${role('A')}" }.`,
    ],
    [
      'a kind of principal nobody knows',
      statement({ Principal: { Aws: '*' } }),
      '7:9 There is no "Aws" here; KMS refuses such a policy. Is "AWS" meant?',
    ],
    [
      'nobody',
      statement({ Principal: {} }),
      '6:20 Statement[0].Principal names nobody. Name a principal, or leave the statement out.',
    ],
    [
      'no action',
      statement({ Action: [] }),
      '9:17 Statement[0].Action is an empty list. Name at least one, or leave the statement out.',
    ],
    ['a number as action', statement({ Action: [7] }), '10:9 Statement[0].Action[0] is no text. Write it in quotation marks.'],
    [
      'a misspelt operator',
      statement({ Condition: { StringEqual: { a: 'b' } } }),
      '12:9 "StringEqual" is no condition operator. Is "StringEquals" meant?',
    ],
    [
      'a condition that is a text',
      statement({ Condition: { Bool: 'true' } }),
      '12:17 Statement[0].Condition.Bool is no object. Write it in { }.',
    ],
  ])('refuses %s, with its place', (_what, bad, said) => {
    expect(problems(textOf(bad))).toContain(said);
  });

  it.each([
    [
      'another version',
      '{"Version":"2012-10-18","Statement":[]}',
      '1:2 There is no policy language "2012-10-18". Write "2012-10-17".',
    ],
    ['no statement', '{}', '1:1 The policy has no Statement. Choose the file of a key policy.'],
    ['a list', '[]', '1:1 The policy is no object. Write it in { }.'],
    [
      'the answer of GetKeyPolicy',
      '{"Policy":"{}"}',
      '1:2 This is the answer of GetKeyPolicy, which holds the policy as a text. Save what it holds: aws kms get-key-policy --query Policy --output text',
    ],
    [
      'a byte order mark',
      '\ufeff{"Statement":[]}',
      '1:1 The file begins with a byte order mark, which KMS refuses. Save it as UTF-8 without a byte order mark.',
    ],
    [
      'a repeated member',
      '{"Statement":[],\n"Statement":[]}',
      '2:1 "Statement" stands twice in one object. Correct the JSON at this place.',
    ],
    [
      'what is too large',
      ' '.repeat(MAX_CHARACTERS + 1),
      '1:1 The file is larger than any key policy. Choose the file of a key policy.',
    ],
  ])('refuses %s', (_what, text, said) => {
    expect(problems(text)).toEqual([said]);
  });

  it('names every problem at once, in the order of the text', () => {
    const said = problems(textOf(statement({ Effect: 'No' }), statement({ Sids: 'x' })));
    expect(said.map((line) => line.split(' ')[0])).toEqual(['5:7', '19:7']);
  });

  it('finds a path, or the nearest part above it', () => {
    const policy = read(textOf(statement({})));
    expect(placeOf(policy, ['Statement', 0, 'Action', 3])).toEqual({ line: 9, column: 7 });
    expect(placeOf(policy, [])).toEqual({ line: 1, column: 1 });
  });
});

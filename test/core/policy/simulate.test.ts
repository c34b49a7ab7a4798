import { describe, expect, it } from 'vitest';
import { ACTION_GROUPS } from '../../../core/policy/actions';
import { because, groupVerdict, simulate, type WhoCanDoWhat } from '../../../core/policy/simulate';
import { policyFromForm } from '../../../core/policy/template';
import { ACCOUNT, FORM, policyOf, role, statement, type Part } from './samples';

const ROOT = { AWS: `arn:aws:iam::${ACCOUNT}:root` };

function short(table: WhoCanDoWhat): readonly string[] {
  return table.rows.map((row) => `${row.subject.name}: ${ACTION_GROUPS.map((group) => groupVerdict(row, group)).join(' ')}`);
}

function template() {
  const made = policyFromForm(FORM);
  if (!made.ok) throw new Error('The sample form is broken.');
  return made.policy;
}

describe('simulate', () => {
  it('tells who can do what under the template', () => {
    // see policy manage fetch import rotate withdraw delete use grant revoke
    expect(short(simulate(template(), null))).toEqual([
      'role/BreakGlass: iam iam no deny deny no deny no deny deny no',
      'role/KeyAdmin1: some allow some deny deny no deny some deny deny allow',
      'role/KeyAdmin2: some allow some deny deny no deny some deny deny allow',
      'role/ceremony/OperatorA: some no no conditional deny no deny no deny deny no',
      'role/ceremony/OperatorB: some no no deny conditional allow deny no deny deny no',
      'role/ceremony/Remover: some no no deny deny no allow no deny deny no',
      'role/App: some no no deny deny no deny no some no no',
      'role/Provisioner: some no no deny deny no deny no no conditional conditional',
      'role/Auditor: allow no no deny deny no deny no deny deny no',
      'anybody else here: iam no no deny deny no deny no no no no',
      'another account: no no no deny deny no deny no no no no',
      'by a grant: some no no no no no no no conditional conditional no',
    ]);
  });

  it('tells who can do what under the default policy of KMS', () => {
    const policy = policyOf(statement({ Principal: ROOT, Action: 'kms:*' }));
    const all = (verdict: string) => ACTION_GROUPS.map(() => verdict).join(' ');
    expect(short(simulate(policy, role('Me')))).toEqual([
      `role/Me (caller): ${all('iam')}`,
      `anybody else here: ${all('iam')}`,
      `another account: ${all('no')}`,
      'by a grant: some no no no no no no no conditional conditional no',
    ]);
  });

  it('has a row for each service, each foreign account and whom only conditions name', () => {
    const policy = policyOf(
      statement({ Principal: { Service: 'logs.eu-west-1.amazonaws.com', AWS: ['444455556666', role('X', '444455556666')] } }),
      statement({ Principal: ROOT, Condition: { ArnEquals: { 'aws:PrincipalArn': role('BG') } } }),
    );
    expect(simulate(policy, null, ACCOUNT).rows.map(({ subject }) => `${subject.kind} ${subject.name}`)).toEqual([
      'named root of 444455556666',
      'named role/X of 444455556666',
      'named role/BG',
      'service logs.eu-west-1.amazonaws.com',
      'account anybody else here',
      'foreign another account',
      'grant by a grant',
    ]);
  });

  it('takes for the account of the key that of the caller, of who puts policies, of who is delegated to, of anybody', () => {
    const foreign = statement({ Principal: { AWS: ['444455556666', role('X', '444455556666')] } });
    const account = (caller: string | null, ...statements: readonly Part[]) =>
      simulate(policyOf(foreign, ...statements), caller).account;
    expect(account(null)).toBe('444455556666');
    expect(account(role('Me'))).toBe(ACCOUNT);
    expect(account(null, statement({ Action: 'kms:Put*' }))).toBe(ACCOUNT);
    expect(simulate(policyOf(statement({}), foreign), null).account).toBe('444455556666');
    expect(simulate(policyOf(statement({ Principal: '*' })), null).account).toBe('');
  });

  it('does not tell the caller twice', () => {
    const kinds = simulate(template(), role('KeyAdmin1')).rows.map(({ subject }) => subject.kind);
    expect(kinds).not.toContain('caller');
  });

  it('lets grants work where somebody can make one and nobody is refused everything', () => {
    const granted = (...statements: readonly Part[]) => {
      const row = simulate(policyOf(...statements), null).rows.find(({ subject }) => subject.kind === 'grant');
      const { verdict, when } = row!.cells.find(({ action }) => action === 'kms:Decrypt')!;
      return [verdict, ...when];
    };
    expect(granted(statement({}))).toEqual(['no']);
    expect(granted(statement({ Action: 'kms:CreateGrant' }))).toEqual(['conditional', 'a grant by role/App']);
    expect(granted(statement({ Action: 'kms:CreateGrant' }), statement({ Effect: 'Deny', Principal: '*' }))).toEqual(['deny']);
    const some = statement({ Effect: 'Deny', Principal: '*', Condition: { Bool: { 'aws:ViaAWSService': 'true' } } });
    expect(granted(statement({ Action: 'kms:CreateGrant' }), some)[0]).toBe('conditional');
  });

  it('says in one line why', () => {
    const policy = policyOf(
      statement({ Sid: 'Users', Condition: { StringEquals: { 'kms:ViaService': 's3.x' } } }),
      statement({ Effect: 'Deny', Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    );
    const cell = simulate(policy, null).rows[0]!.cells.find(({ action }) => action === 'kms:Decrypt')!;
    expect(because(policy, cell)).toBe(
      'statement 1 "Users", statement 2 if kms:ViaService StringEquals s3.x unless aws:SecureTransport Bool false',
    );
  });
});

import { describe, expect, it } from 'vitest';
import { checkLockout } from '../../../core/policy/lockout';
import { ACCOUNT, policyOf, role, statement, type Part } from './samples';

const ROOT = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
const PUT = { Action: 'kms:PutKeyPolicy' };
const admin = (part: Part = {}) => statement({ Principal: { AWS: role('Admin') }, ...PUT, ...part });
const keepers = (...statements: readonly Part[]) =>
  checkLockout(policyOf(...statements), null, ACCOUNT).keepers.map(({ subject, verdict, fragile }) => [
    subject.name,
    verdict,
    fragile.length,
  ]);

describe('checkLockout', () => {
  it('asks for the caller as KMS does', () => {
    const caller = (arn: string, ...statements: readonly Part[]) => checkLockout(policyOf(...statements), arn).caller;
    expect(caller(role('Admin'), admin())).toBe('allow');
    expect(caller(`arn:aws:sts::${ACCOUNT}:assumed-role/Admin/jo`, admin())).toBe('allow');
    expect(caller(role('Other'), admin())).toBe('no');
    expect(caller(role('Other'), admin(), statement({ Principal: ROOT, ...PUT }))).toBe('iam');
    expect(caller(role('Admin'), admin({ Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }))).toBe('conditional');
    expect(caller(role('Admin'), admin(), statement({ Effect: 'Deny', Principal: '*', ...PUT }))).toBe('deny');
    expect(checkLockout(policyOf(admin()), null).caller).toBeNull();
  });

  it('names everybody who could put a policy again', () => {
    expect(keepers(admin(), statement({ Principal: ROOT, ...PUT }))).toEqual([
      ['role/Admin', 'allow', 0],
      ['anybody else here', 'iam', 0],
    ]);
    expect(keepers(statement({}))).toEqual([]);
    expect(keepers(admin({ Principal: { AWS: role('Admin', '444455556666') } }))).toEqual([]);
  });

  it('does not count the Deny of switching the check off', () => {
    const bypass = { Effect: 'Deny', Principal: '*', Condition: { Bool: { 'kms:BypassPolicyLockoutSafetyCheck': 'true' } } };
    expect(keepers(admin(), statement({ ...PUT, ...bypass }))).toEqual([['role/Admin', 'allow', 0]]);
  });

  it.each([
    ['MFA', { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }],
    ['age of MFA', { NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' } }],
    ['time', { DateLessThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' } }],
    ['network', { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }],
    ['endpoint', { StringEquals: { 'aws:SourceVpce': 'vpce-1' } }],
    ['tag of the principal', { StringEquals: { 'aws:PrincipalTag/team': 'x' } }],
    ['tag of the key', { StringEquals: { 'aws:ResourceTag/team': 'x' } }],
    ['organization', { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } }],
    ['service', { StringEquals: { 'kms:ViaService': 's3.x' } }],
  ])('finds a way in fragile that hangs on %s', (_what, Condition) => {
    expect(keepers(admin({ Condition }))).toEqual([['role/Admin', 'conditional', 1]]);
  });

  it('takes a firm way beside a fragile one for firm, and a Deny for as fragile as its condition', () => {
    const Condition = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
    expect(keepers(admin({ Condition }), admin())).toEqual([['role/Admin', 'allow', 0]]);
    const spec = { StringEquals: { 'kms:KeySpec': 'RSA_4096' } };
    expect(keepers(admin({ Condition }), admin({ Condition: spec }))).toEqual([['role/Admin', 'conditional', 0]]);
    expect(
      keepers(
        admin(),
        statement({ Effect: 'Deny', Principal: '*', ...PUT, Condition: { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }),
      ),
    ).toEqual([['role/Admin', 'conditional', 1]]);
  });

  it('sees that a Deny shuts out break-glass', () => {
    const policy = policyOf(
      admin(),
      statement({ Principal: ROOT, ...PUT, Condition: { ArnEquals: { 'aws:PrincipalArn': role('BG') } } }),
      statement({ Effect: 'Deny', Principal: '*', ...PUT, Condition: { ArnNotEquals: { 'aws:PrincipalArn': role('Admin') } } }),
    );
    const { denied, keepers: left } = checkLockout(policy, null);
    expect(denied.map(({ subject, statements }) => [subject.name, statements])).toEqual([['role/BG', [2]]]);
    expect(left.map(({ subject }) => subject.name)).toEqual(['role/Admin']);
  });
});

import { describe, expect, test } from 'vitest';
import type { AwsIdentity } from '../../../../core/contract/values';
import { samePrincipal } from '../../../../renderer/screens/settings/same-principal';
import { identities } from '../../fixtures/answers';

function as(seat: AwsIdentity['seat'], arn: string, rehearsal = false): AwsIdentity {
  const caller = { account: '111122223333', arn, region: 'eu-central-1', endpoint: '', rehearsal };
  return { seat, profile: '', caller, failure: null };
}

describe('principals that are one and the same', () => {
  test('are named on each other', () => {
    const [administrator, operator, approver, user] = identities;
    expect(samePrincipal(operator!, identities)).toEqual(['approver']);
    expect(samePrincipal(approver!, identities)).toEqual(['operator']);
    expect(samePrincipal(administrator!, identities)).toEqual([]);
    expect(samePrincipal(user!, identities)).toEqual([]);
  });

  test('are seen through the names of their sessions: two sessions of one role are one principal', () => {
    const one = as('operator', 'arn:aws:sts::111122223333:assumed-role/importer/alan');
    const two = as('approver', 'arn:aws:sts::111122223333:assumed-role/importer/anna');
    const other = as('user', 'arn:aws:sts::111122223333:assumed-role/importer-b/anna');
    expect(samePrincipal(one, [one, two, other])).toEqual(['approver']);
  });

  test('are no finding at the rehearsal KMS, which has one caller', () => {
    const all = [
      as('operator', 'arn:aws:iam::000000000000:user/r', true),
      as('approver', 'arn:aws:iam::000000000000:user/r', true),
    ];
    expect(samePrincipal(all[0]!, all)).toEqual([]);
  });
});

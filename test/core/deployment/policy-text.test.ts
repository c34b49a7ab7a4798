import { afterAll, describe, expect, it } from 'vitest';
import type { DeploymentPlan } from '../../../core/deployment/plan';
import { policyText } from '../../../core/deployment/policy-text';
import type { AuthorizationQuery } from '../../../proxy/authorize/authorizer';
import { authorizerOf, CREATE_KEY, fileWith, query, removeTemporaryFolders } from '../../proxy/authorize/policy-folder';
import { planOf } from './plans';

const ACCOUNT = '111122223333';
const KMS_KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`;
const DECRYPT = { api: 'Decrypt', kmsOperation: 'Decrypt' } as const;

type List = Partial<Omit<NonNullable<DeploymentPlan['authorization']>, 'policyFile'>>;

async function deciderOf(list: List): Promise<(differs: Partial<AuthorizationQuery>) => boolean> {
  const authorization = { policyFile: '/etc/keyrite-proxy/policy.cedar', principals: null, kmsKeyArns: null, ...list };
  const text = policyText(planOf({ authorization }));
  const { decide } = await authorizerOf(await fileWith(text ?? ''));
  return (differs) => decide(query({ store: 'production', ...differs })).allowed;
}

afterAll(removeTemporaryFolders);

describe('the policy of a plan', () => {
  it('is none where the plan has no allow-list', () => {
    expect(policyText(planOf())).toBeNull();
  });

  it('lets in whom it names, by role through the sessions KMS tells of, and nobody else', async () => {
    const allows = await deciderOf({
      principals: [
        `arn:aws:iam::${ACCOUNT}:user/minerva`,
        `arn:aws:iam::${ACCOUNT}:role/service/app`,
        `arn:aws:sts::${ACCOUNT}:assumed-role/batch/*`,
        'rds.amazonaws.com',
      ],
    });
    const sts = `arn:aws:sts::${ACCOUNT}:assumed-role`;
    for (const caller of [`arn:aws:iam::${ACCOUNT}:user/minerva`, `${sts}/app/i-1`, `${sts}/batch/2026`, 'rds.amazonaws.com'])
      expect([caller, allows({ caller }), allows({ caller, ...DECRYPT })]).toEqual([caller, true, true]);
    for (const caller of [
      `arn:aws:iam::${ACCOUNT}:user/minerva2`,
      `arn:aws:iam::999999999999:user/minerva`,
      `${sts}/application/i-1`,
      `${sts}/batch2/x`,
      'rds.amazonaws.com.example.com',
      'AWS Internal',
    ])
      expect([caller, allows({ caller })]).toEqual([caller, false]);
  });

  it('lets in the KMS keys it names only: another account cannot bind the same external key', async () => {
    const allows = await deciderOf({ kmsKeyArns: [KMS_KEY] });
    expect(allows({ kmsKeyArn: KMS_KEY })).toBe(true);
    expect(allows({ kmsKeyArn: KMS_KEY.replace(ACCOUNT, '999999999999') })).toBe(false);
    expect(allows({ kmsKeyArn: `${KMS_KEY}0`, ...DECRYPT })).toBe(false);
  });

  it('needs both, caller and KMS key, where both are named', async () => {
    const caller = `arn:aws:iam::${ACCOUNT}:user/minerva`;
    const allows = await deciderOf({ principals: [caller], kmsKeyArns: [KMS_KEY] });
    expect([allows({ caller, kmsKeyArn: KMS_KEY }), allows({ caller, kmsKeyArn: `${KMS_KEY}0` })]).toEqual([true, false]);
    expect(allows({ caller: 'AWS Internal', kmsKeyArn: KMS_KEY })).toBe(false);
  });

  it('answers an administrator who creates a KMS key, of this store only', async () => {
    const allows = await deciderOf({ principals: [`arn:aws:iam::${ACCOUNT}:user/minerva`] });
    const caller = `arn:aws:iam::${ACCOUNT}:user/admin`;
    expect([allows({ ...CREATE_KEY, caller }), allows({ ...CREATE_KEY, caller, store: 'other' })]).toEqual([true, false]);
    expect(allows({ store: 'other', caller: `arn:aws:iam::${ACCOUNT}:user/minerva` })).toBe(false);
  });
});

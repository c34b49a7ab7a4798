import { success } from '../../contract/result';
import { sha256Text } from '../../pack/sha256';
import { check, facts, outcome, type Act } from './act';
import { callPlan, kmsKeyArn } from './kms-plan';
import { policyForm } from './ours-by-plan';
import { ownArtefact } from './own-artefact';

/** PutKeyPolicy with the policy that was approved, and KMS's own word on which one it has now. Done again it changes nothing. */
export const awsPutPolicy: Act = async (context) => {
  const approved = await ownArtefact(context, 'aws.planPolicy');
  if (!approved.ok) return approved;
  const kms = await context.kms(callPlan(context.state).region, 'administrator');
  if (!kms.ok) return kms;
  const keyId = kmsKeyArn(context.state);
  const policy = new TextDecoder().decode(approved.value);
  const put = await kms.value.putKeyPolicy({ keyId, policy, bypassPolicyLockoutSafetyCheck: false });
  if (!put.ok) return put;
  const now = await kms.value.getKeyPolicy(keyId);
  if (!now.ok) return now;
  const [wanted, got] = [sha256Text(policyForm(policy)), sha256Text(policyForm(now.value.value))];
  return success(
    outcome({
      data: { keyArn: keyId, requestId: put.value.requestId },
      checks: [check('CER-POLICY-IN-FORCE', wanted === got, wanted, got)],
      show: [
        facts('Key policy in force', [
          ['KMS key', keyId, true],
          ['SHA-256 of the policy', got, true],
          ['Request id', put.value.requestId, true],
        ]),
      ],
    }),
  );
};

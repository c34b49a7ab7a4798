import { evaluate, type PolicyRequest } from '../../policy/evaluate';
import { readPolicy } from '../../policy/read';
import { isGranted } from './granted';
import { REHEARSAL_ACCOUNT, REHEARSAL_ROOT_ARN } from './identity';
import type { KeyHere } from './key-state';
import type { Call } from './operation';
import { policyContext } from './policy-context';
import { no, yes, type Answer } from './refusal';

const QUOTA_BYTES = 32_768;

/** The policy KMS gives a key that comes without one: everything to the account, which its IAM policies divide. */
export const DEFAULT_POLICY = JSON.stringify({
  Version: '2012-10-17',
  Id: 'key-default-1',
  Statement: [
    {
      Sid: 'Enable IAM User Permissions',
      Effect: 'Allow',
      Principal: { AWS: REHEARSAL_ROOT_ARN },
      Action: 'kms:*',
      Resource: '*',
    },
  ],
});

/**
 * May this policy become the key's? Answers it in the layout KMS keeps, which is not the one it came in.
 * Errors: MalformedPolicyDocumentException where it is none, or where the caller could not change it again (the lock-out check);
 * LimitExceededException above 32 KiB.
 */
export function acceptPolicy(policy: string, callerArn: string, isBypassed: boolean): Answer<string> {
  if (Buffer.byteLength(policy) > QUOTA_BYTES)
    return no('LimitExceededException', `The key policy exceeds ${QUOTA_BYTES} bytes.`);
  const read = readPolicy(policy);
  if (!read.ok) return no('MalformedPolicyDocumentException', read.problems[0]?.problem ?? '');
  // What depends on the request (MFA, an address, an hour) counts as fulfilled: AWS asks the request at hand, and we know nothing of it.
  const context = { 'kms:BypassPolicyLockoutSafetyCheck': 'false', 'kms:CallerAccount': REHEARSAL_ACCOUNT };
  const { verdict } = evaluate(read.policy, { ...asking(callerArn, 'PutKeyPolicy'), context, otherKeys: 'unknown' });
  if (isBypassed || (verdict !== 'deny' && verdict !== 'no')) return yes(JSON.stringify(JSON.parse(policy), null, 2));
  return no('MalformedPolicyDocumentException', 'The new key policy will not allow you to update the key policy in the future.');
}

/**
 * Does the key's policy let the caller do this? Callers count as administrators in IAM, so that what the policy leaves to IAM is
 * allowed. Errors: AccessDeniedException, where policies are enforced.
 */
export function authorize(call: Call, found: KeyHere, action: string): Answer<null> {
  if (!call.isPolicyEnforced) return yes(null);
  const read = readPolicy(found.here.policy);
  if (!read.ok) throw new Error('A stored key policy can be read.');
  const context = policyContext(call, found);
  const { verdict } = evaluate(read.policy, { ...asking(call.callerArn, action), context, otherKeys: 'absent' });
  if (verdict === 'deny') return denied(call, found, action, 'with an explicit deny in a resource-based policy');
  if (verdict !== 'no' || isGranted(call, found, action)) return yes(null);
  return denied(call, found, action, `because no resource-based policy allows the kms:${action} action`);
}

function asking(principalArn: string, action: string): Pick<PolicyRequest, 'principalArn' | 'account' | 'action'> {
  return { principalArn, account: REHEARSAL_ACCOUNT, action: `kms:${action}` };
}

function denied(call: Call, { arn }: KeyHere, action: string, because: string): Answer<never> {
  return no(
    'AccessDeniedException',
    `User: ${call.callerArn} is not authorized to perform: kms:${action} on resource: ${arn} ${because}`,
  );
}

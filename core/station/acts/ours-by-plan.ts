import { success, type Result } from '../../contract/result';
import type { KmsKey, KmsPort } from '../../kms/port';
import { printPolicy } from '../../policy/print';
import { readPolicy } from '../../policy/read';
import type { ActContext } from './act';
import { keyDescription, type KmsPlan } from './kms-plan';
import { ownArtefact } from './own-artefact';

/**
 * Is a KMS key that was found the one this ceremony planned? A tag or a Region says nothing: anybody in the account can set the one and
 * replicate into the other. Spec, usage, origin, kind, description and, word by word, the approved policy do: a key that has all of
 * them may be used whoever made it.
 */
export async function isOursByPlan(
  context: Pick<ActContext, 'state' | 'packFolder'>,
  kms: KmsPort,
  key: KmsKey,
  plan: KmsPlan,
): Promise<Result<boolean>> {
  const { ceremonyId } = context.state.genesis.data;
  const isPlanned =
    key.spec === plan.spec &&
    key.usage === plan.usage &&
    key.origin === 'EXTERNAL' &&
    (key.multiRegion !== null) === plan.multiRegion &&
    key.description === keyDescription(ceremonyId);
  if (!isPlanned) return success(false);
  const approved = await ownArtefact(context, 'aws.planPolicy');
  if (!approved.ok) return approved;
  const policy = await kms.getKeyPolicy(key.arn);
  if (!policy.ok) return policy.error.code === 'aws.accessDenied' ? success(false) : policy;
  return success(policyForm(policy.value.value) === policyForm(new TextDecoder().decode(approved.value)));
}

/** KMS may lay a policy out anew: what it says is compared, not how it is written. */
export function policyForm(text: string): string {
  const read = readPolicy(text);
  return read.ok ? printPolicy(read.policy) : text;
}

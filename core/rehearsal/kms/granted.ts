import type { KeyHere } from './key-state';
import type { Call } from './operation';
import type { StoredGrant } from './state';

/** Does a grant let the caller do what the policy is silent about? */
export function isGranted(call: Call, { here }: KeyHere, action: string): boolean {
  return here.grants.some(
    (grant) => grant.grantee === call.callerArn && grant.operations.includes(action) && isWithinConstraints(grant, call),
  );
}

/** Constraints bind operations that have an encryption context; the context has to equal one set or to contain the other. */
function isWithinConstraints({ constraints }: StoredGrant, { input }: Call): boolean {
  const context = (input['EncryptionContext'] ?? input['SourceEncryptionContext'] ?? {}) as Readonly<Record<string, string>>;
  const { EncryptionContextEquals: equals, EncryptionContextSubset: subset } = constraints;
  const contains = (wanted: Readonly<Record<string, string>>) =>
    Object.entries(wanted).every(([name, value]) => context[name] === value);
  if (equals && !(contains(equals) && Object.keys(context).length === Object.keys(equals).length)) return false;
  return subset ? contains(subset) : true;
}

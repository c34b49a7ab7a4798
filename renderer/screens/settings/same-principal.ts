import type { AwsSeat } from '../../../core/contract/aws-settings';
import type { AwsIdentity } from '../../../core/contract/values';

/**
 * Whose session a principal is: `assumed-role/NAME/session` is NAME, whatever the session is called. Two sessions of one role are
 * one principal to a key policy.
 */
function principalOf(arn: string): string {
  return arn.replace(/(:assumed-role\/[^/]+)\/.*$/u, '$1');
}

/** The other seats that AWS knows as the same principal. The embedded KMS knows one caller only, and that is meant. */
export function samePrincipal({ seat, caller }: AwsIdentity, all: readonly AwsIdentity[]): readonly AwsSeat[] {
  if (caller === null || caller.rehearsal) return [];
  const own = principalOf(caller.arn);
  return all
    .filter((other) => other.seat !== seat && other.caller !== null && principalOf(other.caller.arn) === own)
    .map((other) => other.seat);
}

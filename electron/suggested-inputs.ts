import type { Settings } from '../core/contract/values';
import { PRACTICE_INPUTS } from '../core/rehearsal/practice';

/** What suits this station better than a script's own defaults: the practice token wraps with SHA-1 only, the rehearsal KMS is one account. */
export function suggestedInputs({ embeddedToken, aws }: Pick<Settings, 'embeddedToken' | 'aws'>): Record<string, string> {
  const { wrappingAlgorithm, awsAccount, awsPrincipal } = PRACTICE_INPUTS;
  return {
    awsRegion: aws.region,
    ...(embeddedToken ? { wrappingAlgorithm } : {}),
    ...(aws.rehearsalKms === 'embedded' ? { awsAccount, awsPrincipal } : {}),
  };
}

import type { CreateKeyRequest } from '../port';

/** A key as a template makes it: what stays when the ceremony is over. */
export interface RecipePlan {
  readonly key: CreateKeyRequest;
  /** `alias/...`, or null for none */
  readonly alias: string | null;
  /** rings before imported material expires; null where it never does */
  readonly expiryAlarm: { readonly daysBefore: number; /** SNS topic, '' for none */ readonly topicArn: string } | null;
}

const DAY_SECONDS = 86_400;

/**
 * The alarm of both templates. KMS writes the metric for keys whose material expires, by key and as Minimum. Without data the alarm
 * keeps its state: when the material is gone there is no data any more, and the alarm must not go quiet by that.
 */
export function alarmFacts({ daysBefore }: NonNullable<RecipePlan['expiryAlarm']>) {
  return {
    description: `Imported key material expires in ${daysBefore} days or less: re-import it`,
    namespace: 'AWS/KMS',
    metric: 'SecondsUntilKeyMaterialExpiration',
    statistic: 'Minimum',
    periodSeconds: 300,
    comparison: 'LessThanOrEqualToThreshold',
    thresholdSeconds: daysBefore * DAY_SECONDS,
    missingData: 'ignore',
  };
}

/** The key policy as a value. @throws SyntaxError where it is no JSON, which the policy's own checks have long refused */
export function policyOf({ key }: RecipePlan): unknown {
  return key.policy === null ? null : JSON.parse(key.policy);
}

const HEAD = [
  'This makes the KMS key, its alias and the alarm, nothing else. Key material comes by GetParametersForImport and ImportKeyMaterial,',
  'which no template can express: until then the key is PendingImport and cannot be used.',
];
const REPLICAS = [
  'Replicas are made after the import (ReplicateKey wants an Enabled primary) and get the same material, each by its own import.',
];

/** What a reader of either template has to know first. */
export function headLines({ key }: RecipePlan): readonly string[] {
  return key.multiRegion ? [...HEAD, ...REPLICAS] : HEAD;
}

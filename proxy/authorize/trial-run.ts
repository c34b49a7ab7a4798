import type { Cedar } from './cedar';
import { cedarCall } from './model';
import type { AuthorizationQuery } from './query';

const BARE = {
  store: 'store',
  keyId: 'key',
  caller: 'AWS Internal',
  kmsOperation: 'Encrypt',
  kmsKeyArn: '',
  via: '',
  vpc: '',
  vpce: '',
};

const WHOLE = {
  ...BARE,
  caller: 'arn:aws:iam::111122223333:user/a',
  kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/a',
  via: 's3.eu-west-1.amazonaws.com',
  vpc: 'vpc-0',
  vpce: 'vpce-0',
};

const QUERIES: readonly AuthorizationQuery[] = (['Encrypt', 'Decrypt', 'GetKeyMetadata'] as const).flatMap((api) => [
  { ...BARE, api },
  { ...WHOLE, api },
]);

/**
 * Asks a prepared policy set a few ordinary questions and hands back what failed. Validation lets a policy pass that reads an entity
 * written into it, `Xks::Caller::"a".arn`: no request brings that entity, so every decision would be a fault, and a denial.
 */
export function trialRun(cedar: Cedar, setId: string): readonly string[] {
  const failures = QUERIES.flatMap((query) => {
    const answer = cedar.statefulIsAuthorized(cedarCall(query, setId));
    if (answer.type === 'failure') return answer.errors.map(({ message }) => message);
    return answer.response.diagnostics.errors.map(({ policyId, error }) => `Policy "${policyId}" fails: ${error.message}.`);
  });
  return [...new Set(failures)];
}

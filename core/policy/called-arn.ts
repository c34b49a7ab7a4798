import type { KeyPolicy } from './document';

/** Every ARN a policy names: as a principal, or as a value of `aws:PrincipalArn`. */
export function namedArns({ statements }: KeyPolicy): readonly string[] {
  return statements.flatMap(({ principal, notPrincipal, conditions }) => [
    ...[...(principal ?? []), ...(notPrincipal ?? [])].map(({ value }) => value),
    ...conditions.filter(({ key }) => key.toLowerCase() === 'aws:principalarn').flatMap(({ values }) => values),
  ]);
}

/** The ARN of a session's role, as far as the session's tells it: without the path. */
export function roleOfSession(sessionArn: string): string {
  return sessionArn.replace(/^(arn:[^:]+):sts::(\d{12}):assumed-role\/([^/]+)\/[^/]+$/, '$1:iam::$2:role/$3');
}

import type { ContextValue } from './condition';
import type { KeyPolicy } from './document';
import { readAwsPrincipal, type Principal } from './principal';

/** Every ARN a policy names: as a principal, or as a value of `aws:PrincipalArn`. */
export function namedArns({ statements }: KeyPolicy): readonly string[] {
  return statements.flatMap(({ principal, notPrincipal, conditions }) => [
    ...[...(principal ?? []), ...(notPrincipal ?? [])].map(({ value }) => value),
    ...conditions.filter(({ key }) => key.toLowerCase() === 'aws:principalarn').flatMap(({ values }) => values),
  ]);
}

/**
 * `aws:PrincipalArn` of a caller. A session carries the ARN of its role, path and all, but does not tell the path; the role of
 * that name the policy names is that role, because an account has one role of a name. Where the policy asks for a pattern
 * instead, nobody can say.
 */
export function calledArn(policy: KeyPolicy, callerArn: string, who: Principal): ContextValue {
  if (who.kind !== 'session') return [callerArn];
  const named = namedArns(policy);
  const roles = named.filter((arn) => {
    const reading = readAwsPrincipal(arn);
    const { principal } = reading.ok ? reading : { principal: null };
    return principal?.kind === 'role' && principal.account === who.account && principal.name === who.name;
  });
  const distinct = [...new Set(roles)];
  if (distinct.length === 1) return distinct;
  if (distinct.length > 1 || named.some((arn) => /[*?]/.test(arn) && arn !== '*')) return 'unknown';
  return [callerArn.replace(/^(arn:[^:]+):sts::(\d{12}):assumed-role\/([^/]+)\/[^/]+$/, '$1:iam::$2:role/$3')];
}

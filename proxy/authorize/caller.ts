/** The account in an ARN: its fifth field. The other fields are not judged, for AWS's own examples hold malformed ARNs. */
const ACCOUNT = /^arn:[^:]*:[^:]*:[^:]*:([0-9]{12}):/;

const REGION = /^arn:[^:]*:[^:]*:([a-z0-9-]+):/;

/**
 * A service principal: a bare host name. A role's session name may end in amazonaws.com too (dots are allowed in it), and it is
 * chosen by whoever assumes the role; but an ARN has colons.
 */
const SERVICE = /^(?:[a-z0-9-]+\.)+amazonaws\.com(?:\.cn)?$/i;

/** The 12 digits of the account in an ARN; '' where it holds none. */
export function accountIn(arn: string): string {
  return ACCOUNT.exec(arn)?.[1] ?? '';
}

/** The Region in an ARN; '' where it holds none. */
export function regionIn(arn: string): string {
  return REGION.exec(arn)?.[1] ?? '';
}

/** Is the caller an AWS service on its own behalf (specification, "requestMetadata", awsPrincipalArn)? */
export function isServiceCaller(awsPrincipalArn: string): boolean {
  return awsPrincipalArn === 'AWS Internal' || SERVICE.test(awsPrincipalArn);
}

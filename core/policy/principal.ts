import type { PrincipalEntry } from './document';

/** Who a principal entry or a caller is. `account` is 12 digits. */
export type Principal =
  | { readonly kind: 'everyone' }
  /** `arn:...:root` or the bare account number: the account, that is whoever its IAM policies let */
  | { readonly kind: 'account'; readonly account: string }
  | { readonly kind: 'user' | 'role'; readonly account: string; readonly name: string; readonly arn: string }
  /** sts sessions; `name` is the role's or the federated user's name */
  | { readonly kind: 'session' | 'federatedUser'; readonly account: string; readonly name: string; readonly arn: string }
  | { readonly kind: 'service'; readonly name: string }
  | { readonly kind: 'federated' | 'canonicalUser'; readonly name: string };

export type PrincipalReading =
  | { readonly ok: true; readonly principal: Principal }
  | { readonly ok: false; readonly flaw: 'group' | 'deleted' | 'wildcard' | 'form'; readonly problem: string };

/** Partitions of AWS as ARNs begin with them: aws, aws-cn, aws-us-gov, the isolated ones. */
export const PARTITION = /^aws(?:-[a-z]{2,5}){0,2}$/;
export const ACCOUNT = /^\d{12}$/;

/** Names and paths of IAM (IAM quotas, "IAM name requirements"). */
const NAME = /^[\w+=,.@-]{1,128}$/;
const PATH = /^(?:[\x21-\x29\x2b-\x3e\x40-\x7e]{1,510}\/)?$/;
const UNIQUE_ID = /^(?:AIDA|AROA|AGPA|ANPA|ANVA|APKA|ASCA)[A-Z0-9]{12,}$/;
const SERVICE = /^[a-z0-9][a-z0-9.-]*\.amazonaws\.com(?:\.cn)?$/;

function flawed(flaw: 'group' | 'deleted' | 'wildcard' | 'form', problem: string): PrincipalReading {
  return { ok: false, flaw, problem };
}

/** `role/path/name` apart: the last part is the name. */
function split(resource: string): { readonly type: string; readonly path: string; readonly name: string } {
  const parts = resource.split('/');
  return {
    type: parts[0] ?? '',
    path: parts
      .slice(1, -1)
      .map((part) => `${part}/`)
      .join(''),
    name: parts.at(-1) ?? '',
  };
}

function iamEntity(arn: string, account: string, resource: string): PrincipalReading {
  if (resource === 'root') return { ok: true, principal: { kind: 'account', account } };
  const { type, path, name } = split(resource);
  if (type === 'group') return flawed('group', `${arn} is an IAM group. A group is no principal: it cannot sign a request.`);
  if (type !== 'user' && type !== 'role')
    return flawed('form', `${arn} names neither a user nor a role. An IAM principal is user/NAME, role/NAME or root.`);
  if (!NAME.test(name)) return flawed('form', `"${name}" in ${arn} is no name of a ${type}: letters, digits and +=,.@_- only.`);
  if (!PATH.test(path)) return flawed('form', `"${path}" in ${arn} is no path of IAM.`);
  return { ok: true, principal: { kind: type, account, name, arn } };
}

function session(arn: string, account: string, resource: string): PrincipalReading {
  const [type, name = '', sessionName, ...more] = resource.split('/');
  const isRole = type === 'assumed-role' && NAME.test(name) && NAME.test(sessionName ?? '') && more.length === 0;
  if (isRole) return { ok: true, principal: { kind: 'session', account, name, arn } };
  if (type === 'federated-user' && NAME.test(name) && sessionName === undefined)
    return { ok: true, principal: { kind: 'federatedUser', account, name, arn } };
  return flawed('form', `${arn} is no session: assumed-role/ROLE/SESSION or federated-user/NAME is due after the account.`);
}

/** Reads what stands as an AWS principal: an ARN of IAM or STS, a bare account number, or `*`. */
export function readAwsPrincipal(text: string): PrincipalReading {
  if (text === '*') return { ok: true, principal: { kind: 'everyone' } };
  if (ACCOUNT.test(text)) return { ok: true, principal: { kind: 'account', account: text } };
  if (UNIQUE_ID.test(text))
    return flawed(
      'deleted',
      `${text} is the unique id of a principal that was deleted. Nobody is it any more, not even a new one of its name.`,
    );
  const [arn, partition = '', service, region, account = '', ...rest] = text.split(':');
  const resource = rest.join(':');
  if (arn !== 'arn') return flawed('form', `"${text}" is no ARN: it does not begin with "arn:".`);
  if (text.includes('*') || text.includes('?'))
    return flawed('wildcard', `${text} holds a wildcard. KMS takes "*" alone as a principal, never part of an ARN.`);
  if (!PARTITION.test(partition))
    return flawed('form', `"${partition}" in ${text} is no partition: aws, aws-cn or aws-us-gov is due.`);
  if (service !== 'iam' && service !== 'sts')
    return flawed('form', `${text} is of ${service ?? 'no service'}: a principal is of iam or sts.`);
  if (region !== '') return flawed('form', `${text} names a Region. IAM has none: between its colons nothing stands.`);
  if (!ACCOUNT.test(account)) return flawed('form', `"${account}" in ${text} is no account: 12 digits are due.`);
  return service === 'iam' ? iamEntity(text, account, resource) : session(text, account, resource);
}

/** Reads one entry of Principal. */
export function readPrincipal({ kind, value }: PrincipalEntry): PrincipalReading {
  if (kind === '*' || kind === 'AWS') return readAwsPrincipal(value);
  if (kind === 'Federated') return { ok: true, principal: { kind: 'federated', name: value } };
  if (kind === 'CanonicalUser') return { ok: true, principal: { kind: 'canonicalUser', name: value } };
  if (SERVICE.test(value)) return { ok: true, principal: { kind: 'service', name: value } };
  return flawed('form', `"${value}" is no service principal: NAME.amazonaws.com is due.`);
}

/** The ARN of an account's root, which in a key policy stands for the account and its IAM policies. */
export function rootArn(partition: string, account: string): string {
  return `arn:${partition}:iam::${account}:root`;
}

/** The account an ARN of IAM or STS belongs to; '' for what is none. */
export function accountOfArn(arn: string): string {
  const account = arn.split(':')[4] ?? '';
  return ACCOUNT.test(account) ? account : '';
}

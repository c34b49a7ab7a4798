import { matchesAction } from './actions';
import { namedArns } from './called-arn';
import type { KeyPolicy, Statement } from './document';
import { accountOfArn, readAwsPrincipal, readPrincipal, rootArn, type Principal } from './principal';

/**
 * Somebody whose rights are told. `named`: the policy names them; `caller`: whoever would put the policy; `account`: anybody
 * else of the account, by its IAM policies; `foreign`: anybody of another account; `service`: an AWS service by name;
 * `grant`: an AWS service, or anybody, by a grant.
 */
export interface Subject {
  readonly kind: 'named' | 'caller' | 'account' | 'foreign' | 'service' | 'grant';
  /** what `evaluate` is asked with; '' for `grant` */
  readonly arn: string;
  /** as people call it: `role/KeyAdmin`, `anybody else of 111122223333` */
  readonly name: string;
}

const STRANGER = 'keyrite-nobody-is-called-so';

/** An account that is not this one, for asking what a stranger may. */
function otherAccount(account: string): string {
  return account === '999999999999' ? '999999999998' : '999999999999';
}

/** Principals a statement allows, that are of an account. */
function allowed(statement: Statement): readonly (Principal & { readonly account: string })[] {
  if (statement.effect === 'Deny') return [];
  return (statement.principal ?? []).flatMap((entry) => {
    const reading = readPrincipal(entry);
    return reading.ok && 'account' in reading.principal ? [reading.principal] : [];
  });
}

/**
 * The account a key is in, as far as its policy shows it. The caller's, for a policy is put from the key's own account; else the
 * account of whom it lets put policies, which never works across accounts; else the first it delegates to; else the first it names.
 */
export function accountOfPolicy({ statements }: KeyPolicy, callerArn: string | null): string {
  if (callerArn !== null && accountOfArn(callerArn) !== '') return accountOfArn(callerArn);
  const everybody = statements.flatMap(allowed);
  const keepers = statements
    .filter(({ action }) => action?.some((pattern) => matchesAction(pattern, 'kms:PutKeyPolicy')) === true)
    .flatMap(allowed);
  return (keepers[0] ?? everybody.find(({ kind }) => kind === 'account') ?? everybody[0])?.account ?? '';
}

function partitionOf(policy: KeyPolicy): string {
  return /^arn:([^:]+):/.exec(namedArns(policy).find((arn) => arn.startsWith('arn:')) ?? '')?.[1] ?? 'aws';
}

function shortName(principal: Principal, arn: string, account: string): string {
  if (principal.kind === 'account') return `root of ${principal.account}`;
  const own = arn.split(':').slice(5).join(':');
  return 'account' in principal && principal.account !== account ? `${own} of ${principal.account}` : own;
}

function namedSubject(arn: string, account: string): Subject | null {
  const reading = readAwsPrincipal(arn);
  if (!reading.ok || reading.principal.kind === 'everyone') return null;
  const { principal } = reading;
  const full = principal.kind === 'account' && !arn.startsWith('arn:') ? rootArn('aws', principal.account) : arn;
  // The account itself is told as `account` and `foreign`: its root user is nobody who should ever appear.
  return principal.kind === 'account' && principal.account === account
    ? null
    : { kind: 'named', arn: full, name: shortName(principal, full, account) };
}

/** Everybody whose rights are worth a row, in the order the policy names them. */
export function subjects(policy: KeyPolicy, account: string, callerArn: string | null): readonly Subject[] {
  const partition = partitionOf(policy);
  const user = (of: string) => `${rootArn(partition, of).replace(/root$/, '')}user/${STRANGER}`;
  const named = [...new Set(namedArns(policy))].flatMap((arn) => namedSubject(arn, account) ?? []);
  const services = policy.statements.flatMap(({ principal }) => principal ?? []).filter(({ kind }) => kind === 'Service');
  const isNamed = named.some(({ arn }) => arn === callerArn);
  return [
    ...(callerArn !== null && !isNamed
      ? [{ kind: 'caller', arn: callerArn, name: `${callerArn.split(':').slice(5).join(':')} (caller)` } as const]
      : []),
    ...named,
    ...[...new Set(services.map(({ value }) => value))].map((name) => ({ kind: 'service', arn: name, name }) as const),
    { kind: 'account', arn: user(account), name: 'anybody else here' },
    { kind: 'foreign', arn: user(otherAccount(account)), name: 'another account' },
    { kind: 'grant', arn: '', name: 'by a grant' },
  ];
}

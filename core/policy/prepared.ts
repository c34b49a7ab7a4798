import { matchesAction, worksAcrossAccounts } from './actions';
import { namedArns } from './called-arn';
import { comesWith } from './condition-keys';
import type { KeyPolicy, PrincipalEntry, Statement } from './document';
import { readAwsPrincipal, readPrincipal, type Principal } from './principal';
import { both, either, type Truth } from './truth';

/** How a statement meets a caller: as itself, or through its account, whose IAM policies then decide. */
export interface Meeting {
  readonly matches: Truth;
  readonly through: 'self' | 'account';
}

/** What is asked of a statement again for every caller and action, found out once. */
export interface PreparedStatement {
  readonly index: number;
  readonly statement: Statement;
  readonly aboutKey: Truth;
  readonly meets: (who: Principal) => Meeting;
  readonly isAbout: (action: string) => boolean;
}

export interface PreparedPolicy {
  readonly statements: readonly PreparedStatement[];
  /** distinct ARNs of the roles of one name the policy names: one, unless their paths differ */
  readonly rolesCalled: (account: string, name: string) => readonly string[];
  /** does it name a pattern of ARNs, as a value of `aws:PrincipalArn`? */
  readonly namesPattern: boolean;
  /** equal for actions that every statement and every condition takes alike, so that they are decided alike */
  readonly kindOf: (action: string) => string;
}

/** Principal entries, told apart by what meets them. */
interface Named {
  readonly selves: ReadonlySet<string>;
  readonly accounts: ReadonlySet<string>;
}

const MISSED: Meeting = { matches: 'no', through: 'self' };
const BY_SELF: Meeting = { matches: 'yes', through: 'self' };
const BY_ACCOUNT: Meeting = { matches: 'yes', through: 'account' };

/** The account of a principal, '' for what has none. */
export function accountOf(who: Principal): string {
  return 'account' in who ? who.account : '';
}

const roleMark = (account: string, name: string): string => `role of ${account}: ${name}`;
const ownMark = (who: Principal): string =>
  who.kind === 'everyone' || who.kind === 'account' ? '*' : 'arn' in who ? who.arn : `${who.kind} ${who.name}`;

// Role names are unique in an account whatever their path, and a session's ARN does not tell the path.
const marksOfEntry = (wanted: Principal): readonly string[] =>
  wanted.kind === 'role' ? [wanted.arn, roleMark(wanted.account, wanted.name)] : [ownMark(wanted)];

function named(entries: readonly PrincipalEntry[]): Named {
  const read = entries.map(readPrincipal).flatMap((reading) => (reading.ok ? [reading.principal] : []));
  return {
    selves: new Set(read.filter(({ kind }) => kind !== 'account').flatMap(marksOfEntry)),
    accounts: new Set(read.flatMap((one) => (one.kind === 'account' ? [one.account] : []))),
  };
}

function isListed({ selves }: Named, who: Principal): boolean {
  if (selves.has('*') || selves.has(ownMark(who))) return true;
  return who.kind === 'session' && selves.has(roleMark(who.account, who.name));
}

function meetAny(list: Named, who: Principal): Meeting {
  if (isListed(list, who)) return BY_SELF;
  return list.accounts.has(accountOf(who)) ? BY_ACCOUNT : MISSED;
}

/**
 * NotPrincipal matches whoever is not listed. Somebody listed is spared for certain only where the account is listed too: IAM
 * also holds the account (and the session) against the list.
 */
function meetNot(list: Named, who: Principal): Meeting {
  if (!isListed(list, who)) return BY_SELF;
  const isWhole = who.kind === 'service' || list.accounts.has(accountOf(who));
  return { matches: isWhole ? 'no' : 'depends', through: 'self' };
}

function meeter({ principal, notPrincipal }: Statement): (who: Principal) => Meeting {
  const list = named(principal ?? notPrincipal ?? []);
  if (principal) return (who) => meetAny(list, who);
  return notPrincipal ? (who) => meetNot(list, who) : () => MISSED;
}

function isAboutAction({ action, notAction }: Statement, asked: string): boolean {
  if (action) return action.some((pattern) => matchesAction(pattern, asked));
  return notAction ? !notAction.some((pattern) => matchesAction(pattern, asked)) : false;
}

/** In a key policy `*` is the key itself. An ARN may be this key's: nobody can say without the key. */
function isAboutKey({ resource, notResource }: Statement): Truth {
  if (resource) return either(resource.map((value) => (value === '*' ? 'yes' : 'depends')));
  return notResource ? both(notResource.map((value) => (value === '*' ? 'no' : 'depends'))) : 'no';
}

function prepareStatement(statement: Statement, index: number): PreparedStatement {
  const asked = new Map<string, boolean>();
  return {
    index,
    statement,
    aboutKey: isAboutKey(statement),
    meets: meeter(statement),
    isAbout: (action) => {
      const answer = asked.get(action) ?? isAboutAction(statement, action);
      asked.set(action, answer);
      return answer;
    },
  };
}

function rolesByName(arns: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const roles = new Map<string, string[]>();
  for (const arn of new Set(arns)) {
    const reading = readAwsPrincipal(arn);
    if (!reading.ok || reading.principal.kind !== 'role') continue;
    const mark = roleMark(reading.principal.account, reading.principal.name);
    roles.set(mark, [...(roles.get(mark) ?? []), arn]);
  }
  return roles;
}

function kindsOfActions(statements: readonly PreparedStatement[]): (action: string) => string {
  const keys = [...new Set(statements.flatMap(({ statement }) => statement.conditions.map(({ key }) => key)))];
  const kinds = new Map<string, string>();
  return (action) => {
    const bits = () => [
      worksAcrossAccounts(action.replace(/^kms:/i, '')),
      ...statements.map(({ isAbout }) => isAbout(action)),
      ...keys.map((key) => comesWith(key, action)),
    ];
    const kind = kinds.get(action) ?? bits().map(Number).join('');
    kinds.set(action, kind);
    return kind;
  };
}

function prepare(policy: KeyPolicy): PreparedPolicy {
  const arns = namedArns(policy);
  const roles = rolesByName(arns);
  const statements = policy.statements.map(prepareStatement);
  return {
    statements,
    kindOf: kindsOfActions(statements),
    rolesCalled: (account, name) => roles.get(roleMark(account, name)) ?? [],
    namesPattern: arns.some((arn) => /[*?]/.test(arn) && arn !== '*'),
  };
}

/** Policies do not change once they are read; what is prepared goes when the policy goes. */
const kept = new WeakMap<KeyPolicy, PreparedPolicy>();

/**
 * A policy ready to be asked many times. The table of who can do what asks subjects x actions x statements, a million times and
 * more for a policy of 32 KiB: principals are read once, patterns are matched once an action.
 */
export function prepared(policy: KeyPolicy): PreparedPolicy {
  const ready = kept.get(policy) ?? prepare(policy);
  kept.set(policy, ready);
  return ready;
}

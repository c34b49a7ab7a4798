import { matchesAction, worksAcrossAccounts } from './actions';
import { holds, type ContextValue, type Lookup } from './condition';
import { conditionText, type KeyPolicy, type PrincipalEntry, type Statement } from './document';
import { calledArn } from './called-arn';
import { readAwsPrincipal, readPrincipal, type Principal } from './principal';
import { comesWith } from './condition-keys';
import { both, either, known, type Truth } from './truth';

/** Who asks for what. */
export interface PolicyRequest {
  /** ARN of a user, a role, a role's or federated user's session, or an account's root; or a service, e.g. `s3.amazonaws.com` */
  readonly principalArn: string;
  /** the account the key is in, 12 digits */
  readonly account: string;
  /** `kms:PutKeyPolicy` */
  readonly action: string;
  /** what the request carries by condition key; letter case means nothing. What follows from the principal need not be named. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
  /** what a key that is not in `context` means: `absent`: the request does not carry it; `unknown`: nobody can say */
  readonly otherKeys: 'absent' | 'unknown';
}

/**
 * `allow`: this policy alone lets them; `deny`: it refuses them whatever else says yes; `conditional`: it depends on what is not
 * known of the request; `iam`: this policy leaves it to IAM policies of the account (or of the principal's own account), with or
 * without conditions; `no`: nothing here lets them.
 */
export type Verdict = 'allow' | 'deny' | 'conditional' | 'iam' | 'no';

export interface Decision {
  readonly verdict: Verdict;
  /** indices of the statements that decide */
  readonly statements: readonly number[];
  /** what has to hold, in the policy's words; any one of the entries will do */
  readonly when: readonly string[];
  /** what must not hold, because a Deny would match then */
  readonly unless: readonly string[];
}

interface Asked {
  readonly request: PolicyRequest;
  readonly who: Principal;
  readonly lookup: Lookup;
}

/** How a principal entry meets the caller: as itself, or through its account, whose IAM policies then decide. */
interface Meeting {
  readonly matches: Truth;
  readonly through: 'self' | 'account';
}

const MISSED: Meeting = { matches: 'no', through: 'self' };

function accountOf(who: Principal): string {
  return 'account' in who ? who.account : '';
}

function meetsOwn(wanted: Principal, who: Principal): boolean {
  if (wanted.kind === 'service' || wanted.kind === 'federated' || wanted.kind === 'canonicalUser')
    return wanted.kind === who.kind && wanted.name === who.name;
  // Role names are unique in an account whatever their path, and a session's ARN does not tell the path.
  if (wanted.kind === 'role' && who.kind === 'session') return wanted.account === who.account && wanted.name === who.name;
  return 'arn' in wanted && 'arn' in who && wanted.arn === who.arn;
}

function meet(entry: PrincipalEntry, who: Principal): Meeting {
  const reading = readPrincipal(entry);
  if (!reading.ok) return MISSED;
  const wanted = reading.principal;
  if (wanted.kind === 'everyone') return { matches: 'yes', through: 'self' };
  if (wanted.kind === 'account') return { matches: known(accountOf(who) === wanted.account), through: 'account' };
  return { matches: known(meetsOwn(wanted, who)), through: 'self' };
}

function meetAny(entries: readonly PrincipalEntry[], who: Principal): Meeting {
  const meetings = entries.map((entry) => meet(entry, who)).filter(({ matches }) => matches === 'yes');
  return meetings.find(({ through }) => through === 'self') ?? meetings[0] ?? MISSED;
}

/**
 * NotPrincipal matches whoever is not listed. Somebody listed is spared for certain only where the account is listed too: IAM
 * also holds the account (and the session) against the list.
 */
function meetNot(entries: readonly PrincipalEntry[], who: Principal): Meeting {
  const own = entries.filter((entry) => meet(entry, who).through === 'self');
  const isListed = meetAny(own, who).matches === 'yes';
  if (!isListed) return { matches: 'yes', through: 'self' };
  const isWhole =
    who.kind === 'service' ||
    entries.some((entry) => meet(entry, who).through === 'account' && meet(entry, who).matches === 'yes');
  return { matches: isWhole ? 'no' : 'depends', through: 'self' };
}

function meeting({ principal, notPrincipal }: Statement, who: Principal): Meeting {
  if (principal) return meetAny(principal, who);
  return notPrincipal ? meetNot(notPrincipal, who) : MISSED;
}

function isAboutAction({ action, notAction }: Statement, asked: string): Truth {
  if (action) return known(action.some((pattern) => matchesAction(pattern, asked)));
  return notAction ? known(!notAction.some((pattern) => matchesAction(pattern, asked))) : 'no';
}

/** In a key policy `*` is the key itself. An ARN may be this key's: nobody can say without the key. */
function isAboutKey({ resource, notResource }: Statement): Truth {
  if (resource) return either(resource.map((value) => (value === '*' ? 'yes' : 'depends')));
  return notResource ? both(notResource.map((value) => (value === '*' ? 'no' : 'depends'))) : 'no';
}

/** What the caller brings along by being who it is. */
function ownContext(policy: KeyPolicy, request: PolicyRequest, who: Principal): Readonly<Record<string, ContextValue>> {
  const account = accountOf(who);
  const isAws = account !== '';
  return {
    'aws:principalarn': isAws ? calledArn(policy, request.principalArn, who) : 'absent',
    'aws:principalaccount': isAws ? [account] : 'absent',
    'kms:calleraccount': isAws ? [account] : 'unknown',
    'aws:principalisawsservice': [String(who.kind === 'service')],
  };
}

function contextLookup(policy: KeyPolicy, request: PolicyRequest, who: Principal): Lookup {
  const own = ownContext(policy, request, who);
  const given = new Map(Object.entries(request.context).map(([key, value]) => [key.toLowerCase(), value]));
  return (key) => {
    const lower = key.toLowerCase();
    const value = given.get(lower);
    if (value !== undefined) return typeof value === 'string' ? [value] : value;
    if (Object.hasOwn(own, lower)) return own[lower] ?? 'unknown';
    return comesWith(key, request.action) ? request.otherKeys : 'absent';
  };
}

function readCaller(text: string): Principal {
  const reading = readAwsPrincipal(text);
  if (reading.ok) return reading.principal;
  return { kind: 'service', name: text };
}

interface Match {
  readonly index: number;
  readonly statement: Statement;
  readonly truth: 'yes' | 'depends';
  readonly through: 'self' | 'account';
  /** conditions that are not settled, joined by "and"; '' where the statement matches for certain */
  readonly open: string;
}

/** Null where the statement is surely about somebody or something else: its conditions are not looked at. */
function matchOf(statement: Statement, index: number, { request, who, lookup }: Asked): Match | null {
  if (isAboutAction(statement, request.action) === 'no') return null;
  const { matches, through } = meeting(statement, who);
  const aboutKey = isAboutKey(statement);
  if (matches === 'no' || aboutKey === 'no') return null;
  const conditions = statement.conditions.map((condition) => ({ condition, truth: holds(condition, lookup) }));
  const truth = both([matches, aboutKey, ...conditions.map((one) => one.truth)]);
  if (truth === 'no') return null;
  const open = conditions.filter((one) => one.truth === 'depends').map(({ condition }) => conditionText(condition));
  if (matches === 'depends') open.push('NotPrincipal spares the session and the account too');
  if (aboutKey === 'depends') open.push('Resource is this key');
  return { index, statement, truth, through, open: open.join(' and ') };
}

/** An Allow for a principal of another account lets the other account decide, and only for what works across accounts. */
function allowKind(match: Match, { request, who }: Asked): 'allow' | 'iam' | null {
  const account = accountOf(who);
  if (who.kind === 'account' && match.through === 'account') return account === request.account ? 'allow' : 'iam';
  if (account === '' || account === request.account) return match.through === 'account' ? 'iam' : 'allow';
  return worksAcrossAccounts(request.action.replace(/^kms:/i, '')) ? 'iam' : null;
}

const statementsOf = (matches: readonly Match[]) => matches.map(({ index }) => index);
const openOf = (matches: readonly Match[]) => [...new Set(matches.map(({ open }) => open))];

/**
 * Decides one request by a key policy alone (IAM user guide, "Policy evaluation logic", and AWS KMS developer guide, "Determining
 * access"): a Deny that matches wins over everything; else an Allow that matches; else no. IAM policies, grants, SCPs, permission
 * boundaries and endpoint policies are not seen here.
 */
export function evaluate(policy: KeyPolicy, request: PolicyRequest): Decision {
  const who = readCaller(request.principalArn);
  const asked: Asked = { request, who, lookup: contextLookup(policy, request, who) };
  const matches = policy.statements.flatMap((statement, index) => matchOf(statement, index, asked) ?? []);
  const denials = matches.filter(({ statement }) => statement.effect === 'Deny');
  const certain = denials.filter(({ truth }) => truth === 'yes');
  if (certain.length > 0) return { verdict: 'deny', statements: statementsOf(certain), when: [], unless: [] };
  const allows = matches.filter(({ statement }) => statement.effect === 'Allow');
  const of = (kind: 'allow' | 'iam') => allows.filter((match) => allowKind(match, asked) === kind);
  return decideAllowed(of('allow'), of('iam'), denials);
}

function decideAllowed(direct: readonly Match[], delegated: readonly Match[], denials: readonly Match[]): Decision {
  const unless = openOf(denials);
  const sure = (matches: readonly Match[]) => matches.filter(({ truth }) => truth === 'yes');
  const withDenials = (matches: readonly Match[]) => statementsOf([...matches, ...denials]).toSorted((a, b) => a - b);
  const surely = sure(direct);
  if (surely.length > 0)
    return { verdict: denials.length === 0 ? 'allow' : 'conditional', statements: withDenials(surely), when: [], unless };
  // Of two ways, one with conditions and one through IAM, the first is told: it needs nobody else's policy.
  if (direct.length > 0) return { verdict: 'conditional', statements: withDenials(direct), when: openOf(direct), unless };
  if (delegated.length === 0) return { verdict: 'no', statements: [], when: [], unless: [] };
  const settled = sure(delegated);
  const deciding = settled.length > 0 ? settled : delegated;
  return { verdict: 'iam', statements: withDenials(deciding), when: settled.length > 0 ? [] : openOf(deciding), unless };
}

import { worksAcrossAccounts } from './actions';
import { roleOfSession } from './called-arn';
import { holds, type ContextValue } from './condition';
import { comesWith } from './condition-keys';
import { conditionText, type Condition, type KeyPolicy } from './document';
import { accountOf, prepared, type PreparedPolicy, type PreparedStatement } from './prepared';
import { readAwsPrincipal, type Principal } from './principal';
import { both, type Truth } from './truth';

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

/** Who asks, whatever for. */
export type PolicyCaller = Omit<PolicyRequest, 'action'>;

interface Asked {
  readonly caller: PolicyCaller;
  readonly who: Principal;
}

/**
 * `aws:PrincipalArn` of a caller. A session carries the ARN of its role, path and all, but does not tell the path; the role of
 * that name the policy names is that role, because an account has one role of a name. Where the policy asks for a pattern
 * instead, nobody can say.
 */
function calledArn({ rolesCalled, namesPattern }: PreparedPolicy, callerArn: string, who: Principal): ContextValue {
  if (who.kind !== 'session') return [callerArn];
  const roles = rolesCalled(who.account, who.name);
  if (roles.length === 1) return roles;
  return roles.length > 1 || namesPattern ? 'unknown' : [roleOfSession(callerArn)];
}

/** What a caller brings along by being who it is, and what is given of its requests; by condition key in lower case. */
function carried(policy: PreparedPolicy, { caller, who }: Asked): ReadonlyMap<string, ContextValue> {
  const account = accountOf(who);
  const isAws = account !== '';
  const given = Object.entries(caller.context).map(([key, value]): [string, ContextValue] => [
    key.toLowerCase(),
    typeof value === 'string' ? [value] : value,
  ]);
  return new Map<string, ContextValue>([
    ['aws:principalarn', isAws ? calledArn(policy, caller.principalArn, who) : 'absent'],
    ['aws:principalaccount', isAws ? [account] : 'absent'],
    ['kms:calleraccount', isAws ? [account] : 'unknown'],
    ['aws:principalisawsservice', [String(who.kind === 'service')]],
    ...given,
  ]);
}

function readCaller(text: string): Principal {
  const reading = readAwsPrincipal(text);
  if (reading.ok) return reading.principal;
  return { kind: 'service', name: text };
}

/** A condition of a statement: settled for a caller, or null where it hangs on whether the action carries the key. */
interface Weighed {
  readonly condition: Condition;
  readonly truth: Truth | null;
}

/** A statement that may be about the caller, whatever the action. */
interface Candidate {
  readonly prepared: PreparedStatement;
  readonly matches: Truth;
  readonly through: 'self' | 'account';
  readonly weighed: readonly Weighed[];
}

/** Null where the statement is surely about somebody or something else, or a condition surely does not hold. */
function candidate(prepared: PreparedStatement, who: Principal, context: ReadonlyMap<string, ContextValue>): Candidate | null {
  const { matches, through } = prepared.meets(who);
  if (matches === 'no' || prepared.aboutKey === 'no') return null;
  const weighed = prepared.statement.conditions.map((condition): Weighed => {
    const value = context.get(condition.key.toLowerCase());
    return { condition, truth: value === undefined ? null : holds(condition, () => value) };
  });
  return weighed.some(({ truth }) => truth === 'no') ? null : { prepared, matches, through, weighed };
}

interface Match {
  readonly index: number;
  readonly effect: 'Allow' | 'Deny';
  readonly truth: 'yes' | 'depends';
  readonly through: 'self' | 'account';
  /** conditions that are not settled, joined by "and"; '' where the statement matches for certain */
  readonly open: string;
}

function matchOf(
  { prepared, matches, through, weighed }: Candidate,
  action: string,
  otherKeys: 'absent' | 'unknown',
): Match | null {
  if (!prepared.isAbout(action)) return null;
  const { index, statement, aboutKey } = prepared;
  const conditions = weighed.map(({ condition, truth }) => ({
    condition,
    truth: truth ?? holds(condition, (key) => (comesWith(key, action) ? otherKeys : 'absent')),
  }));
  const truth = both([matches, aboutKey, ...conditions.map((one) => one.truth)]);
  if (truth === 'no') return null;
  const open = conditions.filter((one) => one.truth === 'depends').map(({ condition }) => conditionText(condition));
  if (matches === 'depends') open.push('NotPrincipal spares the session and the account too');
  if (aboutKey === 'depends') open.push('Resource is this key');
  return { index, effect: statement.effect, truth, through, open: open.join(' and ') };
}

/** An Allow for a principal of another account lets the other account decide, and only for what works across accounts. */
function allowKind(match: Match, { caller, who }: Asked, action: string): 'allow' | 'iam' | null {
  const account = accountOf(who);
  if (who.kind === 'account' && match.through === 'account') return account === caller.account ? 'allow' : 'iam';
  if (account === '' || account === caller.account) return match.through === 'account' ? 'iam' : 'allow';
  return worksAcrossAccounts(action.replace(/^kms:/i, '')) ? 'iam' : null;
}

const statementsOf = (matches: readonly Match[]) => matches.map(({ index }) => index);
const openOf = (matches: readonly Match[]) => [...new Set(matches.map(({ open }) => open))];

function decideBy(matches: readonly Match[], asked: Asked, action: string): Decision {
  const denials = matches.filter(({ effect }) => effect === 'Deny');
  const certain = denials.filter(({ truth }) => truth === 'yes');
  if (certain.length > 0) return { verdict: 'deny', statements: statementsOf(certain), when: [], unless: [] };
  const allows = matches.filter(({ effect }) => effect === 'Allow');
  const of = (kind: 'allow' | 'iam') => allows.filter((match) => allowKind(match, asked, action) === kind);
  return decideAllowed(of('allow'), of('iam'), denials);
}

/** Everything of a caller the decisions hang on: two callers with equal marks are decided alike. */
function markOf(candidates: readonly Candidate[], { caller, who }: Asked): string {
  const account = accountOf(who);
  const standing = [who.kind === 'account', account === '', account === caller.account].map(Number).join('');
  const ways = candidates.map(
    ({ prepared, matches, through, weighed }) =>
      `${prepared.index} ${matches} ${through} ${weighed.map(({ truth }) => truth ?? '').join(' ')}`,
  );
  return [standing, ...ways].join('\n');
}

/** Decides what one caller asks for, action by action. Callers of a policy with equal marks get equal decisions. */
export interface Evaluator {
  readonly mark: () => string;
  readonly decide: (action: string) => Decision;
}

/** What hangs on the caller alone is found out once; actions of one kind share one decision. */
export function evaluator(policy: KeyPolicy, caller: PolicyCaller): Evaluator {
  const ready = prepared(policy);
  const asked: Asked = { caller, who: readCaller(caller.principalArn) };
  const context = carried(ready, asked);
  const candidates = ready.statements.flatMap((statement) => candidate(statement, asked.who, context) ?? []);
  const decided = new Map<string, Decision>();
  const afresh = (action: string): Decision => {
    const matches = candidates.flatMap((one) => matchOf(one, action, caller.otherKeys) ?? []);
    return decideBy(matches, asked, action);
  };
  return {
    mark: () => markOf(candidates, asked),
    decide: (action) => {
      const kind = ready.kindOf(action);
      const decision = decided.get(kind) ?? afresh(action);
      decided.set(kind, decision);
      return decision;
    },
  };
}

/**
 * Decides one request by a key policy alone (IAM user guide, "Policy evaluation logic", and AWS KMS developer guide, "Determining
 * access"): a Deny that matches wins over everything; else an Allow that matches; else no. IAM policies, grants, SCPs, permission
 * boundaries and endpoint policies are not seen here.
 */
export function evaluate(policy: KeyPolicy, request: PolicyRequest): Decision {
  return evaluator(policy, request).decide(request.action);
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

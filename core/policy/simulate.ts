import { ACTION_GROUPS, GRANT_ACTIONS, KEY_ACTIONS, matchesAction, type ActionGroup } from './actions';
import { statementName, type KeyPolicy } from './document';
import { evaluator, type Decision, type Evaluator } from './evaluate';
import { accountOfPolicy, subjects, type Subject } from './subjects';

/** One cell: what one subject may do of one action. */
export interface Cell extends Decision {
  readonly action: string;
  readonly group: ActionGroup;
}

export interface SubjectRow {
  readonly subject: Subject;
  /** one cell an action, in the order of `ACTION_GROUPS` */
  readonly cells: readonly Cell[];
}

/** Who can do what, by this policy alone. */
export interface WhoCanDoWhat {
  readonly account: string;
  readonly rows: readonly SubjectRow[];
}

const ACTIONS = ACTION_GROUPS.flatMap((group) => KEY_ACTIONS[group].map((name) => ({ group, action: `kms:${name}` })));

/** What a subject may do with nothing known but who it is, and that nobody switches KMS's lock-out check off. */
export function evaluatorFor(policy: KeyPolicy, account: string, arn: string): Evaluator {
  const context = { 'kms:BypassPolicyLockoutSafetyCheck': 'false' };
  return evaluator(policy, { principalArn: arn, account, context, otherKeys: 'unknown' });
}

/** One cell for each action a key policy knows. */
export function cellsFor({ decide }: Pick<Evaluator, 'decide'>): readonly Cell[] {
  return ACTIONS.map(({ group, action }) => ({ group, action, ...decide(action) }));
}

/** The cells of many subjects; those the policy takes alike share theirs. */
function cellsOfMany(policy: KeyPolicy, account: string): (subject: Subject) => readonly Cell[] {
  const known = new Map<string, readonly Cell[]>();
  return ({ arn }) => {
    const asked = evaluatorFor(policy, account, arn);
    const mark = asked.mark();
    const cells = known.get(mark) ?? cellsFor(asked);
    known.set(mark, cells);
    return cells;
  };
}

const NO: Decision = { verdict: 'no', statements: [], when: [], unless: [] };

/** What a grant can do where nothing refuses it: whatever somebody here can make grants for. */
function grantsBy(rows: readonly SubjectRow[]): Decision {
  const makers = rows
    .map(({ subject, cells }) => ({ subject, cell: cells.find((cell) => cell.action === 'kms:CreateGrant') }))
    .flatMap(({ subject, cell }) => (cell && ['allow', 'conditional', 'iam'].includes(cell.verdict) ? [{ subject, cell }] : []));
  if (makers.length === 0) return NO;
  const statements = [...new Set(makers.flatMap(({ cell }) => cell.statements))].toSorted((a, b) => a - b);
  return { verdict: 'conditional', statements, when: makers.map(({ subject }) => `a grant by ${subject.name}`), unless: [] };
}

/**
 * A grant lets its grantee without this policy saying so; this policy decides who can make one, and a Deny still holds against
 * everybody. So a grant works where somebody can create one and nothing refuses everyone.
 */
function byGrant({ statements }: KeyPolicy, rows: readonly SubjectRow[]): (action: string) => Decision {
  const unrefused = grantsBy(rows);
  return (action) => {
    if (!GRANT_ACTIONS.has(action.replace('kms:', ''))) return NO;
    const refusals = statements.flatMap(({ effect, principal, action: actions, conditions }, i) => {
      const isForAll = principal?.some(({ value }) => value === '*') === true && conditions.length === 0;
      return effect === 'Deny' && isForAll && actions?.some((pattern) => matchesAction(pattern, action)) === true ? [i] : [];
    });
    return refusals.length === 0 ? unrefused : { verdict: 'deny', statements: refusals, when: [], unless: [] };
  };
}

/**
 * The table of who can do what.
 * @param callerArn whoever would put this policy; null when nobody says
 */
export function simulate(policy: KeyPolicy, callerArn: string | null, keyAccount: string | null = null): WhoCanDoWhat {
  const account = keyAccount ?? accountOfPolicy(policy, callerArn);
  const everybody = subjects(policy, account, callerArn);
  const cellsOf = cellsOfMany(policy, account);
  const rows: SubjectRow[] = everybody
    .filter(({ kind }) => kind !== 'grant')
    .map((subject) => ({ subject, cells: cellsOf(subject) }));
  const granted = everybody
    .filter(({ kind }) => kind === 'grant')
    .map((subject) => ({ subject, cells: cellsFor({ decide: byGrant(policy, rows) }) }));
  return { account, rows: [...rows, ...granted] };
}

/** A group of actions in one word; `some` where the actions of the group differ. */
export type GroupVerdict = Decision['verdict'] | 'some';

export function groupVerdict(row: SubjectRow, group: ActionGroup): GroupVerdict {
  const verdicts = new Set(row.cells.filter((cell) => cell.group === group).map(({ verdict }) => verdict));
  const [first = 'no', ...others] = verdicts;
  return others.length === 0 ? first : 'some';
}

/** Why a cell is as it is, in one line: the statements that decide, and what has to hold or must not. */
export function because(policy: KeyPolicy, { statements, when, unless }: Decision): string {
  const names = statements.map((index) => statementName(policy, index)).join(', ');
  const conditions = when
    .filter((text) => text !== '')
    .map((text) => ` if ${text}`)
    .join(', or');
  return `${names}${conditions}${unless.length === 0 ? '' : ` unless ${unless.join(', or ')}`}`;
}

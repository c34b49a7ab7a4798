import type { ActionGroup } from './actions';
import type { KeyPolicy, Statement } from './document';
import type { Decision } from './evaluate';
import { diffLines, type DiffLine } from './line-diff';
import { printPolicy } from './print';
import { cellsFor, evaluatorFor, simulate, type Cell, type WhoCanDoWhat } from './simulate';
import { accountOfPolicy, type Subject } from './subjects';

/** A statement that came, went or became another. Indices count in the policy they are of. */
export type StatementChange =
  | { readonly kind: 'added'; readonly after: number }
  | { readonly kind: 'removed'; readonly before: number }
  | { readonly kind: 'changed'; readonly before: number; readonly after: number };

/** Somebody who may now what they might not, or not any more. */
export interface VerdictChange {
  readonly subject: Subject;
  readonly group: ActionGroup;
  readonly action: string;
  readonly before: Decision;
  readonly after: Decision;
}

export interface PolicyDiff {
  readonly statements: readonly StatementChange[];
  readonly verdicts: readonly VerdictChange[];
  /** of both texts as `printPolicy` writes them: layout is no change */
  readonly lines: readonly DiffLine[];
}

const formOf = (statement: Statement) => printPolicy({ version: null, id: null, statements: [statement] });

/** Equal statements belong together, then those of one Sid; what is left came or went. */
function statementChanges(before: KeyPolicy, after: KeyPolicy): readonly StatementChange[] {
  const left = new Set(before.statements.keys());
  const oldForms = before.statements.map(formOf);
  const takeFirst = (fits: (statement: Statement, index: number) => boolean): number | null => {
    const index = [...left].find((i) => before.statements[i] !== undefined && fits(before.statements[i], i));
    if (index !== undefined) left.delete(index);
    return index ?? null;
  };
  const fresh = after.statements
    .map((statement, index) => ({ statement, index }))
    .filter(({ statement }) => {
      const form = formOf(statement);
      return takeFirst((_, i) => oldForms[i] === form) === null;
    });
  const come = fresh.map(({ statement, index }): StatementChange => {
    const old = statement.sid === null ? null : takeFirst(({ sid }) => sid === statement.sid);
    return old === null ? { kind: 'added', after: index } : { kind: 'changed', before: old, after: index };
  });
  return [...come, ...[...left].map((index): StatementChange => ({ kind: 'removed', before: index }))];
}

const sameDecision = (one: Decision, other: Decision) =>
  one.verdict === other.verdict &&
  one.when.join('\n') === other.when.join('\n') &&
  one.unless.join('\n') === other.unless.join('\n');

/** Everybody whom either policy names is asked about under both: who is left out of the new one is what a reviewer must see. */
function verdictChanges(
  before: KeyPolicy,
  after: KeyPolicy,
  callerArn: string | null,
  account: string,
): readonly VerdictChange[] {
  const old = simulate(before, callerArn, account);
  const fresh = simulate(after, callerArn, account);
  const key = ({ kind, arn }: Subject) => `${kind === 'caller' ? 'named' : kind} ${arn}`;
  const rows = new Map([...old.rows, ...fresh.rows].map((row) => [key(row.subject), row.subject]));
  const known = ({ rows: some }: WhoCanDoWhat) => new Map(some.map((row) => [key(row.subject), row.cells]));
  const [knownBefore, knownAfter] = [known(old), known(fresh)];
  return [...rows.values()].flatMap((subject) => {
    const cellsOf = (policy: KeyPolicy, cells: ReadonlyMap<string, readonly Cell[]>): readonly Cell[] =>
      cells.get(key(subject)) ?? cellsFor(evaluatorFor(policy, account, subject.arn));
    const now = cellsOf(after, knownAfter);
    return cellsOf(before, knownBefore).flatMap((cell, i) => {
      const next = now[i];
      if (next === undefined || sameDecision(cell, next)) return [];
      return [{ subject, group: cell.group, action: cell.action, before: cell, after: next }];
    });
  });
}

/** What a new policy changes against the one in force, for officers to see before PutKeyPolicy. */
export function diffPolicies(
  before: KeyPolicy,
  after: KeyPolicy,
  callerArn: string | null = null,
  keyAccount: string | null = null,
): PolicyDiff {
  const account = keyAccount ?? accountOfPolicy(before, callerArn);
  return {
    statements: statementChanges(before, after),
    verdicts: verdictChanges(before, after, callerArn, account),
    lines: diffLines(printPolicy(before), printPolicy(after)),
  };
}

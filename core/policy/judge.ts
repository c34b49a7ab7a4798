import type { JudgedPolicy, LockoutVerdict, PolicyChanges, WhoRow } from '../contract/key-policy';
import { ACTION_GROUPS } from './actions';
import { diffPolicies, type VerdictChange } from './diff';
import { statementName, type KeyPolicy } from './document';
import type { Verdict } from './evaluate';
import { lintPolicy } from './lint';
import { checkLockout } from './lockout';
import type { ReadPolicy } from './read';
import { because, groupVerdict, type SubjectRow } from './simulate';

const WORDS: Readonly<Record<Verdict, string>> = {
  allow: 'yes',
  conditional: 'if',
  iam: 'by IAM',
  no: 'no',
  deny: 'refused',
};

const plain = (action: string): string => action.replace('kms:', '');

/** Actions that stand on the same ground in one line, in the order they come. */
function grouped<T>(items: readonly T[], groundOf: (item: T) => string, actionOf: (item: T) => string): Map<string, string[]> {
  const lines = new Map<string, string[]>();
  for (const item of items) lines.set(groundOf(item), [...(lines.get(groundOf(item)) ?? []), plain(actionOf(item))]);
  return lines;
}

function whoRow(policy: KeyPolicy, row: SubjectRow): WhoRow {
  const said = row.cells.filter(({ verdict }) => verdict !== 'no');
  const grounds = grouped(
    said,
    (cell) => `${WORDS[cell.verdict]}, by ${because(policy, cell)}`,
    ({ action }) => action,
  );
  return {
    name: row.subject.name,
    cells: ACTION_GROUPS.map((group) => ({ group, verdict: groupVerdict(row, group) })),
    grounds: [...grounds].map(([ground, actions]) => ({ because: ground, actions })),
  };
}

function lockoutVerdict(policy: KeyPolicy, callerArn: string | null, account: string): LockoutVerdict {
  const { caller, keepers, denied } = checkLockout(policy, callerArn, account);
  return {
    caller,
    keepers: keepers.map(({ subject, verdict, fragile }) => ({ name: subject.name, sure: verdict === 'allow', fragile })),
    denied: denied.map(({ subject }) => subject.name),
  };
}

function bySubjectName(verdicts: readonly VerdictChange[]): ReadonlyMap<string, readonly VerdictChange[]> {
  const names = [...new Set(verdicts.map(({ subject }) => subject.name))];
  return new Map(names.map((name) => [name, verdicts.filter(({ subject }) => subject.name === name)]));
}

function rights(verdicts: readonly VerdictChange[]): PolicyChanges['rights'] {
  const bySubject = bySubjectName(verdicts);
  return [...bySubject].flatMap(([who, changes]) => {
    const lines = grouped(
      changes,
      ({ before, after }) => `${WORDS[before.verdict]}\n${WORDS[after.verdict]}`,
      ({ action }) => action,
    );
    return [...lines].map(([ground, actions]) => {
      const [before = '', after = ''] = ground.split('\n');
      return { who, actions, before, after };
    });
  });
}

/** A policy to compare with, and what it is called. */
export interface Before {
  readonly name: string;
  readonly read: ReadPolicy;
}

function changesOf(before: Before, after: KeyPolicy, callerArn: string | null, account: string): PolicyChanges {
  const old = before.read.policy;
  const { statements, verdicts, lines } = diffPolicies(old, after, callerArn, account);
  return {
    against: before.name,
    statements: statements.map((change) => ({
      kind: change.kind,
      name: change.kind === 'removed' ? statementName(old, change.before) : statementName(after, change.after),
    })),
    rights: rights(verdicts),
    lines,
  };
}

/**
 * Everything that is said of a policy at once: findings, who can do what and why, lock-out, and what it changes.
 * @param options `callerArn`: whoever would put it; `account`: the key's; null where nobody says
 */
export function judgePolicy(
  read: ReadPolicy,
  {
    callerArn,
    account,
    before,
  }: { readonly callerArn: string | null; readonly account: string | null; readonly before: Before | null },
): JudgedPolicy {
  const named = { ...(callerArn === null ? {} : { callerArn }), ...(account === null ? {} : { account }) };
  const { findings, table } = lintPolicy(read, named);
  return {
    text: read.text,
    account: table.account,
    findings,
    rows: table.rows.map((row) => whoRow(read.policy, row)),
    lockout: lockoutVerdict(read.policy, callerArn, table.account),
    changes: before === null ? null : changesOf(before, read.policy, callerArn, table.account),
  };
}

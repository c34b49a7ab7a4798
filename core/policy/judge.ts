import type { JudgedPolicy, LockoutVerdict, PolicyChanges, WhoRow } from '../contract/key-policy';
import { ACTION_GROUPS } from './actions';
import { diffPolicies, type VerdictChange } from './diff';
import { statementName, type KeyPolicy } from './document';
import type { Verdict } from './evaluate';
import { lintPolicy } from './lint';
import { checkLockout } from './lockout';
import type { ReadPolicy } from './read';
import { because, groupVerdict, type Cell, type SubjectRow } from './simulate';

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
  for (const item of items) {
    const ground = groundOf(item);
    const line = lines.get(ground) ?? [];
    line.push(plain(actionOf(item)));
    lines.set(ground, line);
  }
  return lines;
}

/** The ground of a cell in words. Cells of one decision have it once: it can name every statement of a long policy. */
function groundsIn(policy: KeyPolicy): (cell: Cell) => string {
  const said: { readonly cell: Cell; readonly ground: string }[] = [];
  return (cell) => {
    const { statements, when, unless } = cell;
    const same = said.find((one) => one.cell.statements === statements && one.cell.when === when && one.cell.unless === unless);
    if (same !== undefined) return same.ground;
    const ground = `${WORDS[cell.verdict]}, by ${because(policy, cell)}`;
    said.push({ cell, ground });
    return ground;
  };
}

type Told = Omit<WhoRow, 'name'>;

function told(policy: KeyPolicy, row: SubjectRow): Told {
  const said = row.cells.filter(({ verdict }) => verdict !== 'no');
  const grounds = grouped(said, groundsIn(policy), ({ action }) => action);
  return {
    cells: ACTION_GROUPS.map((group) => ({ group, verdict: groupVerdict(row, group) })),
    grounds: [...grounds].map(([ground, actions]) => ({ because: ground, actions })),
  };
}

/** Rows in words; subjects that share their cells share the words, too. */
function whoRows(policy: KeyPolicy, rows: readonly SubjectRow[]): readonly WhoRow[] {
  const known = new Map<readonly Cell[], Told>();
  return rows.map((row) => {
    const words = known.get(row.cells) ?? told(policy, row);
    known.set(row.cells, words);
    return { name: row.subject.name, ...words };
  });
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
    rows: whoRows(read.policy, table.rows),
    lockout: lockoutVerdict(read.policy, callerArn, table.account),
    changes: before === null ? null : changesOf(before, read.policy, callerArn, table.account),
  };
}

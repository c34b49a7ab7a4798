import { ACTION_GROUPS } from '../policy/actions';
import type { KeyPolicy } from '../policy/document';
import type { Finding, LintResult } from '../policy/lint';
import { because, groupVerdict, type GroupVerdict, type SubjectRow } from '../policy/simulate';
import { fittedTable, wrapped } from './fitted-table';
import { foreignText } from './foreign-text';
import { ink } from './output';

interface Report {
  readonly file: string;
  readonly policy: KeyPolicy;
  readonly result: LintResult;
  /** columns of the terminal */
  readonly width: number;
  readonly isTerminal: boolean;
}

const WORDS: Readonly<Record<GroupVerdict, string>> = {
  allow: 'yes',
  deny: 'deny',
  conditional: 'if',
  iam: 'IAM',
  no: 'no',
  some: 'some',
};

const LEGEND =
  'yes: this policy lets them; if: with the conditions below; IAM: only where an IAM policy lets them too; some: other actions of the ' +
  'group differ; no: nothing here lets them; deny: refused whatever else says yes. SCPs, grants that exist and IAM policies are not seen here.';

function findingLines({ file, width, isTerminal }: Report, found: Finding, isFirst: boolean): readonly string[] {
  const { severity, rule, where, says, why, remedy, line, column } = found;
  const word = ink(severity === 'error' ? 'red' : 'yellow', severity, isTerminal);
  const head = `${foreignText(file)}:${line}:${column}: ${word} ${rule}, ${foreignText(`${where}: ${says}`)}`;
  // A rule that is broken ten times is explained once.
  return isFirst ? [head, ...wrapped(`Why: ${why}`, width, '    '), ...wrapped(`Do: ${remedy}`, width, '    ')] : [head];
}

function findings(report: Report): readonly string[] {
  const explained = new Set<string>();
  return report.result.findings.flatMap((found) => {
    const isFirst = !explained.has(found.rule);
    explained.add(found.rule);
    return findingLines(report, found, isFirst);
  });
}

/** What a subject may do and by which statement: actions that stand on the same ground in one line. */
function grounds({ policy, width }: Report, { subject, cells }: SubjectRow): readonly string[] {
  const lines = new Map<string, string[]>();
  for (const cell of cells.filter(({ verdict }) => verdict !== 'no' && verdict !== 'deny')) {
    const ground = `${WORDS[cell.verdict]}, by ${because(policy, cell)}`;
    lines.set(ground, [...(lines.get(ground) ?? []), cell.action.replace('kms:', '')]);
  }
  if (lines.size === 0) return [];
  const texts = [...lines].flatMap(([ground, actions]) =>
    wrapped(foreignText(`${actions.join(', ')}: ${ground}`), width, '    '),
  );
  return [`  ${foreignText(subject.name)}`, ...texts];
}

function count(found: readonly Finding[]): string {
  const errors = found.filter(({ severity }) => severity === 'error').length;
  const of = (n: number, word: string) => `${n} ${word}${n === 1 ? '' : 's'}`;
  return `${of(errors, 'error')}, ${of(found.length - errors, 'warning')}.`;
}

/** Findings, the table of who can do what, and on what each yes stands. */
export function lintText(report: Report): string {
  const { result, width } = report;
  const { rows, account } = result.table;
  const header = ['', ...ACTION_GROUPS];
  const table = rows.map((row) => [
    foreignText(row.subject.name),
    ...ACTION_GROUPS.map((group) => WORDS[groupVerdict(row, group)]),
  ]);
  return [
    ...findings(report),
    ...(result.findings.length > 0 ? [''] : []),
    `Who can do what with the key${account === '' ? '' : ` of account ${account}`}, by this policy:`,
    '',
    ...fittedTable([header, ...table], width),
    '',
    ...wrapped(LEGEND, width, ''),
    '',
    ...rows.flatMap((row) => grounds(report, row)),
    '',
    count(result.findings),
  ].join('\n');
}

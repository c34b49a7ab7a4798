import type { AuditCheck, AuditProblem } from '../pack/audit-check';
import { foreignText } from './foreign-text';
import { columns, ink } from './output';
import { wordRows } from './word-rows';

/** What a person reads of an audit log: the verdict first, then what is wrong, then what holds. */
export function describeAudit(check: AuditCheck, isTerminal: boolean): string {
  const verdict = check.ok
    ? ink('green', 'THE AUDIT LOG HOLDS', isTerminal)
    : ink('red', 'THE AUDIT LOG DOES NOT HOLD', isTerminal);
  return [verdict, problems(check), held(check), notes(check)].filter((part) => part !== '').join('\n\n');
}

function problems({ problems }: AuditCheck): string {
  if (problems.length === 0) return '';
  return [
    ...problems.flatMap((problem) => [`Where:         ${place(problem)}`, `What:          ${foreignText(problem.what)}`]),
    'What it means: the record proves nothing at these places. What is counted below was proved on its own.',
    'What to do:    keep the folder unchanged; compare it with a copy or a backup, and ask who had access to it.',
  ].join('\n');
}

function place({ file, line, seq }: AuditProblem): string {
  const event = seq === null ? '' : `, event ${seq}`;
  return `${foreignText(file)}${line === null ? '' : `, line ${line}`}${event}`;
}

function held(check: AuditCheck): string {
  if (check.events === 0) return '';
  const rows = [
    ['Files', String(check.files)],
    ['Events', `${check.events}  (${check.firstSeq} to ${check.lastSeq})`],
    ['First', check.firstAt],
    ['Last', check.lastAt],
  ];
  return [
    (check.ok ? [] : ['What holds:']).concat(indented(rows)).join('\n'),
    `Head, the hash of event ${check.lastSeq}:\n  ${check.head}\n${wordRows(check.head)}`,
    `Events by type:\n${counts(check.types)}`,
    ...(Object.keys(check.outcomes).length === 0 ? [] : [`Requests by outcome:\n${counts(check.outcomes)}`]),
  ].join('\n\n');
}

function counts(numbers: Readonly<Record<string, number>>): string {
  return indented(Object.entries(numbers).map(([name, count]) => [foreignText(name), String(count)])).join('\n');
}

function indented(rows: readonly (readonly string[])[]): string[] {
  return columns(rows).map((row) => `  ${row}`);
}

function notes({ notes }: AuditCheck): string {
  if (notes.length === 0) return '';
  return `Notes:\n${notes.map(({ file, what }) => `  ${foreignText(file)}: ${foreignText(what)}`).join('\n')}`;
}

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { errnoOf } from '../pack/disk-failure';
import { lintPolicy, type LintResult } from '../policy/lint';
import { readAwsPrincipal } from '../policy/principal';
import { readPolicy, type PolicyProblem, type ReadPolicy } from '../policy/read';
import { foreignText } from './foreign-text';
import { lintText } from './policy-lint-text';
import { EXIT, type ExitCode, type VerbContext } from './verb';

export const LINT_USAGE = 'policy lint FILE [--caller ARN] [--json]';

/** Columns of text where stdout is no terminal, as in a file or a pull request. */
const PLAIN_COLUMNS = 120;

function callerProblem(caller: unknown): string | null {
  if (typeof caller !== 'string') return null;
  const reading = readAwsPrincipal(caller);
  if (!reading.ok) return foreignText(reading.problem);
  return 'arn' in reading.principal ? null : 'The caller is a user, a role or a session, by its ARN.';
}

/** What is wrong with the arguments; null when they can be used. */
function complaint({ positionals, values }: VerbContext): string | null {
  const foreign = ['policy', 'request', 'audit'].find((name) => values[name] !== undefined);
  if (foreign !== undefined) return `--${foreign} is for policy try.`;
  if ((positionals[1] ?? '') === '') return 'Which key policy? Name its file.';
  return callerProblem(values['caller']);
}

function refuse({ values, out, err }: VerbContext, path: string, problems: readonly PolicyProblem[]): ExitCode {
  if (values['json'] === true) out(JSON.stringify({ ok: false, file: path, problems }, null, 2));
  else
    for (const { line, column, problem, remedy } of problems) err(foreignText(`${path}:${line}:${column}: ${problem} ${remedy}`));
  return EXIT.unusable;
}

function jsonText(path: string, { findings, table }: LintResult, hasErrors: boolean): string {
  return JSON.stringify({ ok: !hasErrors, file: path, account: table.account, findings, whoCanDoWhat: table.rows }, null, 2);
}

function answer({ values, out, isTerminal }: VerbContext, path: string, read: ReadPolicy): ExitCode {
  const { caller } = values;
  const result = lintPolicy(read, typeof caller === 'string' ? { callerArn: caller } : {});
  const hasErrors = result.findings.some(({ severity }) => severity === 'error');
  const width = process.stdout.isTTY ? process.stdout.columns : PLAIN_COLUMNS;
  out(
    values['json'] === true
      ? jsonText(path, result, hasErrors)
      : lintText({ file: path, policy: read.policy, result, width, isTerminal }),
  );
  return hasErrors ? EXIT.no : EXIT.done;
}

/** `keyrite policy lint`: every finding with its place, then who can do what. */
export async function lintPolicyFile(context: VerbContext): Promise<ExitCode> {
  const problem = complaint(context);
  if (problem !== null) {
    context.err(`${problem} Usage: keyrite ${LINT_USAGE}`);
    return EXIT.unusable;
  }
  const path = resolve(context.positionals[1] ?? '');
  const bytes = await readFile(path).catch((error: unknown) => errnoOf(error));
  if (typeof bytes === 'string') {
    const place = { path: '', line: 1, column: 1 };
    return refuse(context, path, [
      { ...place, problem: `The file cannot be read (${bytes}).`, remedy: 'Name the file of a key policy.' },
    ]);
  }
  const reading = readPolicy(bytes.toString('utf8'));
  return reading.ok ? answer(context, path, reading) : refuse(context, path, reading.problems);
}

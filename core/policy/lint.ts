import type { Path } from './document';
import { pathText, statementName } from './document';
import { lineAndColumn } from './json-reader';
import { checkLockout } from './lockout';
import { placeOf, type ReadPolicy } from './read';
import { actionRules } from './rules/actions';
import { conditionRules } from './rules/conditions';
import { dutyRules } from './rules/duties';
import { elementRules } from './rules/elements';
import { lockoutRules } from './rules/lockout';
import { principalRules } from './rules/principals';
import type { LintSubject, Rule, Severity, Spot } from './rules/rule';
import { textRules } from './rules/text';
import { simulate, type WhoCanDoWhat } from './simulate';
import { accountOfPolicy } from './subjects';

/** Every rule of the lint. docs/key-policy.md lists the same. */
export const RULES: readonly Rule[] = [
  ...textRules,
  ...elementRules,
  ...principalRules,
  ...actionRules,
  ...conditionRules,
  ...dutyRules,
  ...lockoutRules,
];

/** One thing wrong with a policy, with everything a person needs to judge it. */
export interface Finding {
  readonly rule: Rule['id'];
  readonly severity: Severity;
  /** index of the statement; null for what concerns the whole policy */
  readonly statement: number | null;
  /** `statement 2 "Key users"`, or `the policy` */
  readonly where: string;
  /** `Statement[1].Principal.AWS[0]` */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly says: string;
  readonly why: string;
  readonly remedy: string;
}

export interface LintOptions {
  /** whoever would put the policy */
  readonly callerArn?: string;
  /** the key's account, where it is known better than from the caller or the policy */
  readonly account?: string;
}

export interface LintResult {
  /** in the order of the text */
  readonly findings: readonly Finding[];
  readonly table: WhoCanDoWhat;
}

/** The longest part of a path that stands in the text: a single action has no index there. */
function writtenPath(read: ReadPolicy, path: Path): Path {
  for (let length = path.length; length > 0; length -= 1) {
    const part = path.slice(0, length);
    if (read.places.has(pathText(part))) return part;
  }
  return [];
}

function finding(read: ReadPolicy, { id, severity, why, remedy }: Rule, { at, says, offset }: Spot): Finding {
  const path = writtenPath(read, at);
  const place = offset === undefined ? placeOf(read, path) : lineAndColumn(read.text, offset);
  const statement = path[0] === 'Statement' && typeof path[1] === 'number' ? path[1] : null;
  const where = statement === null ? 'the policy' : statementName(read.policy, statement);
  return { rule: id, severity, statement, where, path: pathText(path), ...place, says, why, remedy };
}

/** Holds a policy against every rule. */
export function lintPolicy(read: ReadPolicy, { callerArn, account: given }: LintOptions = {}): LintResult {
  const caller = callerArn ?? null;
  const account = given ?? accountOfPolicy(read.policy, caller);
  const table = simulate(read.policy, caller, account);
  const lockout = checkLockout(read.policy, caller, account);
  const subject: LintSubject = { read, policy: read.policy, account, callerArn: caller, table, lockout };
  const findings = RULES.flatMap((rule) => rule.find(subject).map((spot) => finding(read, rule, spot)));
  return { findings: findings.toSorted((a, b) => a.line - b.line || a.column - b.column), table };
}

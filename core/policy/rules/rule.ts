import type { KeyPolicy, Path, Statement } from '../document';
import type { Lockout } from '../lockout';
import type { ReadPolicy } from '../read';
import type { WhoCanDoWhat } from '../simulate';

/** What rules look at: the policy, and what follows from it. */
export interface LintSubject {
  readonly read: ReadPolicy;
  readonly policy: KeyPolicy;
  /** the key's account; '' where nothing tells it */
  readonly account: string;
  readonly callerArn: string | null;
  readonly table: WhoCanDoWhat;
  readonly lockout: Lockout;
}

/** One place where a rule is broken, with a sentence that says what is there. `offset`: a place in the text that has no path. */
export interface Spot {
  readonly at: Path;
  readonly says: string;
  readonly offset?: number;
}

/** `error`: must not be put; `warning`: somebody has to want it. */
export type Severity = 'error' | 'warning';

export interface Rule {
  readonly id: `KP-${string}`;
  readonly severity: Severity;
  /** what the rule asks for, in a few words */
  readonly title: string;
  /** why it matters */
  readonly why: string;
  readonly remedy: string;
  find(subject: LintSubject): readonly Spot[];
}

/** Looks at each statement; `at` is the path of the statement. */
export function perStatement(policy: KeyPolicy, look: (statement: Statement, at: Path) => readonly Spot[]): readonly Spot[] {
  return policy.statements.flatMap((statement, i) => look(statement, ['Statement', i]));
}

/** The principal entries of a statement, each with its path. */
export function entriesOf(
  statement: Statement,
  at: Path,
): readonly { readonly kind: string; readonly value: string; readonly at: Path }[] {
  const name = statement.principal ? 'Principal' : 'NotPrincipal';
  const seen = new Map<string, number>();
  return (statement.principal ?? statement.notPrincipal ?? []).map(({ kind, value }) => {
    const index = seen.get(kind) ?? 0;
    seen.set(kind, index + 1);
    return { kind, value, at: kind === '*' ? [...at, name] : [...at, name, kind, index] };
  });
}

/** Does an entry stand for everybody, in any account? */
export function isEveryone({ value }: { readonly value: string }): boolean {
  return value === '*';
}

/** Does a Null condition ask for the key to be there? ForAllValues alone also holds for a request that does not carry it. */
export function asksForKey({ conditions }: Statement, key: string): boolean {
  return conditions.some(
    (other) =>
      other.operator === 'Null' &&
      other.key.toLowerCase() === key.toLowerCase() &&
      other.values.every((value) => value.toLowerCase() === 'false'),
  );
}

/** The way to a part of a policy document: names and indices from the root, as in `['Statement', 0, 'Action']`. */
export type Path = readonly (string | number)[];

export const PRINCIPAL_KINDS = ['AWS', 'Service', 'Federated', 'CanonicalUser'] as const;

export type PrincipalKind = (typeof PRINCIPAL_KINDS)[number];

/** One entry of Principal or NotPrincipal. The bare `"*"` is `{ kind: '*', value: '*' }`. */
export interface PrincipalEntry {
  readonly kind: PrincipalKind | '*';
  readonly value: string;
}

export const BASE_OPERATORS = [
  'StringEquals',
  'StringNotEquals',
  'StringEqualsIgnoreCase',
  'StringNotEqualsIgnoreCase',
  'StringLike',
  'StringNotLike',
  'NumericEquals',
  'NumericNotEquals',
  'NumericLessThan',
  'NumericLessThanEquals',
  'NumericGreaterThan',
  'NumericGreaterThanEquals',
  'DateEquals',
  'DateNotEquals',
  'DateLessThan',
  'DateLessThanEquals',
  'DateGreaterThan',
  'DateGreaterThanEquals',
  'Bool',
  'BinaryEquals',
  'IpAddress',
  'NotIpAddress',
  'ArnEquals',
  'ArnLike',
  'ArnNotEquals',
  'ArnNotLike',
  'Null',
] as const;

export type BaseOperator = (typeof BASE_OPERATORS)[number];

/** One row of a Condition block: an operator, a key, and the values any one of which will do. */
export interface Condition {
  readonly set: 'ForAllValues' | 'ForAnyValue' | null;
  readonly operator: BaseOperator;
  readonly ifExists: boolean;
  readonly key: string;
  /** numbers and booleans as their JSON text */
  readonly values: readonly string[];
}

/** A statement as it is written. What KMS takes but should not be written (no Resource, NotAction) is kept for the lint to name. */
export interface Statement {
  readonly sid: string | null;
  readonly effect: 'Allow' | 'Deny';
  readonly principal: readonly PrincipalEntry[] | null;
  readonly notPrincipal: readonly PrincipalEntry[] | null;
  readonly action: readonly string[] | null;
  readonly notAction: readonly string[] | null;
  readonly resource: readonly string[] | null;
  readonly notResource: readonly string[] | null;
  readonly conditions: readonly Condition[];
}

export interface KeyPolicy {
  readonly version: '2012-10-17' | '2008-10-17' | null;
  readonly id: string | null;
  readonly statements: readonly Statement[];
}

/** An operator as the policy language spells it: set, name, IfExists. */
export function operatorName({ set, operator, ifExists }: Condition): string {
  return `${set === null ? '' : `${set}:`}${operator}${ifExists ? 'IfExists' : ''}`;
}

/** A condition in one line, as the tables of findings and verdicts name it. */
export function conditionText(condition: Condition): string {
  return `${condition.key} ${operatorName(condition)} ${condition.values.join(' or ')}`;
}

/** How people call a statement: by its number, counted from 1, and its Sid. */
export function statementName(policy: KeyPolicy, index: number): string {
  const sid = policy.statements[index]?.sid ?? '';
  return `statement ${index + 1}${sid === '' ? '' : ` "${sid}"`}`;
}

/** A path in writing: `Statement[0].Condition.Bool`. */
export function pathText(path: Path): string {
  return path.map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i === 0 ? '' : '.'}${part}`)).join('');
}

import { wildcard } from './actions';
import type { BaseOperator, Condition } from './document';
import { addressIn } from './ip-range';
import { both, either, known, not, type Truth } from './truth';

/** Values a request carries for a key; `absent`: it surely does not carry the key; `unknown`: nobody can say. */
export type ContextValue = readonly string[] | 'absent' | 'unknown';

export type Lookup = (key: string) => ContextValue;

/** Operators that hold when no value matches. They also hold for a request without the key. */
const NEGATED: Readonly<Partial<Record<BaseOperator, BaseOperator>>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
  NotIpAddress: 'IpAddress',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
};

/** Epoch seconds or ISO 8601, as Date operators take them; NaN for what is neither. */
function instant(text: string): number {
  return /^\d+(?:\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}

/** The six parts of an ARN. The sixth keeps its colons. */
function arnParts(text: string): readonly string[] {
  const parts = text.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}

/** Part by part between the colons, so that a wildcard does not reach over them. */
function arnLike(pattern: string, arn: string): boolean {
  // Nearly every value is a plain ARN: a policy of hundreds of them is asked about each of them.
  if (!pattern.includes('*') && !pattern.includes('?')) return pattern === arn && arn.split(':').length >= 6;
  const got = arnParts(arn);
  return arn.split(':').length >= 6 && arnParts(pattern).every((part, i) => wildcard(part, got[i] ?? ''));
}

function compare(kind: (text: string) => number, holds: (got: number, wanted: number) => boolean) {
  return (got: string, wanted: string): boolean => holds(kind(got), kind(wanted));
}

const equal = (got: number, wanted: number) => got === wanted;
const less = (got: number, wanted: number) => got < wanted;
const atMost = (got: number, wanted: number) => got <= wanted;
const more = (got: number, wanted: number) => got > wanted;
const atLeast = (got: number, wanted: number) => got >= wanted;
const sameText = (got: string, wanted: string) => got === wanted;
const sameLetters = (got: string, wanted: string) => got.toLowerCase() === wanted.toLowerCase();

const MATCHES: Readonly<Partial<Record<BaseOperator, (got: string, wanted: string) => boolean>>> = {
  StringEquals: sameText,
  StringEqualsIgnoreCase: sameLetters,
  StringLike: (got, wanted) => wildcard(wanted, got),
  NumericEquals: compare(Number, equal),
  NumericLessThan: compare(Number, less),
  NumericLessThanEquals: compare(Number, atMost),
  NumericGreaterThan: compare(Number, more),
  NumericGreaterThanEquals: compare(Number, atLeast),
  DateEquals: compare(instant, equal),
  DateLessThan: compare(instant, less),
  DateLessThanEquals: compare(instant, atMost),
  DateGreaterThan: compare(instant, more),
  DateGreaterThanEquals: compare(instant, atLeast),
  Bool: sameLetters,
  BinaryEquals: sameText,
  IpAddress: addressIn,
  ArnEquals: (got, wanted) => arnLike(wanted, got),
  ArnLike: (got, wanted) => arnLike(wanted, got),
};

const hasVariable = (value: string): boolean => value.includes('${') && /\$\{(?![*?$]\})/.test(value);

/** One value of the request against the values of the policy. A policy variable (`${aws:username}`) is not filled in: it depends. */
function oneValue(operator: BaseOperator, got: string, wanted: readonly string[]): Truth {
  const positive = NEGATED[operator] ?? operator;
  const matches = MATCHES[positive] ?? (() => false);
  const found = either(wanted.map((value) => (hasVariable(value) ? 'depends' : known(matches(got, value)))));
  return positive === operator ? found : not(found);
}

/** Does one condition hold for a request? */
export function holds({ set, operator, ifExists, key, values }: Condition, lookup: Lookup): Truth {
  const got = lookup(key);
  if (got === 'unknown') return 'depends';
  if (operator === 'Null') return either(values.map((value) => known((got === 'absent') === (value.toLowerCase() === 'true'))));
  if (got === 'absent') {
    if (set !== null) return known(set === 'ForAllValues' || ifExists);
    return known(ifExists || NEGATED[operator] !== undefined);
  }
  const each = got.map((value) => oneValue(operator, value, values));
  if (set === 'ForAllValues') return both(each);
  // Without a set operator a request's several values are taken as one that has to match; a negation wants that none does.
  return set === null && NEGATED[operator] !== undefined ? both(each) : either(each);
}

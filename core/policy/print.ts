import { operatorName, PRINCIPAL_KINDS, type Condition, type KeyPolicy, type PrincipalEntry, type Statement } from './document';
import { readPolicy, type ReadPolicy } from './read';

type Plain = string | readonly string[] | { readonly [name: string]: Plain };

function oneOrMany(values: readonly string[]): Plain {
  const [first, ...more] = values;
  return first !== undefined && more.length === 0 ? first : values;
}

function principalForm(entries: readonly PrincipalEntry[]): Plain {
  if (entries.some(({ kind }) => kind === '*')) return '*';
  const kinds = PRINCIPAL_KINDS.map(
    (kind) => [kind, entries.filter((entry) => entry.kind === kind).map(({ value }) => value)] as const,
  );
  return Object.fromEntries(kinds.filter(([, values]) => values.length > 0).map(([kind, values]) => [kind, oneOrMany(values)]));
}

function conditionForm(conditions: readonly Condition[]): Plain {
  const operators = [...new Set(conditions.map(operatorName))];
  const rows = operators.map((name) => {
    const ofIt = conditions.filter((condition) => operatorName(condition) === name);
    return [name, Object.fromEntries(ofIt.map(({ key, values }) => [key, oneOrMany(values)]))] as const;
  });
  return Object.fromEntries(rows);
}

function statementForm(statement: Statement): Plain {
  const { sid, principal, notPrincipal, action, notAction, resource, notResource, conditions } = statement;
  return {
    ...(sid !== null && { Sid: sid }),
    Effect: statement.effect,
    ...(principal && { Principal: principalForm(principal) }),
    ...(notPrincipal && { NotPrincipal: principalForm(notPrincipal) }),
    ...(action && { Action: oneOrMany(action) }),
    ...(notAction && { NotAction: oneOrMany(notAction) }),
    ...(resource && { Resource: oneOrMany(resource) }),
    ...(notResource && { NotResource: oneOrMany(notResource) }),
    ...(conditions.length > 0 && { Condition: conditionForm(conditions) }),
  };
}

/**
 * A policy as JSON, two spaces deep, members in the order of the IAM grammar, one entry of a list a line: equal policies have
 * equal texts, and a line diff of two shows what changed. Ends with a newline.
 */
export function printPolicy({ version, id, statements }: KeyPolicy): string {
  const form = {
    ...(version !== null && { Version: version }),
    ...(id !== null && { Id: id }),
    Statement: statements.map(statementForm),
  };
  return `${JSON.stringify(form, null, 2)}\n`;
}

/** A policy that was not read but made, with the text it will have: what lint and places work on. */
export function asRead(policy: KeyPolicy): ReadPolicy {
  const reading = readPolicy(printPolicy(policy));
  if (!reading.ok) throw new Error(`A made policy does not read back: ${reading.problems[0]?.problem ?? ''}`);
  return { policy: reading.policy, text: reading.text, places: reading.places };
}

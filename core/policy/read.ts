import { nearest } from '../contract/nearest';
import {
  BASE_OPERATORS,
  PRINCIPAL_KINDS,
  pathText,
  type Condition,
  type KeyPolicy,
  type Path,
  type PrincipalEntry,
  type Statement,
} from './document';
import { lineAndColumn, readJson, type JsonMember, type JsonNode } from './json-reader';

/** Why a text is no key policy, at its place. Lines and columns count from 1. */
export interface PolicyProblem {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly problem: string;
  readonly remedy: string;
}

/** A policy with the text it came from, so that findings can name line and column. */
export interface ReadPolicy {
  readonly policy: KeyPolicy;
  readonly text: string;
  /** code-unit offsets by `pathText` of the path */
  readonly places: ReadonlyMap<string, number>;
}

export type PolicyReading =
  ({ readonly ok: true } & ReadPolicy) | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

/** `Policy` of CreateKey and PutKeyPolicy takes no more; a text beyond it is no key policy and is not parsed. */
export const MAX_CHARACTERS = 131_072;

const TOP = ['Version', 'Id', 'Statement'];
const MEMBERS = ['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'];
const VERSIONS = ['2012-10-17', '2008-10-17'] as const;

interface Reader {
  readonly places: Map<string, number>;
  readonly problems: { readonly at: number; readonly path: Path; readonly problem: string; readonly remedy: string }[];
}

function complain(reader: Reader, at: number, path: Path, problem: string, remedy: string): void {
  reader.problems.push({ at, path, problem, remedy });
}

/** The members of an object, their places noted; complaints about what is no object and about names nobody knows. */
function members(reader: Reader, node: JsonNode, path: Path, known: readonly string[] | null): ReadonlyMap<string, JsonMember> {
  if (node.kind !== 'object') {
    complain(reader, node.at, path, `${pathText(path) || 'The policy'} is no object.`, 'Write it in { }.');
    return new Map();
  }
  for (const { name, at } of node.members) {
    reader.places.set(pathText([...path, name]), at);
    if (known === null || known.includes(name)) continue;
    if (path.length === 0 && name === 'Policy') {
      const remedy = 'Save what it holds: aws kms get-key-policy --query Policy --output text';
      complain(reader, at, [name], 'This is the answer of GetKeyPolicy, which holds the policy as a text.', remedy);
      continue;
    }
    const meant = nearest(name, known);
    const remedy = meant === null ? `Known here are ${known.join(', ')}.` : `Is "${meant}" meant?`;
    complain(reader, at, [...path, name], `There is no "${name}" here; KMS refuses such a policy.`, remedy);
  }
  return new Map(node.members.map((member) => [member.name, member]));
}

function text(reader: Reader, member: JsonMember | undefined, path: Path): string | null {
  if (member === undefined) return null;
  if (member.value.kind === 'string') return member.value.text;
  complain(reader, member.value.at, path, `${pathText(path)} is no text.`, 'Write it in quotation marks.');
  return null;
}

/** One text or a list of texts. `scalar`: numbers and booleans will do as well, as in condition values. */
function texts(reader: Reader, node: JsonNode | undefined, path: Path, scalar = false): readonly string[] | null {
  if (node === undefined) return null;
  const items = node.kind === 'array' ? node.items : [node];
  if (node.kind === 'array' && items.length === 0)
    complain(reader, node.at, path, `${pathText(path)} is an empty list.`, 'Name at least one, or leave the statement out.');
  return items.flatMap((item, i) => {
    const at: Path = node.kind === 'array' ? [...path, i] : path;
    reader.places.set(pathText(at), node.kind === 'array' ? item.at : (reader.places.get(pathText(path)) ?? item.at));
    const fits =
      item.kind === 'string' || (scalar && (item.kind === 'number' || (item.kind === 'literal' && item.text !== 'null')));
    if (!fits) complain(reader, item.at, at, `${pathText(at)} is no text.`, 'Write it in quotation marks.');
    return fits ? [item.text] : [];
  });
}

function principals(reader: Reader, member: JsonMember | undefined, path: Path): readonly PrincipalEntry[] | null {
  if (member === undefined) return null;
  const { value } = member;
  if (value.kind === 'string') {
    if (value.text === '*') return [{ kind: '*', value: '*' }];
    complain(reader, value.at, path, `A principal cannot be the text "${value.text}".`, `Write { "AWS": "${value.text}" }.`);
    return [];
  }
  const byKind = members(reader, value, path, PRINCIPAL_KINDS);
  if (value.kind === 'object' && byKind.size === 0)
    complain(reader, value.at, path, `${pathText(path)} names nobody.`, 'Name a principal, or leave the statement out.');
  return PRINCIPAL_KINDS.flatMap((kind) => {
    const values = texts(reader, byKind.get(kind)?.value, [...path, kind]) ?? [];
    return values.map((entry) => ({ kind, value: entry }));
  });
}

const OPERATOR = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/;

function conditions(reader: Reader, member: JsonMember | undefined, path: Path): readonly Condition[] {
  if (member === undefined) return [];
  return [...members(reader, member.value, path, null)].flatMap(([name, block]) => {
    const [, set = null, base = '', ifExists] = OPERATOR.exec(name) ?? [];
    const operator = BASE_OPERATORS.find((known) => known === base);
    if (operator === undefined || (operator === 'Null' && ifExists !== undefined)) {
      const meant = nearest(base, BASE_OPERATORS);
      const remedy = meant === null ? 'See "IAM JSON policy elements: Condition operators".' : `Is "${meant}" meant?`;
      complain(reader, block.at, [...path, name], `"${name}" is no condition operator.`, remedy);
      return [];
    }
    return [...members(reader, block.value, [...path, name], null)].map(([key, { value }]) => ({
      set: set === 'ForAllValues' || set === 'ForAnyValue' ? set : null,
      operator,
      ifExists: ifExists !== undefined,
      key,
      values: texts(reader, value, [...path, name, key], true) ?? [],
    }));
  });
}

function effect(reader: Reader, member: JsonMember | undefined, node: JsonNode, path: Path): 'Allow' | 'Deny' {
  const value = text(reader, member, [...path, 'Effect']);
  if (value === 'Allow' || value === 'Deny') return value;
  const problem = value === null ? 'The statement has no Effect.' : `Effect cannot be "${value}".`;
  complain(reader, member?.at ?? node.at, [...path, 'Effect'], problem, 'Write "Allow" or "Deny".');
  return 'Deny';
}

function statement(reader: Reader, node: JsonNode, path: Path): Statement {
  reader.places.set(pathText(path), node.at);
  const found = members(reader, node, path, MEMBERS);
  for (const name of ['Principal', 'Action', 'Resource']) {
    const both = found.get(`Not${name}`);
    if (both !== undefined && found.has(name))
      complain(reader, both.at, [...path, `Not${name}`], `${name} and Not${name} exclude each other.`, `Remove Not${name}.`);
  }
  const list = (name: string) => texts(reader, found.get(name)?.value, [...path, name]);
  return {
    sid: text(reader, found.get('Sid'), [...path, 'Sid']),
    effect: effect(reader, found.get('Effect'), node, path),
    principal: principals(reader, found.get('Principal'), [...path, 'Principal']),
    notPrincipal: principals(reader, found.get('NotPrincipal'), [...path, 'NotPrincipal']),
    action: list('Action'),
    notAction: list('NotAction'),
    resource: list('Resource'),
    notResource: list('NotResource'),
    conditions: conditions(reader, found.get('Condition'), [...path, 'Condition']),
  };
}

function document(reader: Reader, node: JsonNode): KeyPolicy {
  const top = members(reader, node, [], TOP);
  const given = text(reader, top.get('Version'), ['Version']);
  const version = VERSIONS.find((known) => known === given) ?? null;
  if (given !== null && version === null)
    complain(reader, top.get('Version')?.at ?? 0, ['Version'], `There is no policy language "${given}".`, 'Write "2012-10-17".');
  const list = top.get('Statement')?.value;
  if (node.kind === 'object' && list === undefined && !top.has('Policy'))
    complain(reader, node.at, ['Statement'], 'The policy has no Statement.', 'Choose the file of a key policy.');
  const items = list?.kind === 'array' ? list.items : list === undefined ? [] : [list];
  // A single statement stands without a list; its path is the same in both forms, so that findings read alike.
  const statements = items.map((item, i) => statement(reader, item, ['Statement', i]));
  return { version, id: text(reader, top.get('Id'), ['Id']), statements };
}

/**
 * Reads the JSON text of a key policy, as strictly as KMS does and in two things more: a name that stands twice is refused, and so
 * is everything a policy has no place for. What KMS takes but should not be written is left to the lint.
 */
export function readPolicy(source: string): PolicyReading {
  const refuse = (at: number, path: Path, problem: string, remedy: string): PolicyProblem => ({
    path: pathText(path),
    ...lineAndColumn(source, at),
    problem,
    remedy,
  });
  if (source.length > MAX_CHARACTERS)
    return {
      ok: false,
      problems: [refuse(0, [], 'The file is larger than any key policy.', 'Choose the file of a key policy.')],
    };
  if (source.startsWith('\ufeff')) {
    const remedy = 'Save it as UTF-8 without a byte order mark.';
    return { ok: false, problems: [refuse(0, [], 'The file begins with a byte order mark, which KMS refuses.', remedy)] };
  }
  const json = readJson(source);
  if (!json.ok)
    return { ok: false, problems: [refuse(json.error.at, [], json.error.problem, 'Correct the JSON at this place.')] };
  const reader: Reader = { places: new Map(), problems: [] };
  const policy = document(reader, json.node);
  const problems = reader.problems.toSorted((a, b) => a.at - b.at);
  if (problems.length > 0)
    return { ok: false, problems: problems.map(({ at, path, problem, remedy }) => refuse(at, path, problem, remedy)) };
  return { ok: true, policy, text: source, places: reader.places };
}

/** Line and column of a path, or of the nearest part above it. */
export function placeOf(read: ReadPolicy, path: Path): { readonly line: number; readonly column: number } {
  for (let length = path.length; length > 0; length -= 1) {
    const at = read.places.get(pathText(path.slice(0, length)));
    if (at !== undefined) return lineAndColumn(read.text, at);
  }
  return { line: 1, column: 1 };
}

/** A JSON value with the place it stands at: `at` counts UTF-16 code units from the beginning of the text. */
export type JsonNode =
  | { readonly kind: 'object'; readonly at: number; readonly members: readonly JsonMember[] }
  | { readonly kind: 'array'; readonly at: number; readonly items: readonly JsonNode[] }
  | { readonly kind: 'string' | 'number' | 'literal'; readonly at: number; readonly text: string };

export interface JsonMember {
  readonly name: string;
  /** where its name stands */
  readonly at: number;
  readonly value: JsonNode;
}

export interface JsonProblem {
  readonly at: number;
  readonly problem: string;
}

export type JsonReading = { readonly ok: true; readonly node: JsonNode } | { readonly ok: false; readonly error: JsonProblem };

/** Deeper than any key policy: a condition's value lies six levels down. */
const MAX_DEPTH = 16;

const STRING = /"(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;
const SPACE = /[ \t\r\n]*/y;

interface Cursor {
  readonly text: string;
  at: number;
}

class Unreadable extends Error {
  readonly place: JsonProblem;
  constructor(place: JsonProblem) {
    super(place.problem);
    this.place = place;
  }
}

function stop(at: number, problem: string): never {
  throw new Unreadable({ at, problem });
}

/** The text `pattern` (sticky) matches at the cursor, which moves behind it; null where it does not match. */
function take(cursor: Cursor, pattern: RegExp): string | null {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text)?.[0];
  if (found === undefined) return null;
  cursor.at += found.length;
  return found;
}

/** The next character that is no white space, without taking it; '' at the end. */
function peek(cursor: Cursor): string {
  take(cursor, SPACE);
  return cursor.text.charAt(cursor.at);
}

function expect(cursor: Cursor, character: string, where: string): void {
  if (peek(cursor) !== character) stop(cursor.at, `Here "${character}" is due ${where}.`);
  cursor.at += 1;
}

function takeString(cursor: Cursor): string {
  const at = cursor.at;
  const quoted = take(cursor, STRING);
  if (quoted === null) stop(at, 'This text does not end on its line, or holds an escape JSON does not know.');
  return JSON.parse(quoted) as string;
}

/** Takes the parts of an object or array up to `end`; commas between them, none behind the last. */
function takeList(cursor: Cursor, end: string, takeOne: () => void): void {
  cursor.at += 1;
  if (peek(cursor) === end) {
    cursor.at += 1;
    return;
  }
  for (;;) {
    peek(cursor);
    takeOne();
    if (peek(cursor) === ',') {
      cursor.at += 1;
      continue;
    }
    expect(cursor, end, 'or a comma');
    return;
  }
}

function takeObject(cursor: Cursor, depth: number): JsonNode {
  const at = cursor.at;
  const members: JsonMember[] = [];
  const names = new Set<string>();
  takeList(cursor, '}', () => {
    const nameAt = cursor.at;
    if (cursor.text.charAt(nameAt) !== '"') stop(nameAt, 'Here a name in quotation marks is due.');
    const name = takeString(cursor);
    // JSON.parse would quietly keep the last of two: what a reviewer read would not be what KMS does.
    if (names.has(name)) stop(nameAt, `"${name}" stands twice in one object.`);
    names.add(name);
    expect(cursor, ':', 'after the name');
    members.push({ name, at: nameAt, value: takeValue(cursor, depth + 1) });
  });
  return { kind: 'object', at, members };
}

function takeArray(cursor: Cursor, depth: number): JsonNode {
  const at = cursor.at;
  const items: JsonNode[] = [];
  takeList(cursor, ']', () => items.push(takeValue(cursor, depth + 1)));
  return { kind: 'array', at, items };
}

function takeValue(cursor: Cursor, depth: number): JsonNode {
  const first = peek(cursor);
  const at = cursor.at;
  if (depth > MAX_DEPTH) stop(at, 'This is nested deeper than any key policy.');
  if (first === '{') return takeObject(cursor, depth);
  if (first === '[') return takeArray(cursor, depth);
  if (first === '"') return { kind: 'string', at, text: takeString(cursor) };
  const number = take(cursor, NUMBER);
  if (number !== null) return { kind: 'number', at, text: number };
  const literal = take(cursor, LITERAL);
  if (literal !== null) return { kind: 'literal', at, text: literal };
  return stop(at, first === '' ? 'The text ends here, in the middle.' : 'This is no JSON value.');
}

/** Reads JSON (RFC 8259) with places. Stricter than JSON.parse: a name that stands twice in one object is refused. */
export function readJson(text: string): JsonReading {
  const cursor = { text, at: 0 };
  try {
    const node = takeValue(cursor, 0);
    if (peek(cursor) !== '') stop(cursor.at, 'The policy ended before; this is too much.');
    return { ok: true, node };
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, error: error.place };
    throw error;
  }
}

/** Line and column of a place, both counted from 1; columns in UTF-16 code units. */
export function lineAndColumn(text: string, at: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, at).split(/\r\n|\r|\n/);
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

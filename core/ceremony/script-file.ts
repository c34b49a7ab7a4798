import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { lint } from './lint';
import { script as schema, type Script } from './script';

/** A place in a script file and what to do about it. Lines and columns count from 1. */
export interface ScriptProblem {
  readonly line: number;
  readonly column: number;
  readonly problem: string;
  readonly remedy: string;
}

export type ScriptReading =
  { readonly ok: true; readonly script: Script } | { readonly ok: false; readonly problems: readonly ScriptProblem[] };

/** No script is larger than this many characters: a wrong file is refused before it is parsed. */
const MAX_CHARACTERS = 512 * 1024;

/**
 * Reads a ceremony script: YAML 1.2 core, no aliases, no custom tags, no duplicate or unknown fields, then the lint.
 * Every problem comes with its line, column and remedy; a script with one problem is not a script.
 */
export function readScript(text: string): ScriptReading {
  if (text.length > MAX_CHARACTERS) {
    return refuse([
      { line: 1, column: 1, problem: 'The file is larger than any ceremony script.', remedy: 'Choose the script file.' },
    ]);
  }
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, schema: 'core', strict: true, uniqueKeys: true });
  const syntax = [...document.errors, ...document.warnings].map((error) => {
    const { line, col } = counter.linePos(error.pos[0]);
    return { line, column: col, problem: firstLine(error.message), remedy: 'Correct the YAML at this place.' };
  });
  if (syntax.length > 0) return refuse(syntax);
  return readDocument(document, counter);
}

function readDocument(document: Document, counter: LineCounter): ScriptReading {
  const locate = (path: readonly (string | number)[]) => position(document, counter, path);
  const plain: unknown = toPlain(document);
  if (plain === undefined)
    return refuse([
      {
        line: 1,
        column: 1,
        problem: 'The file uses YAML aliases.',
        remedy: 'Write the repeated part out: a reviewer must see what runs.',
      },
    ]);
  const parsed = schema.safeParse(plain);
  if (!parsed.success) {
    return refuse(
      parsed.error.issues.flatMap((issue) => {
        const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
        if (issue.code !== 'unrecognized_keys')
          return [
            {
              ...locate(path),
              problem: `${path.join('.') || 'The file'}: ${issue.message}.`,
              remedy: 'See docs/ceremony-scripts.md for what this field may hold.',
            },
          ];
        return issue.keys.map((key) => ({
          ...locate([...path, key]),
          problem: `Unknown field "${key}".`,
          remedy: 'Remove it or correct its spelling; fields the engine does not know are never ignored.',
        }));
      }),
    );
  }
  const findings = lint(parsed.data).map(({ at, problem, remedy }) => ({ ...locate(at), problem, remedy }));
  return findings.length > 0 ? refuse(findings) : { ok: true, script: parsed.data };
}

function toPlain(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch (error) {
    if (error instanceof ReferenceError) return undefined;
    throw error;
  }
}

/** Where a path into the document stands: the key if there is one, else the nearest part above it. */
function position(
  document: Document,
  counter: LineCounter,
  path: readonly (string | number)[],
): { line: number; column: number } {
  for (let length = path.length; length > 0; length -= 1) {
    const offset = keyOffset(document, path.slice(0, length));
    if (offset !== null) {
      const { line, col } = counter.linePos(offset);
      return { line, column: col };
    }
  }
  return { line: 1, column: 1 };
}

function keyOffset(document: Document, path: readonly (string | number)[]): number | null {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isMap(parent)) {
    const pair = parent.items.find(({ key }) => isScalar(key) && key.value === last);
    return pair && isScalar(pair.key) && pair.key.range ? pair.key.range[0] : null;
  }
  const node: unknown = document.getIn(path, true);
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)
    ? (node.range[0] as number)
    : null;
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? message;
}

function refuse(problems: readonly ScriptProblem[]): ScriptReading {
  return { ok: false, problems: [...problems].sort((a, b) => a.line - b.line || a.column - b.column) };
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineAndColumn, readJson, type JsonNode } from '../../../core/policy/json-reader';

function plain(node: JsonNode): unknown {
  if (node.kind === 'object') return Object.fromEntries(node.members.map(({ name, value }) => [name, plain(value)]));
  if (node.kind === 'array') return node.items.map(plain);
  return node.kind === 'string' ? node.text : (JSON.parse(node.text) as unknown);
}

describe('readJson', () => {
  it('reads what JSON.parse reads, however it is laid out', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(0, 1, 2, '\t'), (value, space) => {
        const text = JSON.stringify(value, null, space);
        const reading = readJson(text);
        expect(reading.ok && plain(reading.node)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuses whatever JSON.parse refuses', () => {
    const near = fc.tuple(
      fc.json({ maxDepth: 3 }),
      fc.nat(),
      fc.constantFrom('', ',', '"', '}', '{', ':', '\\', '\u0001', '0', 'e', '-'),
    );
    fc.assert(
      fc.property(near, ([text, at, put]) => {
        const place = at % (text.length + 1);
        const broken = text.slice(0, place) + put + text.slice(place + 1);
        let isJson = true;
        try {
          JSON.parse(broken);
        } catch {
          isJson = false;
        }
        if (!isJson) expect(readJson(broken).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['a name twice', '{"a":1,\n "a":2}', 9, '"a" stands twice in one object.'],
    ['an escaped name twice', '{"a":1,"\\u0061":2}', 7, '"a" stands twice in one object.'],
    ['the end in the middle', '{"a":', 5, 'The text ends here, in the middle.'],
    ['nothing', '  ', 2, 'The text ends here, in the middle.'],
    ['a comma too many', '[1,]', 3, 'This is no JSON value.'],
    ['a comment', '{} // why', 3, 'The policy ended before; this is too much.'],
    ['a text over two lines', '["a\nb"]', 1, 'This text does not end on its line, or holds an escape JSON does not know.'],
    ['an unquoted name', '{a:1}', 1, 'Here a name in quotation marks is due.'],
    ['a missing colon', '{"a" 1}', 5, 'Here ":" is due after the name.'],
    ['a missing comma', '["a" "b"]', 5, 'Here "]" is due or a comma.'],
  ])('says of %s where it is', (_what, text, at, problem) => {
    expect(readJson(text)).toEqual({ ok: false, error: { at, problem } });
  });

  it('does not go down without end', () => {
    expect(readJson('['.repeat(100_000))).toMatchObject({ ok: false, error: { at: 17 } });
  });

  it('counts lines and columns from 1, over every kind of line end', () => {
    expect(lineAndColumn('a\r\nb\rc\nd', 7)).toEqual({ line: 4, column: 1 });
    expect(lineAndColumn('{"é": 1}', 6)).toEqual({ line: 1, column: 7 });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fittedTable, shortened, wrapped } from '../../../core/cli/fitted-table';

describe('fittedTable', () => {
  it('puts what does not fit beside below, under the first column once more', () => {
    const rows = [
      ['', 'see', 'policy', 'use'],
      ['role/Admin', 'yes', 'yes', 'deny'],
    ];
    expect(fittedTable(rows, 40)).toEqual(['            see  policy  use', 'role/Admin  yes  yes     deny']);
    expect(fittedTable(rows, 24)).toEqual([
      '            see  policy',
      'role/Admin  yes  yes',
      '',
      '            use',
      'role/Admin  deny',
    ]);
  });

  it('never cuts a cell, and no line is longer than the terminal', () => {
    const cell = fc.stringMatching(/^[a-z]{1,8}$/);
    const table = fc
      .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 4 }))
      .chain(([columns, lines]) =>
        fc.array(fc.array(cell, { minLength: columns + 1, maxLength: columns + 1 }), { minLength: lines, maxLength: lines }),
      );
    fc.assert(
      fc.property(table, fc.integer({ min: 20, max: 60 }), (rows, width) => {
        const lines = fittedTable(rows, width);
        expect(lines.every((line) => line.length <= width)).toBe(true);
        const words = lines.join(' ').split(/\s+/);
        for (const row of rows) for (const text of row.slice(1)) expect(words).toContain(text);
      }),
    );
  });

  it('shortens a name in its middle', () => {
    expect(shortened('role/ceremony/OperatorA', 11)).toBe('role/…atorA');
    expect(shortened('short', 11)).toBe('short');
  });

  it('wraps at words', () => {
    expect(wrapped('one two three', 9, '  ')).toEqual(['  one two', '  three']);
    expect(wrapped('a-word-too-long for it', 6, '')).toEqual(['a-word-too-long', 'for it']);
  });
});

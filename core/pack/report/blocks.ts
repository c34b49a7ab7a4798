import type { Content, TableCell } from 'pdfmake';
import type { Check, ShowBlock } from '../../keys/evidence';
import { BEAT } from './beat';
import { codeText } from './code-text';
import { factTable, fingerprint, HEADED, hexGroups, INK, label, TEXT_WIDTH, words } from './look';

/** Long runs without a space would leave the page: hex is grouped; what has no hyphen or slash to break at is broken where it must be. */
function breakable(text: string): string {
  return text.replace(/\b[0-9a-f]{40,}\b/gi, hexGroups).replace(/[^\s/-]{44}(?=[^\s/-])/g, '$& ');
}

/** What was put before the people, as on the screen. */
export function showBlock(block: ShowBlock): Content {
  return { stack: [words(block.title, { bold: true, fontSize: 8.8, margin: [0, 3, 0, 2] }), body(block)], margin: [0, 0, 0, 5] };
}

function body(block: ShowBlock): Content {
  switch (block.kind) {
    case 'facts':
      return factTable(
        block.rows.map(({ name, value, mono }) => [
          name,
          words(breakable(value), mono ? { style: 'mono', fontSize: 7.8 } : { fontSize: 8.6 }),
        ]),
        128,
      );
    case 'attributes':
      return table(
        ['Attribute', 'Wanted', 'Got', ''],
        comparedWidths(block.rows.map(({ name }) => name)),
        block.rows.map(({ name, wanted, got, ok }) => [fixed(name), wanted, got, verdict(ok, 'equal', 'DIFFERS')]),
      );
    case 'table':
      if (block.rows.length === 0) return words(block.empty, { fontSize: 8.6, color: INK.muted });
      return table(
        block.columns,
        block.columns.map(() => 'auto'),
        block.rows,
      );
    case 'fingerprint':
      return fingerprint(block.digest);
    case 'code':
      return codeText(block.text);
    case 'qr':
      return { qr: block.text, fit: 120 };
  }
}

/** What the machine checked, rule by rule. */
export function checkTable(checks: readonly Check[]): Content {
  return table(
    ['Rule', 'Wanted', 'Got', ''],
    comparedWidths(checks.map(({ rule }) => rule)),
    checks.map(({ rule, wanted, got, ok }) => [fixed(rule), wanted, got, verdict(ok, 'holds', 'FAILS')]),
  );
}

/** Points that the longest verdict takes, a capital of a name, and the space between four columns. */
const [VERDICT_WIDTH, CAPITAL_WIDTH, BETWEEN_FOUR] = [38, 5.4, 42];

/** Name, wanted, got and verdict. Fixed: a column that grows with its longest value would push the verdict off the page. */
function comparedWidths(names: readonly string[]): number[] {
  const name = Math.ceil(Math.max(...names.map(({ length }) => length), 8) * CAPITAL_WIDTH);
  const value = Math.floor((TEXT_WIDTH - BEAT - BETWEEN_FOUR - name - VERDICT_WIDTH) / 2);
  return [name, value, value, VERDICT_WIDTH];
}

/** A name that is looked up by: never broken. */
function fixed(name: string): Content {
  return words(name, { fontSize: 8, noWrap: true });
}

function verdict(ok: boolean, good: string, bad: string): Content {
  return { text: ok ? good : bad, bold: true, fontSize: 8, color: ok ? INK.accent : INK.alarm, noWrap: true };
}

function table(columns: readonly string[], widths: readonly (string | number)[], rows: readonly (readonly Content[])[]): Content {
  const width = widths.map((one) =>
    one === 'auto' && widths.every((other) => other === 'auto') ? `${Math.floor(100 / widths.length)}%` : one,
  );
  const head = columns.map((column) => label(column));
  const cells = rows.map((row) =>
    row.map((cell): TableCell => (typeof cell === 'string' ? words(breakable(cell), { fontSize: 8 }) : (cell as TableCell))),
  );
  return { table: { headerRows: 1, widths: width, body: [head, ...cells], dontBreakRows: true }, layout: HEADED };
}

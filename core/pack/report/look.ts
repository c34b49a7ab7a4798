import type { Content, CustomTableLayout, Style, TableCell } from 'pdfmake';
import { fingerprintRows } from '../../evidence/words';
import { printable } from './printable';

/** Colours that stay apart for colour-blind readers and in grey; meaning never hangs on them alone. */
export const INK = {
  text: '#10161d',
  muted: '#586472',
  line: '#cfd6dd',
  band: '#f2f5f8',
  accent: '#0a4f96',
  alarm: '#a8500a',
} as const;

/** A4 in points, with margins that leave room for a punched folder. */
export const PAGE = { width: 595.28, height: 841.89, margin: 56, top: 58, bottom: 58 } as const;
export const TEXT_WIDTH = PAGE.width - 2 * PAGE.margin;

export const STYLES: Readonly<Record<string, Style>> = {
  title: { fontSize: 27, lineHeight: 1.05, color: INK.text },
  heading: { fontSize: 16, color: INK.text, margin: [0, 0, 0, 8] },
  label: { fontSize: 6.8, bold: true, color: INK.muted, characterSpacing: 0.8 },
  mono: { fontSize: 8.4, characterSpacing: 0.55 },
  small: { fontSize: 7.6, color: INK.muted },
  words: { fontSize: 9.6, italics: true, lineHeight: 1.2 },
};

/** pdfmake's text element, which its types do not export by name. */
type ContentText = Extract<Content, { text: unknown }>;
type Looks = Partial<Omit<ContentText, 'text'>>;

/** Text out of a transcript or script, as far as the font can draw it. */
export function words(text: string, looks: Looks = {}): ContentText {
  return { text: printable(text), ...looks };
}

/** A small heading over a block, in capitals that are spaced apart. */
export function label(text: string, looks: Looks = {}): ContentText {
  return { text: printable(text).toUpperCase(), style: 'label', ...looks };
}

/** A chapter's heading. */
export function heading(text: string, looks: Looks = {}): ContentText {
  return { text: printable(text), style: 'heading', ...looks };
}

/** Hairlines between rows, none around: a table to read along. */
export const HAIRLINES: CustomTableLayout = {
  hLineWidth: (row, { table }) => (row === 0 || row === table.body.length ? 0 : 0.5),
  vLineWidth: () => 0,
  hLineColor: () => INK.line,
  paddingLeft: (column) => (column === 0 ? 0 : 6),
  paddingRight: () => 6,
  paddingTop: () => 2.6,
  paddingBottom: () => 2.2,
};

/** The same with a rule under its heading row. */
export const HEADED: CustomTableLayout = {
  ...HAIRLINES,
  hLineWidth: (row, { table }) => (row === 1 ? 0.9 : row === 0 || row === table.body.length ? 0 : 0.4),
  hLineColor: (row) => (row === 1 ? INK.text : INK.line),
};

/** Name and value, one under the other. Long values break anywhere. */
export function factTable(rows: readonly (readonly [string, Content])[], nameWidth = 92): Content {
  if (rows.length === 0) return '';
  const body = rows.map(([name, value]): TableCell[] => [words(name, { color: INK.muted, fontSize: 8.4 }), value as TableCell]);
  return { table: { widths: [nameWidth, '*'], body, dontBreakRows: true }, layout: HAIRLINES };
}

/** A digest for the eye and the ear: eight numbered rows of hex and words. */
export function fingerprint(digest: string): Content {
  const body = fingerprintRows(digest).map(({ n, hex, words: row }): TableCell[] => [
    { text: String(n), color: INK.muted, alignment: 'right', fontSize: 8 },
    { text: hex.replace(/(....)/, '$1 '), style: 'mono' },
    { text: row, fontSize: 8.6, noWrap: true },
  ]);
  return { table: { widths: [8, 58, '*'], body, dontBreakRows: true }, layout: HAIRLINES };
}

/** Makes long hex, ids and paths breakable: a zero-width chance to break after every few signs would not be drawn by Roboto, a space is. */
export function hexGroups(hex: string): string {
  return hex.replace(/(.{8})(?=.)/g, '$1 ');
}

/** `2026-11-22 09:14:02`, UTC. */
export function utc(at: string): string {
  return at === '' ? '' : at.slice(0, 19).replace('T', ' ');
}

/** `09:14:02`, UTC. */
export function clock(at: string): string {
  return at.slice(11, 19);
}

/** Whole minutes and seconds between two times, e.g. `3 min 20 s`. */
export function duration(from: string, to: string): string {
  const seconds = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}

/** A line to write on. */
export function blank(width: number, caption: string): Content {
  return {
    stack: [
      { canvas: [{ type: 'line', x1: 0, y1: 0, x2: width, y2: 0, lineWidth: 0.7, lineColor: INK.text }], margin: [0, 20, 0, 2] },
      { text: caption, style: 'small' },
    ],
  };
}

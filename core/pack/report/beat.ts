import type { Content } from 'pdfmake';
import { INK, label, TEXT_WIDTH, words } from './look';

/** Width of the column that holds step numbers and the names of the beats. */
export const BEAT = 46;

export function actTitle(title: string): Content {
  return words(title, { fontSize: 12.5, color: INK.accent, margin: [0, 10, 0, 4] });
}

/** The line over a step. */
export function rule(): Content {
  return {
    canvas: [{ type: 'line', x1: 0, y1: 0, x2: TEXT_WIDTH, y2: 0, lineWidth: 0.9, lineColor: INK.text }],
    margin: [0, 4, 0, 4],
  };
}

/** READ, DO, SHOW, CHECK or SEAL with what belongs to it. */
export function beatRow(name: string, content: Content): Content {
  return {
    columns: [
      { width: BEAT, ...label(name, { margin: [0, 2.4, 0, 0] }) },
      { width: '*', stack: [content] },
    ],
    margin: [0, 0, 0, 5],
  };
}

import type { Content } from 'pdfmake';
import { words } from './look';

/** Signs of Courier in one line between the margins of a step. */
const WIDTH = 98;
/** A policy is in a record four times: as it is, in a command, and in two templates. The rest of each stands in the transcript. */
const MOST_LINES = 60;
/** Where a line goes on only because the page ends. */
const GOES_ON = '¬';

/** The lines of a command, template or policy as the page has room for them: never a sign more or less, broken where `¬` says so. */
export function codeLines(text: string): readonly string[] {
  const lines = text.trimEnd().split('\n').flatMap(broken);
  if (lines.length <= MOST_LINES) return lines;
  return [...lines.slice(0, MOST_LINES), `(${lines.length - MOST_LINES} more lines: whole in the transcript, at this event)`];
}

function broken(line: string): string[] {
  const parts = line.match(new RegExp(`.{1,${WIDTH}}`, 'gu')) ?? [''];
  return parts.map((part, i) => (i < parts.length - 1 ? part + GOES_ON : part));
}

/** Text that may be typed again from the page: in Courier, and to the letter. */
export function codeText(text: string): Content {
  return words(codeLines(text).join('\n'), { font: 'Courier', fontSize: 6.6, lineHeight: 1.4, preserveLeadingSpaces: true });
}

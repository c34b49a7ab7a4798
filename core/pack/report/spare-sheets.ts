import type { Content } from 'pdfmake';
import { blank, heading, INK, label, TEXT_WIDTH, words } from './look';

/** Empty exception sheets, two to a page: paper goes on when the program does not. */
export function spareSheets(count: number): Content {
  return [
    heading('Spare exception sheets', { pageBreak: 'before' }),
    words('For exceptions called while the program could not record them. Number them on from the last one.', {
      color: INK.muted,
      margin: [0, 0, 0, 4],
    }),
    ...Array.from({ length: count }, (_, i) => emptySheet(i > 0 && i % 2 === 0)),
  ];
}

function emptySheet(beginsPage: boolean): Content {
  const half = (TEXT_WIDTH - 16) / 2;
  const third = (TEXT_WIDTH - 32) / 3;
  const row = (...cells: Content[]): Content => ({ columns: cells, columnGap: 16 });
  return {
    unbreakable: true,
    ...(beginsPage && { pageBreak: 'before' as const }),
    margin: [0, 12, 0, 14],
    stack: [
      label('Exception', { color: INK.alarm }),
      row(blank(third, 'Number'), blank(third, 'Step'), blank(third, 'Date and time (UTC)')),
      choice('Severity', ['cosmetic', 'procedural', 'security', 'fatal']),
      blank(TEXT_WIDTH, 'What was expected'),
      blank(TEXT_WIDTH, 'What happened'),
      blank(TEXT_WIDTH, ''),
      choice('Decision', ['go on', 'repeat the step', 'stop']),
      choice('Effect on the key', ['none', 'done again', 'destroyed']),
      row(blank(half, 'Decided by'), blank(half, 'Owner of what is left')),
      row(blank(third, 'Initials CA'), blank(third, 'Initials IW'), blank(third, 'Initials EW')),
    ],
  };
}

/** One of several, to be ringed. A circle means exactly one; nothing here is a box that must be ticked. */
function choice(name: string, options: readonly string[]): Content {
  const marked = options.map((option) => `\u25cb  ${option}`).join('        ');
  return {
    columns: [
      { width: 96, text: name, style: 'small', margin: [0, 1, 0, 0] },
      { width: '*', text: marked, fontSize: 8.8, preserveLeadingSpaces: true },
    ],
    margin: [0, 14, 0, 0],
  };
}

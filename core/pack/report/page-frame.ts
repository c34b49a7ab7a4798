import type { Content, createPdf } from 'pdfmake';
import { printable } from './printable';
import { shortWords } from '../../evidence/words';
import { INK, PAGE, STYLES } from './look';

/** A whole document as pdfmake takes it. */
export type Document = Parameters<typeof createPdf>[0];

/** What every page says of itself. */
export interface PageFrame {
  readonly title: string;
  readonly subject: string;
  readonly runMode: 'rehearsal' | 'production';
  readonly ceremonyId: string;
  /** of the script, whose first words are in every footer */
  readonly scriptSha256: string;
  readonly createdAt: Date;
}

/** A document in the report's looks. The same input gives the same bytes: the date is that of the ceremony, not of the drawing. */
export function framed(frame: PageFrame, content: Content): Document {
  const { title, subject, createdAt, runMode } = frame;
  const info = {
    title: printable(title),
    subject: printable(subject),
    author: 'Keyrite',
    creator: 'Keyrite',
    producer: 'Keyrite',
    creationDate: createdAt,
    modDate: createdAt,
  };
  return {
    info,
    pageSize: 'A4',
    pageMargins: [PAGE.margin, PAGE.top, PAGE.margin, PAGE.bottom],
    defaultStyle: { font: 'Roboto', fontSize: 9.2, lineHeight: 1.15, color: INK.text },
    styles: { ...STYLES },
    header: () => header(frame),
    footer: (page, pages) => footer(frame, page, pages),
    ...(runMode === 'rehearsal' && {
      background: hatchedBand,
      watermark: { text: 'REHEARSAL', color: INK.alarm, opacity: 0.07, bold: true, angle: -54, fontSize: 118 },
    }),
    content,
  };
}

function header({ title, ceremonyId }: PageFrame): Content {
  return {
    margin: [PAGE.margin, 32, PAGE.margin, 0],
    columns: [
      { text: printable(title), fontSize: 7.6, color: INK.muted },
      { text: printable(ceremonyId), fontSize: 7.6, color: INK.muted, alignment: 'right' },
    ],
  };
}

function footer({ runMode, scriptSha256 }: PageFrame, page: number, pages: number): Content {
  const mode = runMode === 'rehearsal' ? 'REHEARSAL' : 'PRODUCTION';
  return {
    margin: [PAGE.margin, 18, PAGE.margin, 0],
    stack: [
      {
        canvas: [{ type: 'line', x1: 0, y1: 0, x2: PAGE.width - 2 * PAGE.margin, y2: 0, lineWidth: 0.5, lineColor: INK.line }],
        margin: [0, 0, 0, 5],
      },
      {
        columns: [
          { text: `${page} / ${pages}`, fontSize: 8, width: 60 },
          { text: `script  ${shortWords(scriptSha256)}`, fontSize: 8, color: INK.muted, alignment: 'center' },
          {
            text: mode,
            fontSize: 8,
            bold: true,
            width: 60,
            alignment: 'right',
            color: runMode === 'rehearsal' ? INK.alarm : INK.text,
          },
        ],
      },
    ],
  };
}

/** A band of stripes along the top edge: a rehearsal is told from a production record across a room, in grey as well. */
function hatchedBand(): Content {
  const stripes = Array.from(
    { length: 56 },
    (_, i) => `<path d="M${i * 11 - 12} 12 l12 -12 h5 l-12 12 z" fill="${INK.alarm}"/>`,
  ).join('');
  return {
    svg: `<svg xmlns="http://www.w3.org/2000/svg" width="${PAGE.width}" height="12" viewBox="0 0 ${PAGE.width} 12">${stripes}</svg>`,
    width: PAGE.width,
  };
}

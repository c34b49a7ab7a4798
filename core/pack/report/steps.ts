import type { Content, TableCell } from 'pdfmake';
import { shortWords } from '../../evidence/words';
import type { Check, ShowBlock } from '../../keys/evidence';
import { actTitle, BEAT, beatRow, rule } from './beat';
import { checkTable, showBlock } from './blocks';
import { codeLines } from './code-text';
import { clock, duration, factTable, heading, hexGroups, INK, words } from './look';
import type { RecordLine } from './record-line';
import type { Story, StepStory } from './story';

/** Every step with its number, under the five beats of the screen: READ, DO, SHOW, CHECK, SEAL. */
export function steps(story: Story): Content {
  let act = '';
  return [
    heading('Step by step', { pageBreak: 'before' }),
    ...story.steps.flatMap((step): Content[] => {
      const opensAct = step.act !== act;
      act = step.act;
      return [stepSection(step, opensAct ? [actTitle(step.act)] : [])];
    }),
    ...(story.between.length === 0 ? [] : [actTitle('Between the steps'), lines(story.between)]),
  ];
}

/** @param before the title of the act that this step opens: it must not stay behind on the page before */
function stepSection(step: StepStory, before: readonly Content[]): Content {
  if (step.begunAt === '') {
    return {
      stack: [...before, rule(), titleLine(step), words('Not reached.', { color: INK.muted, margin: [BEAT, 0, 0, 8] })],
      unbreakable: true,
    };
  }
  const parts = beats(step);
  const opening = { content: { stack: [...before, rule(), titleLine(step)] }, rows: 2 };
  const content = sum(parts) <= SHORT_ROWS ? [together([opening, ...parts])] : broken(opening, parts);
  return { stack: content, margin: [0, 0, 0, 8] };
}

/** A long step breaks between its beats, but its title stays with the first and its seal with the last. */
function broken(opening: Beat, parts: readonly Beat[]): Content[] {
  const [first, ...rest] = parts;
  const groups: Beat[][] = [[opening, ...(first ? [first] : [])], ...rest.slice(0, -2).map((beat) => [beat]), rest.slice(-2)];
  return groups.filter((group) => group.length > 0).map(together);
}

/** On one page, unless that could not be. */
function together(group: readonly Beat[]): Content {
  return { stack: group.map(({ content }) => content), unbreakable: sum(group) <= SHORT_ROWS };
}

function sum(parts: readonly Beat[]): number {
  return parts.reduce((rows, beat) => rows + beat.rows, 0);
}

function titleLine({ id, title, seat, minutes, begunAt, endedAt }: StepStory): Content {
  const times =
    begunAt === ''
      ? ''
      : `${clock(begunAt)} to ${clock(endedAt)} UTC, ${duration(begunAt, endedAt)}${minutes > 0 ? ` (planned ${minutes} min)` : ''}`;
  return {
    columns: [
      { width: BEAT, text: id, fontSize: 13, bold: true, color: INK.accent },
      {
        width: '*',
        text: [
          words(title || 'Step', { fontSize: 12.5 }),
          words(seat === '' ? '' : `   ${seat}`, { fontSize: 8.6, bold: true, color: INK.muted }),
        ],
      },
      { width: 'auto', ...words(times, { style: 'small', margin: [0, 4, 0, 0] }) },
    ],
    margin: [0, 0, 0, 4],
  };
}

/** A part of a step and how many rows it has, more or less. */
interface Beat {
  readonly content: Content;
  readonly rows: number;
}

/** So many rows take less than half a page. */
const SHORT_ROWS = 22;

function beats(step: StepStory): Beat[] {
  const { words: read, readBy, lines: done, blocks, artefacts: files, checks } = step;
  const show = [
    ...blocks.filter((block) => !isChecked(block, checks)).map((block) => [showBlock(block), rowsIn(block)] as const),
    ...(files.length > 0 ? [[fileList(files), files.length] as const] : []),
  ];
  return [
    ...(read === '' ? [] : [beat('Read', readOut(read, readBy), 4)]),
    ...(done.length === 0 ? [] : [beat('Do', lines(done), done.length)]),
    ...show.map(([content, rows], i) => beat(i === 0 ? 'Show' : '', content, rows)),
    ...(checks.length === 0 ? [] : [beat('Check', checkTable(checks), checks.length)]),
    beat('Seal', sealLine(step), 1),
  ];
}

function beat(name: string, content: Content, rows: number): Beat {
  return { content: beatRow(name, content), rows: rows + 1 };
}

/** Acts show their checks on the screen row by row; in the report the same rows stand under CHECK already. */
function isChecked(block: ShowBlock, checks: readonly Check[]): boolean {
  if (block.kind !== 'attributes' || block.rows.length === 0) return false;
  return block.rows.every((row) =>
    checks.some(({ rule, wanted, got, ok }) => rule === row.name && wanted === row.wanted && got === row.got && ok === row.ok),
  );
}

function rowsIn(block: ShowBlock): number {
  switch (block.kind) {
    case 'fingerprint':
      return 8;
    case 'code':
      return Math.ceil(codeLines(block.text).length / 2);
    case 'qr':
      return 10;
    default:
      return block.rows.length;
  }
}

function readOut(read: string, readBy: string): Content {
  return {
    stack: [
      words(`“${read.trim()}”`, { style: 'words' }),
      words(readBy === '' ? 'Not read.' : readBy, { style: 'small', margin: [0, 2, 0, 0] }),
    ],
  };
}

function sealLine({ seal }: StepStory): Content {
  if (!seal) return words('Not sealed.', { fontSize: 8.4, color: INK.muted });
  return words(`${clock(seal.at)} UTC, event ${seal.seq}, head ${shortWords(seal.head)}`, { fontSize: 8.4, color: INK.muted });
}

function lines(all: readonly RecordLine[]): Content {
  const body = all.map(({ at, seq, who, text, isAlarming }): TableCell[] => [
    { text: clock(at), fontSize: 8, color: INK.muted, noWrap: true },
    words(text, { fontSize: 8.8, ...(isAlarming && { color: INK.alarm, bold: true }) }),
    words(who, { fontSize: 8, color: INK.muted }),
    { text: `#${seq}`, fontSize: 8, color: INK.muted, alignment: 'right' },
  ]);
  const bare = {
    hLineWidth: () => 0,
    vLineWidth: () => 0,
    paddingLeft: () => 0,
    paddingRight: () => 6,
    paddingTop: () => 1.2,
    paddingBottom: () => 1.2,
  };
  return { table: { widths: [38, '*', 96, 24], body, dontBreakRows: true }, layout: bare };
}

function fileList(files: StepStory['artefacts']): Content {
  const rows = files.map(
    ({ name, size, sha256 }) =>
      [`artefacts/${name}`, words(`${size} bytes, SHA-256 ${hexGroups(sha256)}`, { fontSize: 7.4 })] as const,
  );
  return { stack: [words('Files', { bold: true, fontSize: 8.8, margin: [0, 3, 0, 2] }), factTable(rows, 132)] };
}

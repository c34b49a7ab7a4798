import { fill } from '../ceremony/fill';
import type { Action, Script, Step } from '../ceremony/script';
import { allSeats, minutesOf, neededSeats, plannedSteps, type Inputs } from '../ceremony/variant';
import { shortWords } from '../evidence/words';
import type { Content, TableCell } from 'pdfmake';
import { actTitle, BEAT, beatRow, rule } from './report/beat';
import { titleOf } from './report/event-line';
import { blank, factTable, fingerprint, heading, HEADED, INK, label, TEXT_WIDTH, words } from './report/look';
import { framed } from './report/page-frame';
import { pdf } from './report/pdf';
import { spareSheets } from './report/spare-sheets';

/** What is known when the paper is printed, before the ceremony. */
export interface PaperScript {
  readonly script: Script;
  /** SHA-256 of the exact bytes of the script */
  readonly sha256: string;
  readonly runMode: 'rehearsal' | 'production';
  readonly ceremonyId: string;
  readonly inputs: Inputs;
  readonly printedAt: Date;
}

const SPARE_SHEETS = 5;

/**
 * Draws the script as people hold it in the room: the same steps and numbers as on the screen, with room for times, initials and
 * what is read out. It is complete enough to go on by when the program dies.
 */
export async function drawPaperScript(paper: PaperScript): Promise<Uint8Array> {
  const { script, sha256, runMode, ceremonyId, inputs, printedAt } = paper;
  const title = `${script.title}: script for the room`;
  const frame = { title, subject: script.summary, runMode, ceremonyId, scriptSha256: sha256, createdAt: printedAt };
  let act = -1;
  const steps = plannedSteps(script, inputs).flatMap((planned): Content[] => {
    const opensAct = planned.act !== act;
    act = planned.act;
    return [stepSheet(planned.step, paper, opensAct ? (script.acts[act]?.title ?? '') : '')];
  });
  return pdf(framed(frame, [cover(paper), heading('The steps', { pageBreak: 'before' }), ...steps, spareSheets(SPARE_SHEETS)]));
}

function cover({ script, sha256, inputs, ceremonyId }: PaperScript): Content {
  const minutes = minutesOf(plannedSteps(script, inputs));
  const plain = (text: string) => words(text, { fontSize: 9 });
  const planned = Object.entries(inputs).map(
    ([name, value]) => [script.inputs[name]?.title ?? name, plain(script.inputs[name]?.options?.[value] ?? value)] as const,
  );
  return [
    label('Script for the room', { color: INK.accent, margin: [0, 26, 0, 6] }),
    words(script.title, { style: 'title' }),
    words(script.summary, { fontSize: 11, color: INK.muted, margin: [0, 6, 0, 16] }),
    factTable([['Ceremony id', plain(ceremonyId)], ['Time needed', plain(`${minutes} minutes`)], ...planned], 110),
    label('SHA-256 of the script', { margin: [0, 16, 0, 3] }),
    fingerprint(sha256),
    label('Who takes part', { margin: [0, 16, 0, 3] }),
    roles(script, neededSeats(script, inputs)),
    {
      columns: [
        { width: 160, stack: [blank(150, 'Date')] },
        { width: 160, stack: [blank(150, 'Begun (UTC)')] },
        { width: '*', stack: [blank(150, 'Ended (UTC)')] },
      ],
      margin: [0, 10, 0, 0],
    },
  ];
}

function roles(script: Script, needed: readonly string[]): Content {
  const head: TableCell[] = ['Seat', 'Role', 'Name in print', 'Initials'].map((text) => label(text));
  const body = allSeats(script).map(({ seat, role }): TableCell[] => [
    words(seat, { bold: true, margin: [0, 5, 0, 4] }),
    words(`${script.roles[role]?.title ?? role}${needed.includes(seat) ? '' : ' (may stay empty)'}`, { margin: [0, 5, 0, 4] }),
    '',
    '',
  ]);
  return { table: { widths: [32, 190, '*', 60], headerRows: 1, body: [head, ...body] }, layout: HEADED };
}

/** @param act the title of the act that this step opens, or '' */
function stepSheet(step: Step, { script, sha256, inputs, ceremonyId, runMode }: PaperScript, act: string): Content {
  const known = { ...inputs, id: ceremonyId, mode: runMode, 'script.words': shortWords(sha256) };
  const doing = doSheet(step.do, script, sha256, neededSeats(script, inputs), known);
  return {
    unbreakable: true,
    margin: [0, 0, 0, 8],
    stack: [
      ...(act === '' ? [] : [actTitle(act)]),
      rule(),
      {
        columns: [
          { width: BEAT, text: step.id, fontSize: 13, bold: true, color: INK.accent },
          {
            width: '*',
            text: [
              words(step.title, { fontSize: 12.5 }),
              words(`   ${step.seat}`, { fontSize: 8.6, bold: true, color: INK.muted }),
            ],
          },
          { width: 'auto', ...words(`${step.minutes} min`, { style: 'small', margin: [0, 4, 0, 0] }) },
        ],
        margin: [0, 0, 0, 4],
      },
      ...(step.read === undefined ? [] : [beatRow('Read', words(`“${onPaper(step.read, known).trim()}”`, { style: 'words' }))]),
      ...(doing === null ? [] : [beatRow('Do', doing)]),
      beatRow('If not', words(step.help, { style: 'small' })),
      {
        columns: [
          { width: BEAT, text: '' },
          { width: 110, stack: [blank(100, 'Time (UTC)')] },
          { width: 110, stack: [blank(100, 'Initials IW')] },
          { width: '*', stack: [blank(TEXT_WIDTH - BEAT - 220, 'Remarks, exception number')] },
        ],
      },
    ],
  };
}

/** What is found out in the ceremony is written in by hand. */
function onPaper(text: string, known: Inputs): string {
  return fill(text, known).replaceAll(/\{[a-zA-Z.]+\}/g, '____________');
}

function doSheet(act: Action, script: Script, sha256: string, seats: readonly string[], known: Inputs): Content | null {
  const line = (text: string) => words(text, { fontSize: 9 });
  switch (act.action) {
    case 'listen':
      return null;
    case 'attendance':
      return line('Each participant signs in with an own officer credential.');
    case 'confirm':
      return { stack: act.items.map((item) => marked('box', onPaper(item, known))) };
    case 'choose':
      return { stack: Object.values(act.options).map(({ title }) => marked('circle', onPaper(title, known))) };
    case 'enterTwice':
      return {
        stack: [
          line(`${act.title}: ${act.hint}`),
          {
            columns: [
              { width: 220, stack: [blank(210, 'First entry')] },
              { width: '*', stack: [blank(210, 'Second entry')] },
            ],
          },
        ],
      };
    case 'compare':
      return {
        stack: [
          line(`${act.title}: ${act.reader} reads, ${act.checker} compares each row.`),
          act.value === 'script.digest' ? fingerprint(sha256) : emptyRows(),
        ],
      };
    case 'approve':
      return line(
        `Approve "${act.gate}": ${script.approvals[act.gate]?.quorum ?? 0} of ${script.approvals[act.gate]?.of.join(', ') ?? ''}, each with an own officer credential.`,
      );
    case 'act':
      return line(`The program: ${titleOf(act.verb)}.`);
    case 'signOff':
      return { stack: [line('The head of the transcript, as it is read out:'), emptyRows(), signatureRows(seats)] };
  }
}

function signatureRows(seats: readonly string[]): Content {
  const head: TableCell[] = ['Seat', 'Agrees, or does not agree because', 'Signature', 'Date'].map((text) => label(text));
  const body = seats.map((seat): TableCell[] => [words(seat, { bold: true, margin: [0, 8, 0, 7] }), '', '', '']);
  return { table: { widths: [28, '*', 130, 64], headerRows: 1, body: [head, ...body] }, layout: HEADED, margin: [0, 12, 0, 0] };
}

/** A box must be ticked, or there is an exception; of circles exactly one is marked. */
function marked(shape: 'box' | 'circle', text: string): Content {
  const looks = { lineWidth: 0.8, lineColor: INK.text };
  const drawn =
    shape === 'box'
      ? { type: 'rect' as const, x: 0, y: 1.5, w: 8, h: 8, ...looks }
      : { type: 'ellipse' as const, x: 4, y: 5.5, r1: 4, r2: 4, ...looks };
  return {
    columns: [
      { width: 16, canvas: [drawn] },
      { width: '*', ...words(text, { fontSize: 9 }) },
    ],
    margin: [0, 1.5, 0, 1.5],
  };
}

function emptyRows(): Content {
  const body = Array.from({ length: 8 }, (_, i): TableCell[] => [
    { text: String(i + 1), color: INK.muted, alignment: 'right', margin: [0, 3, 0, 2] },
    '',
    '',
  ]);
  return {
    table: { widths: [10, 110, '*'], body },
    layout: { ...HEADED, hLineWidth: () => 0.5, hLineColor: () => INK.line, vLineWidth: () => 0 },
  };
}

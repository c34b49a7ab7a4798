import type { Content, TableCell } from 'pdfmake';
import { answerChecklist, type Answer } from './checklist';
import { heading, HEADED, INK, label, words } from './look';
import type { Story } from './story';

const ANSWERS: Readonly<Record<Answer, { text: string; color: string }>> = {
  yes: { text: 'yes', color: INK.accent },
  no: { text: 'NO', color: INK.alarm },
  open: { text: 'not in this script', color: INK.muted },
};

/** The auditor's twenty questions with what the transcript can answer, and where to look. */
export function checklistPage(story: Story): Content {
  const body = answerChecklist(story).map(({ n, question, answer, because, events }): TableCell[] => [
    { text: String(n), color: INK.muted, alignment: 'right' },
    { stack: [words(question, { fontSize: 9 }), words(because, { style: 'small' })] },
    { text: ANSWERS[answer].text, color: ANSWERS[answer].color, bold: answer !== 'open', fontSize: 8.8 },
    words(eventList(events), { fontSize: 8, color: INK.muted }),
  ]);
  const head: TableCell[] = [label(''), label('Question'), label('Answer'), label('Events')];
  return [
    heading('The auditor’s questions', { pageBreak: 'before' }),
    words(
      'Answered from the transcript alone. “Not in this script” is no fault: it says that the answer lies outside this record.',
      { color: INK.muted, margin: [0, 0, 0, 8] },
    ),
    { table: { widths: [14, '*', 76, 92], headerRows: 1, body: [head, ...body], dontBreakRows: true }, layout: HEADED },
  ];
}

/** `3, 5 to 8`: neighbours are joined. */
function eventList(events: readonly number[]): string {
  const sorted = [...new Set(events)].sort((a, b) => a - b);
  const runs: [number, number][] = [];
  for (const seq of sorted) {
    const last = runs.at(-1);
    if (last && last[1] === seq - 1) last[1] = seq;
    else runs.push([seq, seq]);
  }
  return runs.map(([from, to]) => (from === to ? String(from) : `${from} to ${to}`)).join(', ');
}

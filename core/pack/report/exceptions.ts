import type { Content } from 'pdfmake';
import { factTable, heading, INK, label, utc, words } from './look';
import type { ExceptionStory, Story } from './story';

const DECISIONS = { continue: 'go on', repeat: 'repeat the step', stop: 'stop the ceremony' } as const;
const EFFECTS = { none: 'none', redo: 'the act is done again', destroy: 'the key is destroyed' } as const;

/** Every exception with its decision. A ceremony without any says so. */
export function exceptions({ exceptions: all, interludes }: Story): Content {
  return [
    heading('Exceptions', { pageBreak: 'before' }),
    words(
      all.length === 0
        ? 'No exception was called in this ceremony.'
        : 'An exception is normal when it is written down: what was expected, what happened, who decided what, and what it means for the key.',
      { color: INK.muted, margin: [0, 0, 0, 8] },
    ),
    ...all.map(sheet),
    ...(interludes.length === 0 ? [] : [label('Interludes', { margin: [0, 12, 0, 3] })]),
    ...interludes.map(({ from, to, step, reason, head }) =>
      words(
        `Step ${step}: ${utc(from)} to ${to === '' ? 'the end' : utc(to)} UTC. ${reason}. Head as it was left: ${head.slice(0, 16)}…`,
        { fontSize: 8.8, margin: [0, 2, 0, 2] },
      ),
    ),
  ];
}

function sheet({ opened, decided, at, step, seq }: ExceptionStory): Content {
  const plain = (text: string) => words(text, { fontSize: 9 });
  const rows: (readonly [string, Content])[] = [
    ['Called', plain(`${utc(at)} UTC by ${opened.source === 'machine' ? 'a machine check' : 'a participant'}, event ${seq}`)],
    ['Severity', words(opened.severity, { bold: true, fontSize: 9 })],
    ['Expected', plain(opened.expected)],
    ['Happened', plain(opened.happened)],
  ];
  if (decided) {
    rows.push(
      ['Decision', words(DECISIONS[decided.decision], { bold: true, fontSize: 9 })],
      ['Reason', plain(decided.reason)],
      ['Decided by', plain(`${decided.decidedBy.join(', ')}; ${utc(decided.at)} UTC, event ${decided.seq}`)],
      ['Effect on the key', plain(EFFECTS[decided.effectOnKey])],
      ['Owner of what is left', plain(decided.owner)],
    );
  } else rows.push(['Decision', words('NOT DECIDED', { bold: true, color: INK.alarm, fontSize: 9 })]);
  return {
    stack: [
      {
        text: [
          { text: `Exception ${opened.number}`, fontSize: 12, color: INK.alarm },
          { text: `   step ${step || 'none'}`, fontSize: 9, color: INK.muted },
        ],
        margin: [0, 6, 0, 3],
      },
      factTable(rows, 104),
    ],
    unbreakable: true,
    margin: [0, 0, 0, 10],
  };
}

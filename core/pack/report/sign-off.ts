import type { Content } from 'pdfmake';
import { blank, fingerprint, heading, INK, label, TEXT_WIDTH, words } from './look';
import type { Story } from './story';

type Line = NonNullable<Story['sealed']>['signatures'][number];

/** The head in hex and words, what each participant signed or refused, and room for ink. */
export function signOff({ sealed, opened }: Story): Content {
  return [
    heading('Sign-off', { pageBreak: 'before' }),
    ...(sealed
      ? [
          label('Head of the transcript, as it was signed', { margin: [0, 0, 0, 3] }),
          fingerprint(sealed.head),
          words(
            'Each participant compares these rows with the sheet written by hand in the room. A transcript that was changed afterwards cannot have this head.',
            { style: 'small', margin: [0, 4, 0, 14] },
          ),
        ]
      : [words('The transcript is not sealed: there is no head to sign.', { bold: true, color: INK.alarm })]),
    label('Signatures', { margin: [0, 0, 0, 2] }),
    ...opened.participants.map(({ seat, name }) =>
      person(
        seat,
        name,
        sealed?.signatures.find((line) => line.seat === seat),
      ),
    ),
  ];
}

function person(seat: string, name: string, line: Line | undefined): Content {
  return {
    unbreakable: true,
    margin: [0, 8, 0, 4],
    stack: [
      { text: [words(`${seat}  `, { bold: true, color: INK.accent }), words(name, { fontSize: 11 })] },
      ...digital(line),
      {
        columns: [
          { width: 250, stack: [blank(240, 'Signature')] },
          { width: 110, stack: [blank(100, 'Date')] },
          { width: '*', stack: [blank(TEXT_WIDTH - 370, 'Head compared with own sheet (initials)')] },
        ],
      },
    ],
  };
}

function digital(line: Line | undefined): Content[] {
  if (!line) return [words('No signature.', { color: INK.alarm })];
  if ('doNotAgree' in line) return [words('DOES NOT AGREE', { bold: true, color: INK.alarm }), words(line.doNotAgree)];
  return [
    words(`Signed with officer credential ${line.officer}. Ed25519: ${line.signature.replace(/(.{44})(?=.)/, '$1 ')}`, {
      fontSize: 7.4,
      color: INK.muted,
    }),
  ];
}

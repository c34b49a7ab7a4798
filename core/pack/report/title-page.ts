import type { Content, TableCell } from 'pdfmake';
import { base64Bytes } from '../../evidence/base64';
import { shortWords } from '../../evidence/words';
import { sha256Bytes } from '../sha256';
import { duration, factTable, fingerprint, HEADED, hexGroups, INK, label, utc, words } from './look';
import type { Story } from './story';

/** Page one: which ceremony, where, when, with what, of whom; and the digest of the script that everyone approved. */
export function titlePage(story: Story): Content {
  const { opened } = story;
  return [
    label('Record of a key ceremony', { color: INK.accent, margin: [0, 26, 0, 6] }),
    words(opened.script.title, { style: 'title' }),
    words(outcomeText(story), { fontSize: 12.5, color: INK.muted, margin: [0, 6, 0, 22] }),
    {
      columns: [
        { width: '*', stack: [label('Ceremony', { margin: [0, 0, 0, 3] }), ceremonyFacts(story)] },
        { width: 20, text: '' },
        { width: 252, stack: digestOfScript(story) },
      ],
    },
    label('Plan', { margin: [0, 20, 0, 3] }),
    factTable(planRows(story), 120),
    label('Participants', { margin: [0, 20, 0, 3] }),
    participants(story),
  ];
}

function outcomeText({ opened, sealed, exceptions }: Story): string {
  const mode = opened.runMode === 'rehearsal' ? 'A rehearsal: it proves practice, not a key' : 'Production';
  const count = exceptions.length === 0 ? 'no exceptions' : `${exceptions.length} exception${exceptions.length === 1 ? '' : 's'}`;
  return `${mode}. ${sealed?.outcome === 'completed' ? 'Completed' : sealed?.outcome === 'aborted' ? 'Aborted' : 'Not sealed'}, ${count}.`;
}

function ceremonyFacts(story: Story): Content {
  const { opened, openedAt, endedAt } = story;
  const plain = (text: string) => words(text, { fontSize: 8.8 });
  return factTable(
    [
      ['Ceremony id', plain(opened.ceremonyId)],
      ['Run mode', words(opened.runMode, { bold: true, fontSize: 8.8 })],
      ['Opened', { stack: [plain(`${utc(openedAt)} UTC`), ...local(openedAt)] }],
      ['Sealed', { stack: [plain(`${utc(endedAt)} UTC`), ...local(endedAt)] }],
      ['Took', plain(duration(openedAt, endedAt))],
      ['Station', plain(`${opened.station.id}, ${opened.station.kind}`)],
      ...hsmRows(story),
      ['Tool', plain(`${opened.tool.name} ${opened.tool.version}, build ${opened.tool.build}`)],
      ['Transcript', plain(`${story.events.length} events`)],
    ],
    62,
  );
}

/** The planned token; a plan that speaks to no HSM has an empty module path. */
function hsmRows({ opened: { token } }: Story): (readonly [string, Content])[] {
  if (token.modulePath === '') return [['Token', words('no HSM in this ceremony', { fontSize: 8.8 })]];
  const module = { stack: [words(token.profile, { fontSize: 8.8 }), words(token.modulePath, { style: 'small' })] };
  return [
    ['Token', words(`${token.label || 'blank'}, serial ${token.serial}`, { fontSize: 8.8 })],
    ['Module', module],
  ];
}

/** The room's own time, where it is not UTC. */
function local(at: string): Content[] {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  if (timeZone === 'UTC' || timeZone === 'Etc/UTC') return [];
  const shown = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(new Date(at));
  return [words(`${shown} ${timeZone}`, { style: 'small' })];
}

function digestOfScript({ opened }: Story): Content[] {
  return [
    label('SHA-256 of the script', { margin: [0, 0, 0, 3] }),
    fingerprint(opened.script.sha256),
    words('Compare with the paper that was approved, row by row.', { style: 'small', margin: [0, 4, 0, 0] }),
  ];
}

/** The inputs as the script names them. */
function planRows({ opened, script }: Story): (readonly [string, Content])[] {
  return Object.entries(opened.inputs).map(([name, value]) => {
    const input = script?.inputs[name];
    const title = input?.options?.[value];
    return [input?.title ?? name, words(title === undefined ? value : `${title} (${value})`, { fontSize: 8.8 })];
  });
}

function participants({ opened, script }: Story): Content {
  const head = ['Seat', 'Name and role', 'Officer id', 'SHA-256 of the public key'].map((text) => label(text));
  const body = opened.participants.map(({ seat, role, officer, name, publicKey }): TableCell[] => {
    const digest = sha256Bytes(base64Bytes(publicKey) ?? new Uint8Array());
    return [
      words(seat, { bold: true }),
      { stack: [words(name), words(script?.roles[role]?.title ?? role, { style: 'small' })] },
      words(officer, { style: 'mono', fontSize: 7.6 }),
      {
        stack: [
          words(shortWords(digest), { fontSize: 8.6 }),
          words(hexGroups(digest), { fontSize: 6.4, color: INK.muted, characterSpacing: 0.3 }),
        ],
      },
    ];
  });
  return { table: { widths: [24, 118, 92, '*'], body: [head, ...body], headerRows: 1, dontBreakRows: true }, layout: HEADED };
}

import { fingerprintRows } from '../evidence/words';
import { PACK } from '../pack/layout';
import { verifyPack, type PackCheck, type PackProblem } from '../pack/verify';
import { ink } from './output';
import { EXIT, type ExitCode, type Verb } from './verb';

export const verb: Verb = {
  name: 'verify',
  summary: 'prove an evidence pack: chain, signatures, every file',
  usage: 'verify DIR [--json]',
  options: { json: { type: 'boolean', default: false, hint: 'one JSON object instead of text' } },
  positionals: { min: 1, max: 1 },
  notes: [
    'Needs nothing but the folder: no network, no HSM, no desktop app.',
    'Exit codes: 0 the pack holds; 1 it does not, and the first thing that fails is named; 2 the folder cannot be read as a pack.',
  ],
  run: async ({ positionals, values, out, err, isTerminal }) => {
    const check = await verifyPack(positionals[0] ?? '');
    if (values['json'] === true) out(JSON.stringify(check, null, 2));
    else if (check.exitCode === 2) err(plain(check.summary));
    else out(describe(check, isTerminal));
    return EXITS[check.exitCode];
  },
};

const EXITS: Readonly<Record<PackCheck['exitCode'], ExitCode>> = { 0: EXIT.done, 1: EXIT.no, 2: EXIT.unusable };

/** The text a person reads: the verdict first, then what it rests on. */
function describe(check: PackCheck, isTerminal: boolean): string {
  const verdict =
    check.problem === null ? ink('green', 'THE PACK HOLDS', isTerminal) : ink('red', 'THE PACK DOES NOT HOLD', isTerminal);
  const parts = check.problem === null ? [proven(check)] : [failed(check.problem), soFar(check)];
  return [verdict, ...parts, notes(check)].filter((part) => part !== '').join('\n\n');
}

function proven(check: PackCheck): string {
  return [
    identity(check),
    `Head, as it was signed:\n  ${check.head}\n${words(check.head)}`,
    `Sign-off:\n${check.signatures.map(signOffLine).join('\n')}`,
    check.judged
      ? 'Every event is one that the script allows where it stands.'
      : 'The steps were not judged: this version cannot read the pack’s script.',
    'report.pdf is a reading copy: the manifest fixes its bytes, but what was signed is the transcript.',
  ].join('\n\n');
}

/**
 * Text out of a pack is somebody else's text: control and direction characters in a name could repaint the verdict on a terminal,
 * and a newline could add lines of its own.
 */
function plain(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, '; ').replaceAll(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}

function identity(check: PackCheck): string {
  const rows = [
    ['Ceremony', plain(`${check.ceremonyId}  (${check.title})`)],
    ['Run mode', check.runMode === 'rehearsal' ? 'REHEARSAL: proves practice, not a key' : 'production'],
    ['Opened', check.openedAt],
    ['Outcome', check.outcome ?? 'not sealed'],
    ['Events', String(check.events)],
    ['Exceptions', String(check.exceptions)],
  ];
  return rows.map(([name = '', value = '']) => `  ${name.padEnd(12)}${value}`).join('\n');
}

function words(head: string): string {
  return fingerprintRows(head)
    .map(({ n, hex, words: row }) => `  ${n}  ${hex}  ${row}`)
    .join('\n');
}

function signOffLine({ seat, name, verdict, reason }: PackCheck['signatures'][number]): string {
  return `  ${seat.padEnd(4)}${plain(name)}: ${verdict === 'signed' ? 'signed, signature verifies' : `does NOT agree: ${plain(reason)}`}`;
}

function failed({ where, what, event, line }: PackProblem): string {
  const place = event === null ? where : `${where}, event ${event} (line ${line ?? event + 1})`;
  const { means, remedy } = consequence(where);
  return `Where:         ${plain(place)}\nWhat:          ${plain(what)}\nWhat it means: ${means}\nWhat to do:    ${remedy}`;
}

/** What a failure at a place means for the evidence, and what people do about it. */
function consequence(where: string): { means: string; remedy: string } {
  if (where === PACK.transcript) {
    return {
      means: 'from here on the record proves nothing; the events before this place are intact.',
      remedy:
        'compare with the mirror or another copy, and its head with the one written on paper. If none holds, treat the ceremony as without evidence.',
    };
  }
  if (where === PACK.manifest || where === PACK.report) {
    return {
      means: 'the signed transcript holds; what was damaged, exchanged or not finished is what was derived from it.',
      remedy: 'take the file from another copy. An unfinished pack is finished by opening the ceremony in Keyrite once more.',
    };
  }
  return {
    means: 'the signed transcript holds, but this file is not part of what was signed, or is missing from it.',
    remedy:
      'restore the file from another copy; take out what does not belong to the pack, keep it, and find out how it got there.',
  };
}

function soFar(check: PackCheck): string {
  if (check.events === 0) return '';
  return `Intact up to there (${check.events} events):\n${identity(check)}`;
}

function notes(check: PackCheck): string {
  if (check.notes.length === 0) return '';
  return `Notes:\n${check.notes.map(({ event, what }) => `  event ${event}: ${what}`).join('\n')}`;
}

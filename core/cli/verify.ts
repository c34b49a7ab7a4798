import { PACK } from '../pack/layout';
import { verifyAudit } from '../pack/verify-audit';
import { verifyPack, type PackCheck, type PackProblem } from '../pack/verify';
import { describeAudit } from './audit-text';
import { foreignText as plain } from './foreign-text';
import { wordRows } from './word-rows';
import { ink } from './output';
import { EXIT, type ExitCode, type Verb, type VerbContext } from './verb';

export const verb: Verb = {
  name: 'verify',
  summary: 'prove an evidence pack or a proxy’s audit log: chain, signatures, every file',
  usage: 'verify [DIR | --audit PATH] [--json]',
  options: {
    audit: {
      type: 'string',
      value: 'PATH',
      hint: 'an audit log of the proxy instead of a pack: its folder, or one of its files',
    },
    json: { type: 'boolean', default: false, hint: 'one JSON object instead of text' },
  },
  positionals: { min: 0, max: 1 },
  notes: [
    'Needs nothing but the folder: no network, no HSM, no desktop app, no proxy.',
    'Exit codes: 0 the pack or the log holds; 1 it does not, and what fails is named with its place; 2 it cannot be read as one.',
  ],
  run: async (context) => {
    const { positionals, values } = context;
    const [pack] = positionals;
    const { audit } = values;
    if (typeof audit === 'string' && pack === undefined) return say(await verifyAudit(audit), describeAudit, context);
    if (audit === undefined && pack !== undefined) return say(await verifyPack(pack), describe, context);
    context.err('Name one of them: `keyrite verify DIR` for an evidence pack, `keyrite verify --audit PATH` for an audit log.');
    return EXIT.unusable;
  },
};

function say<Check extends { readonly exitCode: PackCheck['exitCode']; readonly summary: string }>(
  check: Check,
  describeCheck: (check: Check, isTerminal: boolean) => string,
  { values, out, err, isTerminal }: VerbContext,
): ExitCode {
  if (values['json'] === true) out(JSON.stringify(check, null, 2));
  else if (check.exitCode === 2) err(plain(check.summary));
  else out(describeCheck(check, isTerminal));
  return EXITS[check.exitCode];
}

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
    `Head, as it was signed:\n  ${check.head}\n${wordRows(check.head)}`,
    `Sign-off:\n${check.signatures.map(signOffLine).join('\n')}`,
    check.judged
      ? 'Every event is one that the script allows where it stands.'
      : 'The steps were not judged: this version cannot read the pack’s script.',
    'report.pdf is a reading copy: the manifest fixes its bytes, but what was signed is the transcript.',
  ].join('\n\n');
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

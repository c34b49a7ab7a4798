import { wrapped } from './fitted-table';
import type { Verb } from './verb';

const EXIT_CODES = [
  ['0', 'done, or the answer is yes'],
  ['1', 'the answer is no'],
  ['2', 'the input cannot be used'],
  ['3', 'this machine lacks something'],
  ['70', 'a fault in Keyrite'],
] as const;

/** Help is for any terminal: the width that each of them has. */
const WIDTH = 80;
/** Where what is said of a name begins at the latest; a longer name has a line of its own. */
const LAST_COLUMN = 30;

type Row = readonly [name: string, said: string];

/** Names with what is said of each beside them. */
function rowLines(rows: readonly Row[]): string[] {
  const column = Math.min(LAST_COLUMN, Math.max(...rows.map(([name]) => name.length)) + 4);
  return rows.flatMap(([name, said]) => {
    const [first = '', ...more] = wrapped(said, WIDTH, ' '.repeat(column));
    const label = `  ${name}`;
    return label.length + 2 > column ? [label, first, ...more] : [label + first.slice(label.length), ...more];
  });
}

/** `keyrite --help`. */
export function generalHelp(verbs: readonly Verb[]): string {
  return [
    'keyrite VERB [OPTIONS]',
    '',
    'Key ceremonies for AWS KMS, in the terminal.',
    '',
    ...rowLines(verbs.map(({ name, summary }): Row => [name, summary])),
    '',
    ...wrapped('keyrite VERB --help says more about a verb; keyrite --version names this version.', WIDTH, ''),
    '',
    'Exit codes:',
    ...rowLines(EXIT_CODES),
  ].join('\n');
}

function optionRows(verb: Verb): readonly Row[] {
  const own = Object.entries(verb.options).map(([name, { short, value, hint }]): Row => [
    `${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}`,
    hint,
  ]);
  return [...own, ['-h, --help', 'this text']];
}

/** A usage is broken between its parts: an option stays with its value, a group in one piece. */
function usageLines(usage: string): string[] {
  return usage.split('\n').flatMap((line) => {
    const whole = line.replace(/ (?![[(]|--)/g, '\u00A0');
    const [first = '', ...more] = wrapped(whole, WIDTH - 4, '');
    return [first, ...more.map((rest) => `    ${rest}`)].map((text) => text.replaceAll('\u00A0', ' '));
  });
}

/** `keyrite VERB --help`. A verb that says in its notes what the exit codes mean for it is spared the general list. */
export function verbHelp(verb: Verb): string {
  const notes = verb.notes ?? [];
  const explained = notes.some((note) => note.startsWith('Exit codes'));
  return [
    ...usageLines(`keyrite ${verb.usage}`),
    '',
    ...wrapped(verb.summary, WIDTH, ''),
    '',
    ...rowLines(optionRows(verb)),
    ...(notes.length > 0 ? [''] : []),
    ...notes.flatMap((note) => wrapped(note, WIDTH, '')),
    ...(explained ? [] : ['', 'Exit codes:', ...rowLines(EXIT_CODES)]),
  ].join('\n');
}

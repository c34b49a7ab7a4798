import { columns } from './output';
import type { Verb } from './verb';

const EXIT_CODES = [
  ['0', 'done, or the answer is yes'],
  ['1', 'the answer is no'],
  ['2', 'the input cannot be used'],
  ['3', 'this machine lacks something'],
  ['70', 'a fault in Keyrite'],
] as const;

function indented(rows: readonly (readonly string[])[]): string[] {
  return columns(rows).map((line) => `  ${line}`);
}

/** `keyrite --help`. */
export function generalHelp(verbs: readonly Verb[]): string {
  return [
    'keyrite VERB [OPTIONS]',
    '',
    'Key ceremonies for AWS KMS, in the terminal.',
    '',
    ...indented(verbs.map(({ name, summary }) => [name, summary])),
    '',
    'keyrite VERB --help says more about a verb; keyrite --version names this version.',
    '',
    'Exit codes:',
    ...indented(EXIT_CODES),
  ].join('\n');
}

function optionRows(verb: Verb): string[][] {
  const own = Object.entries(verb.options).map(([name, { short, value, hint }]) => [
    `${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}`,
    hint,
  ]);
  return [...own, ['-h, --help', 'this text']];
}

/** `keyrite VERB --help`. A verb that says in its notes what the exit codes mean for it is spared the general list. */
export function verbHelp(verb: Verb): string {
  const notes = verb.notes ? ['', ...verb.notes] : [];
  const explained = notes.some((note) => note.startsWith('Exit codes'));
  const codes = explained ? [] : ['', 'Exit codes:', ...indented(EXIT_CODES)];
  return [`keyrite ${verb.usage}`, '', verb.summary, '', ...indented(optionRows(verb)), ...notes, ...codes].join('\n');
}

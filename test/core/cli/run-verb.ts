import { dispatch } from '../../../core/cli/dispatch';
import type { Verb, VerbContext } from '../../../core/cli/verb';

/** How a verb ended, and what it said. */
export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function listener(isTerminal: boolean) {
  const said = { out: '', err: '' };
  const output = {
    out: (text: string) => void (said.out += `${text}\n`),
    err: (text: string) => void (said.err += `${text}\n`),
    isTerminal,
  };
  return { said, output };
}

/** A verb with values that were read already. */
export async function runVerb(
  verb: Verb,
  values: VerbContext['values'],
  positionals: readonly string[] = [],
  isTerminal = false,
): Promise<Said> {
  const { said, output } = listener(isTerminal);
  const code = await verb.run({ values, positionals, ...output, signal: new AbortController().signal });
  return { code, ...said };
}

/** A verb with the words of a command line, which are read as `keyrite` reads them. */
export async function runWords(verb: Verb, words: readonly string[]): Promise<Said> {
  const { said, output } = listener(false);
  const verbs = { [verb.name]: () => Promise.resolve(verb) };
  const code = await dispatch([verb.name, ...words], verbs, '', output, new AbortController().signal);
  return { code, ...said };
}

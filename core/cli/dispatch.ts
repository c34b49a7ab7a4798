import { readArguments } from './arguments';
import { generalHelp, verbHelp } from './help';
import { nearest } from '../contract/nearest';
import type { Output } from './output';
import { EXIT, type ExitCode, type Verb } from './verb';

/** Verbs by name, each loaded only when it is used: `verify` must not wait for what `rehearse` needs. */
export type VerbTable = Readonly<Record<string, () => Promise<Verb>>>;

function unknownVerb(name: string, verbs: VerbTable, { err }: Output): ExitCode {
  const meant = nearest(name, Object.keys(verbs));
  err(`There is no verb "${name}".${meant === null ? '' : ` Did you mean "${meant}"?`} See: keyrite --help`);
  return EXIT.unusable;
}

async function runVerb(verb: Verb, args: readonly string[], output: Output, signal: AbortSignal): Promise<ExitCode> {
  const read = readArguments(verb, args);
  switch (read.kind) {
    case 'help':
      output.out(verbHelp(verb));
      return EXIT.done;
    case 'unusable':
      output.err(`${read.problem} Usage: keyrite ${verb.usage}`);
      return EXIT.unusable;
    case 'run':
      return verb.run({ values: read.values, positionals: read.positionals, ...output, signal });
  }
}

/**
 * One call of `keyrite`: finds the verb and runs it. A thrown error is a fault of ours, never of the input, and is told as one.
 * @param args what follows `keyrite` on the command line
 */
export async function dispatch(
  args: readonly string[],
  verbs: VerbTable,
  version: string,
  output: Output,
  signal: AbortSignal,
): Promise<ExitCode> {
  const [name, ...rest] = args;
  try {
    if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
      output.out(generalHelp(await Promise.all(Object.values(verbs).map((load) => load()))));
      return name === undefined ? EXIT.unusable : EXIT.done;
    }
    if (name === '--version' || name === '-v') {
      output.out(version);
      return EXIT.done;
    }
    const load = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
    return load ? await runVerb(await load(), rest, output, signal) : unknownVerb(name, verbs, output);
  } catch (error) {
    output.err(
      `This is a fault in Keyrite, not in what you asked for. Please report it with these lines:\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    return EXIT.bug;
  }
}

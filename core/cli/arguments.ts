import { parseArgs, type ParseArgsConfig } from 'node:util';
import { nearest } from '../contract/nearest';
import type { Verb, VerbContext } from './verb';

export type Arguments =
  | { readonly kind: 'help' }
  | { readonly kind: 'run'; readonly values: VerbContext['values']; readonly positionals: readonly string[] }
  | { readonly kind: 'unusable'; readonly problem: string };

function parseArgsOptions(verb: Verb): NonNullable<ParseArgsConfig['options']> {
  const options: NonNullable<ParseArgsConfig['options']> = { help: { type: 'boolean', short: 'h' } };
  for (const [name, { type, short, multiple, default: preset }] of Object.entries(verb.options)) {
    options[name] = {
      type,
      ...(short && { short }),
      ...(multiple && { multiple }),
      ...(preset === undefined ? {} : { default: preset }),
    };
  }
  return options;
}

/** parseArgs explains at length; its first sentence says what is wrong. A misspelt option gets the one that was meant. */
function complaint(error: unknown, verb: Verb): string {
  const sentence = (error instanceof Error ? error.message : String(error)).split('. ')[0] ?? '';
  const unknown = /^Unknown option '--?([^']+)'/.exec(sentence)?.[1];
  const meant = unknown === undefined ? null : nearest(unknown, [...Object.keys(verb.options), 'help']);
  return `${sentence.replace(/\.$/, '')}.${meant === null ? '' : ` Did you mean --${meant}?`}`;
}

function countProblem(count: number, { min, max }: Verb['positionals'], surplus: string | undefined): string | null {
  if (count < min) return 'Something is missing.';
  return count > max ? `"${surplus ?? ''}" is one too many.` : null;
}

/** Reads what follows the verb's name. `--help` wins over everything else that may be wrong. */
export function readArguments(verb: Verb, args: readonly string[]): Arguments {
  if (args.slice(0, args.includes('--') ? args.indexOf('--') : undefined).some((arg) => arg === '--help' || arg === '-h'))
    return { kind: 'help' };
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: parseArgsOptions(verb),
      allowPositionals: true,
      strict: true,
    });
    const problem = countProblem(positionals.length, verb.positionals, positionals[verb.positionals.max]);
    return problem === null ? { kind: 'run', values, positionals } : { kind: 'unusable', problem };
  } catch (error) {
    return { kind: 'unusable', problem: complaint(error, verb) };
  }
}

import type { Script } from '../ceremony/script';
import { ruledOut, type Inputs } from '../ceremony/variant';
import type { RunMode } from '../ceremony/view-model';
import { suggestedValue } from '../station/library';

/** What a command line says about the inputs of a script. */
export interface GivenInputs {
  readonly given: Readonly<Record<string, string>>;
  /** what suits the station, where nothing was given */
  readonly suggested?: Readonly<Record<string, string>>;
  readonly runMode: RunMode;
}

/**
 * The defaults of a script, with what suits the station and what was given on the command line, or what must be changed: every input
 * that does not fit, each on its line as it is given, or the reason why they do not go together in this run mode.
 */
export function scriptInputs(script: Script, { given, suggested = {}, runMode }: GivenInputs): Inputs | string {
  const foreign = Object.keys(given).find((name) => !Object.hasOwn(script.inputs, name));
  if (foreign !== undefined) return `This script has no input "${foreign}". It has: ${Object.keys(script.inputs).join(', ')}.`;
  const suiting = Object.entries(script.inputs).map(([name, input]) => [name, suggestedValue(input, suggested[name])] as const);
  const inputs: Record<string, string> = { ...Object.fromEntries(suiting), ...given };
  const misfits = Object.entries(script.inputs).flatMap(([name, input]) => {
    const misfit = misfitOf(input, inputs[name] ?? '', runMode);
    return misfit === null ? [] : [`  --input ${name}=...  ${input.title}: ${misfit} ${input.hint}`];
  });
  return misfits.length > 0
    ? ['These inputs are needed or do not fit:', ...misfits].join('\n')
    : together(script, inputs, runMode);
}

function misfitOf(input: Script['inputs'][string], value: string, runMode: RunMode): string | null {
  const { options, pattern } = input;
  if (runMode === 'production' && input.practice === true && value === input.default) return `"${value}" is for practice.`;
  if (options && !Object.hasOwn(options, value)) return `"${value}" is none of ${Object.keys(options).join(', ')}.`;
  if (pattern === undefined || new RegExp(pattern).test(value)) return null;
  return value === '' ? 'nothing is given.' : `"${value}" does not fit.`;
}

function together(script: Script, inputs: Inputs, runMode: RunMode): Inputs | string {
  const because = ruledOut(script, inputs, runMode);
  if (because === null) return inputs;
  return runMode === 'production' ? `This plan is refused in production. ${because}` : because;
}

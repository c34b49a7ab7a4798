import type { Script } from '../ceremony/script';
import { ruledOut, type Inputs } from '../ceremony/variant';
import { suggestedValue } from '../station/library';

/**
 * The defaults of a script, with what suits the station (`suggested`) and what was given on the command line, or a sentence about the
 * first thing that does not fit.
 */
export function scriptInputs(
  script: Script,
  given: Readonly<Record<string, string>>,
  suggested: Readonly<Record<string, string>> = {},
): Inputs | string {
  const foreign = Object.keys(given).find((name) => !(name in script.inputs));
  if (foreign !== undefined) return `This script has no input "${foreign}". It has: ${Object.keys(script.inputs).join(', ')}.`;
  const suiting = Object.entries(script.inputs).map(([name, input]) => [name, suggestedValue(input, suggested[name])] as const);
  const inputs: Record<string, string> = { ...Object.fromEntries(suiting), ...given };
  for (const [name, { title, options, pattern, hint }] of Object.entries(script.inputs)) {
    const value = inputs[name] ?? '';
    if (options && !(value in options)) return `${title}: "${value}" is none of ${Object.keys(options).join(', ')}.`;
    if (pattern !== undefined && !new RegExp(pattern).test(value))
      return `${title}: "${value}" does not fit. ${hint} (${pattern})`;
  }
  return ruledOut(script, inputs, 'rehearsal') ?? inputs;
}

import type { Script } from './script';
import type { Inputs } from './variant';

/** An input that is none of its script's options, does not fit its pattern, or is no input of it. */
export interface UnfitInput {
  readonly name: string;
  readonly hint: string;
}

/** The first input that does not fit, or null. Asked at the start, and again of every transcript: an option nobody offers would leave steps out. */
export function unfitInput(script: Script, inputs: Inputs): UnfitInput | null {
  const foreign = Object.keys(inputs).find((name) => !Object.hasOwn(script.inputs, name));
  if (foreign !== undefined) return { name: foreign, hint: '' };
  for (const [name, { options, pattern, hint }] of Object.entries(script.inputs)) {
    const value = inputs[name] ?? '';
    const fits = options ? Object.hasOwn(options, value) : new RegExp(pattern ?? '^$').test(value);
    if (!fits) return { name, hint };
  }
  return null;
}

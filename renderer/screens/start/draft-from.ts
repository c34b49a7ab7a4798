import type { CeremonyChoice } from '../../../core/contract/values';
import { draftOf, inputFits, type StartDraft } from './draft';

/**
 * A draft with what another screen knows already, e.g. the KMS key a ceremony was opened from: `script`, `runMode`, and inputs by
 * name. What the script does not ask for, or does not take, is left out. Null without a script that is here.
 */
export function draftFrom(choices: readonly CeremonyChoice[], given: Readonly<Record<string, string>>): StartDraft | null {
  const choice = choices.find(({ script }) => script === given['script']);
  if (choice === undefined) return null;
  const draft = draftOf(choice);
  const known = choice.inputs.flatMap((input) => {
    const value = given[input.name];
    return value !== undefined && inputFits(input, value) ? [[input.name, value] as const] : [];
  });
  return {
    ...draft,
    runMode: given['runMode'] === 'production' ? 'production' : 'rehearsal',
    inputs: { ...draft.inputs, ...Object.fromEntries(known) },
  };
}

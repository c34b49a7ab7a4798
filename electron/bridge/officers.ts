import type { BridgeFunctions } from '../../core/contract/bridge';
import { failure, type Result } from '../../core/contract/result';
import type { OfficerSummary } from '../../core/contract/values';
import type { OfficerRegistry } from '../../core/officers/registry';
import { PRACTICE, PRACTICE_OFFICERS } from '../../core/rehearsal/practice';
import { dialogs } from '../dialogs';
import { TEXT } from '../text';

const OFFICER_FILES = { name: TEXT.addOfficer.filter, extensions: ['json'] };

/** `isRehearsal`: the embedded token is in use. `onChange` is told after every change, with the whole list. */
export function officersFunctions(ground: {
  registry: OfficerRegistry;
  isRehearsal: () => boolean;
  onChange: (officers: readonly OfficerSummary[]) => void;
}): BridgeFunctions['officers'] {
  const { registry, isRehearsal, onChange } = ground;
  const tell = async <T>(change: Promise<Result<T>>): Promise<Result<T>> => {
    const changed = await change;
    const officers = await registry.list();
    if (officers.ok) onChange(officers.value);
    return changed;
  };
  const enrolPractice = async (): Promise<Result<readonly OfficerSummary[]>> => {
    const known = await registry.list();
    if (!known.ok) return known;
    const missing = PRACTICE_OFFICERS.filter(
      ({ name }) => !known.value.some((officer) => officer.rehearsal && officer.name === name),
    );
    for (const { name } of missing) {
      const made = await registry.enrol(name, new TextEncoder().encode(PRACTICE.passphrase), { rehearsal: true });
      if (!made.ok) return made;
    }
    return registry.list();
  };
  return {
    list: () => registry.list(),
    enrol: ({ name, passphrase }) => tell(registry.enrol(name, passphrase)),
    enrolToFile: async ({ name, passphrase }) => {
      const path = await dialogs.newFile(TEXT.enrolToFile, `${name.replace(/[^\p{L}\p{N}]+/gu, '-')}.officer.json`);
      return path === null ? failure('input.cancelled') : tell(registry.enrolToFile(name, passphrase, path));
    },
    add: async () => {
      const path = await dialogs.file(TEXT.addOfficer, OFFICER_FILES);
      return path === null ? failure('input.cancelled') : tell(registry.addFile(path));
    },
    remove: ({ officer }) => tell(registry.remove(officer)),
    enrolRehearsal: () => (isRehearsal() ? tell(enrolPractice()) : Promise.resolve(failure('policy.rehearsalOnly'))),
  };
}

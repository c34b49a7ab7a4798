import { NO_PEOPLE, policyPeople, type PolicyKey, type PolicyPeople, type SavedPeople } from '../core/contract/key-policy';
import { failure, success, type Result } from '../core/contract/result';
import { policyFromForm, type TemplateResult } from '../core/policy/template';
import type { KeyPolicyRequest } from '../core/station/port';
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { openJsonFile } from './json-file';

const DAY_MS = 86_400_000;

/** Who is who for key policies, in a file of its own: it is reviewed, copied and kept apart from the settings. */
export interface PeopleStore {
  readonly get: () => SavedPeople;
  readonly set: (people: PolicyPeople) => SavedPeople;
  /** the policy for a planned key, as `StationGround.keyPolicy` wants it */
  readonly keyPolicy: (request: KeyPolicyRequest) => Result<string>;
}

/** A key as the screen or a ceremony plans it; only a ceremony plans keys of an external key store. */
type PlannedKey = Omit<PolicyKey, 'wrapping'> & { readonly wrapping: PolicyKey['wrapping'] | null };

/** The form of people and a key, filled in: the last day of validity is counted from `now`. */
export function policyOf(people: PolicyPeople, key: PlannedKey, now: Date): TemplateResult {
  const { expiration, ...others } = people;
  const validTo = (days: number): string => `${new Date(now.getTime() + days * DAY_MS).toISOString().slice(0, 19)}Z`;
  return policyFromForm({
    ...others,
    ...key,
    expiration: expiration.model === 'never' ? expiration : { model: 'expires', validTo: validTo(expiration.withinDays) },
  });
}

export function openPeople(path: string, now: () => Date): PeopleStore {
  const file = openJsonFile(path, policyPeople, NO_PEOPLE);
  const get = (): SavedPeople => ({
    people: file.value(),
    saved: existsSync(path),
    damaged: file.damaged === null ? null : basename(file.damaged),
  });
  return {
    get,
    set: (people) => {
      file.save(people);
      return get();
    },
    keyPolicy: ({ account, spec, usage, wrapping, replicaRegions }) => {
      if (!existsSync(path))
        return failure('policy.keyPolicy', { problem: 'Nobody has said who is who: fill in "Who may do what" under Keys.' });
      const made = policyOf({ ...file.value(), account }, { spec, usage, wrapping, replicaRegions: [...replicaRegions] }, now());
      if (made.ok) return success(made.text);
      const [first] = made.problems;
      return failure('policy.keyPolicy', { problem: `${first?.problem ?? ''} ${first?.remedy ?? ''}` });
    },
  };
}

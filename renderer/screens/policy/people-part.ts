import type { PolicyPeople } from '../../../core/contract/key-policy';
import type { Problem } from './preview';

/** What every part of the form of people is given. */
export interface PeoplePart {
  readonly people: PolicyPeople;
  readonly problems: readonly Problem[];
  readonly onChange: (people: PolicyPeople) => void;
}

import type { Medium, TokenUser } from './command';

/** What the engine knows of an act at the rim without doing it. */
export interface VerbFacts {
  readonly title: string;
  /** Must not happen twice by itself: an intent without a result leads to inspection, never to a repeat. */
  readonly once: boolean;
  /** The token login the act needs. */
  readonly login: TokenUser | null;
  /** The PIN that is entered with the act; `fresh`: a new one, entered twice. */
  readonly pin: { readonly user: TokenUser; readonly fresh: boolean } | null;
  /** The person must type the token's serial first, because the act erases. */
  readonly erases: boolean;
  /** The medium that must be in the station, labelled so, or null. */
  readonly medium: Medium | null;
  /** Facts that must hold before, and facts that hold after: every script is linted against both. */
  readonly requires: readonly string[];
  readonly effects: readonly string[];
}

/** Facts of an act; what is not said does not hold. */
export function verb(title: string, facts: Partial<Omit<VerbFacts, 'title'>>): VerbFacts {
  return { title, once: false, login: null, pin: null, erases: false, medium: null, requires: [], effects: [], ...facts };
}

import type { TokenUser } from './command';

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
  /** Facts that must hold before, and facts that hold after: every script is linted against both. */
  readonly requires: readonly string[];
  readonly effects: readonly string[];
}

function verb(title: string, facts: Partial<Omit<VerbFacts, 'title'>>): VerbFacts {
  return { title, once: false, login: null, pin: null, erases: false, requires: [], effects: [], ...facts };
}

/** Every act a script may ask for. A new verb is a line here, a file in `core/station/acts`, and a test. */
export const VERBS = {
  'station.preflight': verb('Check this station', { effects: ['station.checked'] }),
  'token.open': verb('Read the module and the token', { effects: ['token.open'] }),
  'token.initialise': verb('Erase and initialise the token', {
    once: true,
    pin: { user: 'so', fresh: true },
    erases: true,
    requires: ['token.open'],
    effects: ['token.initialised'],
  }),
  'token.setUserPin': verb('Set the crypto officers’ PIN', {
    once: true,
    login: 'so',
    pin: { user: 'user', fresh: true },
    requires: ['token.initialised', 'token.soLoggedIn'],
    effects: ['token.userPinSet'],
  }),
  'token.loginSo': verb('Log in as HSM security officer', {
    pin: { user: 'so', fresh: false },
    requires: ['token.open'],
    effects: ['token.soLoggedIn'],
  }),
  'token.login': verb('Log in as crypto officer', {
    pin: { user: 'user', fresh: false },
    requires: ['token.open'],
    effects: ['token.loggedIn'],
  }),
  'token.logout': verb('Log out', { requires: ['token.open'], effects: ['token.loggedOut'] }),
  'token.preflight': verb('Check that the token can do what is planned', {
    login: 'user',
    requires: ['token.loggedIn'],
    effects: ['token.fits'],
  }),
  'token.inventoryBefore': verb('List every object on the token', {
    login: 'user',
    requires: ['token.loggedIn'],
    effects: ['inventory.before'],
  }),
  'token.plan': verb('Draw the key id and write out the template', {
    login: 'user',
    requires: ['token.fits', 'inventory.before'],
    effects: ['template.written'],
  }),
  'token.generate': verb('Generate the key', {
    once: true,
    login: 'user',
    requires: ['template.approved', 'inventory.before'],
    effects: ['key.exists'],
  }),
  'token.readBack': verb('Read every attribute back', { login: 'user', requires: ['key.exists'], effects: ['key.readBack'] }),
  'token.negativeTests': verb('Try what must be refused', { login: 'user', requires: ['key.exists'], effects: ['key.refuses'] }),
  'token.checkValue': verb('Take the key check value and the fingerprint', {
    login: 'user',
    requires: ['key.readBack'],
    effects: ['key.fingerprinted'],
  }),
  'token.secondSession': verb('Read the key again in a second session', {
    login: 'user',
    requires: ['key.fingerprinted'],
    effects: ['key.confirmed'],
  }),
  'token.functionalTest': verb('Use the key once', { login: 'user', requires: ['key.exists'], effects: ['key.works'] }),
  'token.inventoryAfter': verb('List the objects again and compare', {
    login: 'user',
    requires: ['inventory.before', 'key.exists'],
    effects: ['inventory.after'],
  }),
  'token.destroy': verb('Destroy the key', { once: true, login: 'user', requires: ['key.exists'], effects: ['key.destroyed'] }),
} as const satisfies Record<string, VerbFacts>;

export type VerbName = keyof typeof VERBS;

export function verbFacts(name: VerbName): VerbFacts {
  return VERBS[name];
}

export function isVerb(name: string): name is VerbName {
  return Object.hasOwn(VERBS, name);
}

/** Errors after which nobody knows whether the act happened. */
const SILENT_ERRORS: readonly string[] = ['token.moduleCrashed', 'token.timeout', 'token.device', 'token.removed'];

/** An act that must not happen twice, and whose failure does not say that it did not happen: the token is asked, by people. */
export function leavesInDoubt(result: {
  readonly operation: string;
  readonly ok: boolean;
  readonly error: { readonly code: string } | null;
}): boolean {
  const once = isVerb(result.operation) && verbFacts(result.operation).once;
  return once && !result.ok && SILENT_ERRORS.includes(result.error?.code ?? '');
}

import { verb, type VerbFacts } from '../verb-facts';

/** Acts on the token, over PKCS#11. */
export const TOKEN_VERBS = {
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
  'token.locate': verb('Find the key that exists', {
    login: 'user',
    requires: ['token.loggedIn', 'inventory.before'],
    effects: ['template.written', 'key.exists'],
  }),
  'token.trialWrap': verb('Wrap a throw-away key on trial', {
    login: 'user',
    requires: ['token.loggedIn'],
    effects: ['wrapping.tried'],
  }),
  'token.refusesUntrusted': verb('Try a wrapping key nobody trusts', {
    login: 'user',
    requires: ['key.exists'],
    effects: ['key.refusesUntrusted'],
  }),
  'token.trustWrappingKey': verb('Import the wrapping key as trusted', {
    login: 'so',
    requires: ['out.read', 'token.soLoggedIn'],
    effects: ['wrappingKey.trusted'],
  }),
  'token.wrap': verb('Wrap the key', {
    login: 'user',
    requires: ['wrappingKey.trusted', 'wrapping.tried', 'key.exists'],
    effects: ['key.wrapped'],
  }),
  'token.removeWrappingKey': verb('Remove the wrapping key', {
    login: 'user',
    requires: ['key.wrapped'],
    effects: ['wrappingKey.removed'],
  }),
  'token.healthKey': verb('Make the health key', {
    login: 'user',
    requires: ['token.loggedIn'],
    effects: ['healthKey.exists'],
  }),
} as const satisfies Record<string, VerbFacts>;

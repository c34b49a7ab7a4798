import type { TokenCall } from './messages';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/**
 * How long each call may take, in milliseconds, before it answers `token.timeout`. Long where people are part of it (cards and PIN
 * pads at login and initialisation) or where an HSM searches for primes; a vendor's library that hangs is otherwise noticed soon.
 */
export const DEADLINES_MS: Readonly<Record<TokenCall, number>> = {
  list: MINUTE,
  open: MINUTE,
  login: 10 * MINUTE,
  logout: 30 * SECOND,
  initialise: 10 * MINUTE,
  setUserPin: 10 * MINUTE,
  random: 30 * SECOND,
  inventory: 2 * MINUTE,
  audit: 2 * MINUTE,
  preflight: MINUTE,
  plan: 10 * SECOND,
  generate: 10 * MINUTE,
  find: MINUTE,
  readBack: MINUTE,
  readBackInSecondSession: MINUTE,
  negativeTests: 2 * MINUTE,
  checkValue: MINUTE,
  publicKey: MINUTE,
  functionalTest: MINUTE,
  importWrappingKey: MINUTE,
  wrapKey: MINUTE,
  trialWrap: 10 * MINUTE,
  refusesUntrusted: 2 * MINUTE,
  mac: MINUTE,
  destroy: MINUTE,
  close: 30 * SECOND,
};

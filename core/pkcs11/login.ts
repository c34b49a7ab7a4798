import pkcs11 from 'pkcs11js';
import type { PinState } from '../contract/token-values';
import { failure, success, type Failure, type Result } from '../contract/result';
import { attempt, loggedIn, type Connection } from './connection';
import { withPin } from './pin';
import { pinStateOf } from './token-info';

function stateOf({ module, slot }: Connection, user: 'user' | 'so'): PinState {
  return pinStateOf(module.api.C_GetTokenInfo(slot), user);
}

/** The failure of a login, with the state the PIN is in now: whoever reads it must know how many tries are left. */
function withState(
  connection: Connection,
  user: 'user' | 'so',
  failed: { readonly ok: false; readonly error: Failure },
): Result<never> {
  const state = attempt(connection, () => success(stateOf(connection, user)));
  return failure(failed.error.code, { ...failed.error.detail, user, ...(state.ok ? { pinState: state.value } : {}) });
}

/**
 * C_Login, tried exactly once: every further try is a person's decision, because it brings the token nearer to locking. A PIN that is
 * locked is not tried. Whoever is logged in is logged out first; else a module answers ALREADY_LOGGED_IN without looking at the PIN,
 * and a wrong PIN would pass for a right one (SoftHSM 2.6.1 does so).
 */
export function login(connection: Connection, user: 'user' | 'so', pin: Uint8Array | null): Result<{ pinState: PinState }> {
  const done = attempt(connection, (api, anchor): Result<{ pinState: PinState }> => {
    if (stateOf(connection, user) === 'locked') return failure('token.pinLocked', { user, pinState: 'locked' });
    if (loggedIn(connection) !== null) api.C_Logout(anchor);
    return withPin(pin, (text) => {
      api.C_Login(anchor, user === 'so' ? pkcs11.CKU_SO : pkcs11.CKU_USER, text);
      return success({ pinState: stateOf(connection, user) });
    });
  });
  return done.ok || !done.error.code.startsWith('token.pin') ? done : withState(connection, user, done);
}

/** C_Logout; nobody logged in is fine. */
export function logout(connection: Connection): Result<null> {
  return attempt(connection, (api, anchor) => {
    if (loggedIn(connection) !== null) api.C_Logout(anchor);
    return success(null);
  });
}

/** C_InitPIN under the security officer's login. */
export function setUserPin(connection: Connection, pin: Uint8Array | null): Result<null> {
  return attempt(connection, (api, anchor) => {
    if (loggedIn(connection) !== 'so') return failure('token.notLoggedIn', { user: 'so' });
    return withPin(pin, (text) => {
      api.C_InitPIN(anchor, text);
      return success(null);
    });
  });
}

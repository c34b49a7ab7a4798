import pkcs11 from 'pkcs11js';
import type { Handle, PKCS11 } from 'pkcs11js';
import type { TokenSummary } from '../contract/token-values';
import { failure, success, type Failure, type Result } from '../contract/result';
import { listMechanisms, type Mechanisms } from './mechanisms';
import type { Module } from './module';
import { returnName, tokenFailure } from './return-value';
import { isInitialised, tokenSummary } from './token-info';

/**
 * One token, found by serial and label. `anchor` is a read-write session that stays open, because the login of an application ends
 * with its last session; null while the token is blank. Operations that can get stuck run in sessions of their own.
 */
export interface Connection {
  readonly module: Module;
  readonly slot: Handle;
  readonly serial: string;
  readonly label: string;
  readonly mechanisms: Mechanisms;
  readonly anchor: Handle | null;
}

const READ_WRITE = pkcs11.CKF_RW_SESSION | pkcs11.CKF_SERIAL_SESSION;

/** CK_SESSION_INFO.state (PKCS#11 2.40, 3.3): read-write user and security-officer functions. */
const STATE = { user: 3, so: 4 } as const;

/** Every slot with a token in it; a slot whose token cannot be read is not one we can choose. */
export function tokensIn({ api }: Pick<Module, 'api'>): readonly { readonly slot: Handle; readonly token: TokenSummary }[] {
  return api.C_GetSlotList(true).flatMap((slot) => {
    try {
      return [{ slot, token: tokenSummary(api.C_GetTokenInfo(slot)) }];
    } catch (error) {
      if (returnName(error) === null) throw error;
      return [];
    }
  });
}

/** Serial and label choose the token, never a slot index: indexes move between boots. Errors: token.notFound, token.ambiguous. */
function findSlot(module: Module, serial: string, label: string): Result<Handle> {
  const found = tokensIn(module).filter(({ token }) => token.serial === serial && token.label === label);
  const [first, ...others] = found;
  if (!first) return failure('token.notFound', { serial, label });
  return others.length > 0 ? failure('token.ambiguous', { serial, label, found: found.length }) : success(first.slot);
}

export function openSession(api: PKCS11, slot: Handle): Handle {
  return api.C_OpenSession(slot, READ_WRITE);
}

/** Closes a session; one that is gone already (token removed) needs no closing. */
export function closeSession(api: PKCS11, session: Handle): void {
  try {
    api.C_CloseSession(session);
  } catch (error) {
    if (returnName(error) === null) throw error;
  }
}

/** Finds the token and opens its anchor session, unless it is blank. */
export function connect(module: Module, serial: string, label: string): Result<Connection> {
  try {
    const slot = findSlot(module, serial, label);
    if (!slot.ok) return slot;
    const blank = !isInitialised(module.api.C_GetTokenInfo(slot.value));
    const anchor = blank ? null : openSession(module.api, slot.value);
    return success({ module, slot: slot.value, serial, label, mechanisms: listMechanisms(module, slot.value), anchor });
  } catch (error) {
    return tokenFailure(error);
  }
}

/** Who is logged in, asked of the token itself. */
export function loggedIn({ module, anchor }: Connection): 'user' | 'so' | null {
  if (!anchor) return null;
  const { state } = module.api.C_GetSessionInfo(anchor);
  if (state === STATE.user) return 'user';
  return state === STATE.so ? 'so' : null;
}

/** Is the token of this connection still in its slot? */
function isPresent({ module, slot, serial }: Connection): boolean {
  try {
    return tokenSummary(module.api.C_GetTokenInfo(slot)).serial === serial;
  } catch (error) {
    if (returnName(error) === null) throw error;
    return false;
  }
}

/** A device error on a token that is gone means removal; people need to hear that rather than CKR_GENERAL_ERROR. */
function explain(
  connection: Connection,
  failed: { readonly ok: false; readonly error: Failure },
): { readonly ok: false; readonly error: Failure } {
  if (failed.error.code !== 'token.device' || isPresent(connection)) return failed;
  return failure('token.removed', failed.error.detail);
}

/**
 * Runs calls to the token and turns what it returns instead of CKR_OK into a failure. Looks first whether the token is still there:
 * SoftHSM 2.6.1 answers a search on a token whose files are gone with an empty list and CKR_OK.
 */
export function attempt<T>(connection: Connection, act: (api: PKCS11, anchor: Handle) => Result<T>): Result<T> {
  if (!connection.anchor) return failure('token.notInitialised', { serial: connection.serial });
  if (!isPresent(connection)) return failure('token.removed', { serial: connection.serial });
  try {
    return act(connection.module.api, connection.anchor);
  } catch (error) {
    return explain(connection, tokenFailure(error));
  }
}

function attemptAs<T>(connection: Connection, user: 'user' | 'so', act: (api: PKCS11, anchor: Handle) => Result<T>): Result<T> {
  return attempt(connection, (api, anchor) => {
    return loggedIn(connection) === user ? act(api, anchor) : failure('token.notLoggedIn', { user });
  });
}

/** The same with a crypto officer logged in: without one, private objects are invisible and an inventory would lie. */
export function attemptAsUser<T>(connection: Connection, act: (api: PKCS11, anchor: Handle) => Result<T>): Result<T> {
  return attemptAs(connection, 'user', act);
}

/** The same with the security officer logged in, who sees public objects only (PKCS#11 2.40, 2.4). */
export function attemptAsSecurityOfficer<T>(connection: Connection, act: (api: PKCS11, anchor: Handle) => Result<T>): Result<T> {
  return attemptAs(connection, 'so', act);
}

/**
 * A session for one operation. It is closed whatever happens, so an operation that a module left active (SoftHSM does after an empty
 * plaintext) and session objects made for a test end here.
 */
export function inOwnSession<T>({ module, slot }: Connection, act: (session: Handle) => T): T {
  const session = openSession(module.api, slot);
  try {
    return act(session);
  } finally {
    closeSession(module.api, session);
  }
}

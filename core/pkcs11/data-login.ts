import pkcs11 from 'pkcs11js';
import type { Handle, PKCS11 } from 'pkcs11js';
import type { TokenSummary } from '../contract/token-values';
import { openSession, tokensIn } from './connection';
import { isUserSession } from './data-session';
import { withPin } from './pin';
import { returnName } from './return-value';
import { startLibrary, type LibraryFacts } from './start-library';
import { pinStateOf } from './token-info';

export interface DataLogin {
  /** absolute path */
  readonly module: string;
  readonly facts: LibraryFacts;
  /** both null: the only initialised token there is */
  readonly token: { readonly label: string | null; readonly serial: string | null };
  /** overwritten; null: the token asks for it itself */
  readonly pin: Uint8Array | null;
  /** a person said so: try although the next wrong PIN locks the token */
  readonly mayUseFinalTry: boolean;
  /** called immediately before C_Login, which may not come back */
  readonly onLogin?: () => void;
}

/** A library of this process that is logged in. Every thread of the process shares the login; `anchor` keeps it. */
export interface DataApplication {
  readonly api: PKCS11;
  readonly slot: Handle;
  readonly anchor: Handle;
  readonly token: TokenSummary;
}

/** How far it came. `reason`: a CKR name, or one of noModule, noToken, severalTokens, finalTry, pinNotText. */
export interface DataLoginFailure {
  readonly phase: 'module' | 'token' | 'session' | 'login';
  readonly reason: string;
}

export type DataLoginResult =
  { readonly ok: true; readonly value: DataApplication } | { readonly ok: false; readonly error: DataLoginFailure };

type Phase = DataLoginFailure['phase'];

const fail = (phase: Phase, reason: string): { readonly ok: false; readonly error: DataLoginFailure } => ({
  ok: false,
  error: { phase, reason },
});

/** Runs the calls of a phase; what the token answers instead of CKR_OK is the reason. Bugs are thrown on. */
function inPhase(phase: Phase, act: () => DataLoginResult): DataLoginResult {
  try {
    return act();
  } catch (error) {
    const name = returnName(error);
    if (name === null) throw error;
    return fail(phase, name);
  }
}

function loaded(path: string): PKCS11 | null {
  const api = new pkcs11.PKCS11();
  try {
    api.load(path);
    return api;
  } catch {
    // The loader's text names paths of the system and nothing a person could not see by loading the file.
    return null;
  }
}

function chooseToken(api: PKCS11, { token: { label, serial } }: DataLogin): { slot: Handle; token: TokenSummary } | string {
  const fits = tokensIn({ api }).filter(
    ({ token }) => token.initialised && (label === null || token.label === label) && (serial === null || token.serial === serial),
  );
  const [first] = fits;
  if (first === undefined) return 'noToken';
  return fits.length > 1 ? 'severalTokens' : first;
}

/** C_Login, once. That somebody is logged in already is fine: some libraries share the login between processes. */
function enter(api: PKCS11, anchor: Handle, pin: Uint8Array | null): string | null {
  const entered = withPin(pin, (text) => {
    try {
      api.C_Login(anchor, pkcs11.CKU_USER, text);
    } catch (error) {
      if (returnName(error) !== 'CKR_USER_ALREADY_LOGGED_IN') throw error;
    }
    return { ok: true, value: null };
  });
  if (!entered.ok) return 'pinNotText';
  return isUserSession(api, anchor) ? null : 'CKR_USER_NOT_LOGGED_IN';
}

function loginTo(api: PKCS11, slot: Handle, token: TokenSummary, { pin, mayUseFinalTry, onLogin }: DataLogin): DataLoginResult {
  const state = pinStateOf(api.C_GetTokenInfo(slot), 'user');
  if (state === 'locked') return fail('login', 'CKR_PIN_LOCKED');
  if (state === 'finalTry' && !mayUseFinalTry) return fail('login', 'finalTry');
  const anchor = openSession(api, slot);
  return inPhase('login', () => {
    onLogin?.();
    const refused = enter(api, anchor, pin);
    return refused === null ? { ok: true, value: { api, slot, anchor, token } } : fail('login', refused);
  });
}

function atToken(api: PKCS11, request: DataLogin): DataLoginResult {
  return inPhase('token', () => {
    const found = chooseToken(api, request);
    if (typeof found === 'string') return fail('token', found);
    return inPhase('session', () => loginTo(api, found.slot, found.token, request));
  });
}

/** Loads and starts the library, finds the token, opens the anchor session and logs in, with one C_Login at most. The PIN's bytes are overwritten. */
export function openDataApplication(request: DataLogin): DataLoginResult {
  try {
    const api = loaded(request.module);
    if (api === null) return fail('module', 'noModule');
    return inPhase('module', () => {
      startLibrary(api, request.facts);
      return atToken(api, request);
    });
  } finally {
    request.pin?.fill(0);
  }
}

/** Logs out and closes every session of this process with the token; whatever fails does not keep the rest from being tried. */
export function leaveToken({ api, slot, anchor }: DataApplication): void {
  for (const act of [() => api.C_Logout(anchor), () => api.C_CloseAllSessions(slot)]) {
    try {
      act();
    } catch (error) {
      if (returnName(error) === null) throw error;
    }
  }
}

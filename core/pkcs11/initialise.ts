import type { PKCS11 } from 'pkcs11js';
import { failure, success, type Result } from '../contract/result';
import type { TokenReport, TokenSummary } from '../contract/token-values';
import { closeSession, connect, loggedIn, type Connection } from './connection';
import { withPin } from './pin';
import { tokenFailure } from './return-value';
import { pinStateOf, tokenReport, tokenSummary } from './token-info';

/** CK_TOKEN_INFO.label: 32 bytes, padded with blanks, no NUL (PKCS#11 2.40, C_InitToken). */
const LABEL_BYTES = 32;

function padded(label: string): string | null {
  const bytes = Buffer.byteLength(label, 'utf8');
  return bytes === 0 || bytes > LABEL_BYTES ? null : label + ' '.repeat(LABEL_BYTES - bytes);
}

/** No session may be open with a token that is initialised (CKR_SESSION_EXISTS). */
function leave(api: PKCS11, connection: Connection): void {
  if (!connection.anchor) return;
  if (loggedIn(connection) !== null) api.C_Logout(connection.anchor);
  closeSession(api, connection.anchor);
}

interface InitialiseRequest {
  readonly serial: string;
  readonly label: string;
  readonly soPin: Uint8Array | null;
}

/** The label as C_InitToken wants it. Errors: token.notFound for another token's serial; input.labelTooLong. */
function checkRequest(connection: Connection, { serial, label }: InitialiseRequest): Result<string> {
  if (serial !== connection.serial) return failure('token.notFound', { serial, connected: connection.serial });
  const text = padded(label);
  return text === null
    ? failure('input.labelTooLong', { label, limit: LABEL_BYTES, length: Buffer.byteLength(label) })
    : success(text);
}

function refusal({ module, slot }: Connection, error: unknown): Result<never> {
  const failed = tokenFailure(error);
  if (!failed.error.code.startsWith('token.pin')) return failed;
  return failure(failed.error.code, {
    ...failed.error.detail,
    user: 'so',
    pinState: pinStateOf(module.api.C_GetTokenInfo(slot), 'so'),
  });
}

function erase({ module, slot }: Connection, label: string, soPin: Uint8Array | null): Result<TokenSummary> {
  return withPin(soPin, (pin) => {
    module.api.C_InitToken(slot, pin, label);
    return success(tokenSummary(module.api.C_GetTokenInfo(slot)));
  });
}

/**
 * C_InitToken: ERASES the token. The serial is what a person typed; it must be the connected token's. Answers the report of the token
 * as it is now (the serial of some tokens changes, and SoftHSM gives a blank token its serial here), and in any case the connection
 * to go on with: the old session is gone as soon as it was tried, also when the SO PIN was wrong.
 */
export function initialise(
  connection: Connection,
  request: InitialiseRequest,
): { result: Result<TokenReport>; connection: Connection | null } {
  const { module, slot } = connection;
  const label = checkRequest(connection, request);
  if (!label.ok) return { result: label, connection };
  let done: Result<TokenSummary>;
  try {
    leave(module.api, connection);
    done = erase(connection, label.value, request.soPin);
  } catch (error) {
    done = refusal(connection, error);
  }
  const { serial, label: name } = done.ok ? done.value : connection;
  const again = connect(module, serial, name);
  if (!again.ok) return { result: done.ok ? again : done, connection: null };
  return { result: done.ok ? success(tokenReport(module, slot)) : done, connection: again.value };
}

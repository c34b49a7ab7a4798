import type { PKCS11 } from 'pkcs11js';
import { failure, success, type Result } from '../contract/result';
import { closeSession, connect, loggedIn, type Connection } from './connection';
import { withPin } from './pin';
import { tokenFailure } from './return-value';
import { pinStateOf, tokenSummary } from './token-info';

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

/**
 * C_InitToken: ERASES the token. `serial` is what a person typed; it must be the connected token's. Answers a connection to the token
 * as it is now: the serial of some tokens changes, and SoftHSM gives a blank token its serial here.
 */
export function initialise(connection: Connection, serial: string, label: string, soPin: Uint8Array | null): Result<Connection> {
  const { module, slot } = connection;
  const text = padded(label);
  if (serial !== connection.serial) return failure('token.notFound', { serial, connected: connection.serial });
  if (text === null) return failure('input.labelTooLong', { label, limit: LABEL_BYTES, length: Buffer.byteLength(label) });
  try {
    leave(module.api, connection);
    const done = withPin(soPin, (pin) => {
      module.api.C_InitToken(slot, pin, text);
      return success(tokenSummary(module.api.C_GetTokenInfo(slot)));
    });
    return done.ok ? connect(module, done.value.serial, done.value.label) : done;
  } catch (error) {
    const failed = tokenFailure(error);
    if (!failed.error.code.startsWith('token.pin')) return failed;
    return failure(failed.error.code, {
      ...failed.error.detail,
      user: 'so',
      pinState: pinStateOf(module.api.C_GetTokenInfo(slot), 'so'),
    });
  }
}

import type { Handle, PKCS11 } from 'pkcs11js';
import { failure, success, type Result } from '../contract/result';
import { attempt, inOwnSession, loggedIn, type Connection } from './connection';
import { findObjects, readValue } from './objects';

/**
 * A crypto officer may destroy anything. The security officer sees no private object, so what he destroyed would only seem to be all
 * there was: he may take away trusted wrapping keys, which are his own work, and nothing else.
 */
function mayDestroy(connection: Connection, api: PKCS11, session: Handle, objects: readonly Handle[]): boolean {
  const who = loggedIn(connection);
  if (who !== 'so') return who === 'user';
  return objects.every((object) => readValue(api, session, object, 'CKA_TRUSTED') === true);
}

/**
 * C_DestroyObject on every object with this CKA_ID and label, after a look at CKA_DESTROYABLE of all of them, and a look in a new
 * session that none is left. Errors: token.notLoggedIn; key.notFound; key.notDestroyable; token.device when an object is still there.
 */
export function destroy(
  connection: Connection,
  request: { readonly ckaId: string; readonly label: string },
): Result<{ destroyed: number }> {
  const rows = [
    { name: 'CKA_ID', value: request.ckaId },
    { name: 'CKA_LABEL', value: request.label },
  ] as const;
  return attempt(connection, (api, anchor) => {
    const objects = findObjects(api, anchor, rows);
    if (!mayDestroy(connection, api, anchor, objects)) return failure('token.notLoggedIn', { user: 'user' });
    if (objects.length === 0) return failure('key.notFound', request);
    const kept = objects.filter((object) => readValue(api, anchor, object, 'CKA_DESTROYABLE') === false);
    if (kept.length > 0) return failure('key.notDestroyable', { ...request, objects: kept.length });
    for (const object of objects) api.C_DestroyObject(anchor, object);
    const left = inOwnSession(connection, (session) => findObjects(api, session, rows).length);
    return left === 0
      ? success({ destroyed: objects.length })
      : failure('token.device', { problem: 'objects are still there after C_DestroyObject', left });
  });
}

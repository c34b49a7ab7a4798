import { failure, success, type Result } from '../contract/result';
import { attemptAsUser, inOwnSession, type Connection } from './connection';
import { findObjects, readValue } from './objects';

/**
 * C_DestroyObject on every object with this CKA_ID and label, after a look at CKA_DESTROYABLE of all of them, and a look in a new
 * session that none is left. Errors: key.notFound; key.notDestroyable; token.device when an object is still there.
 */
export function destroy(
  connection: Connection,
  request: { readonly ckaId: string; readonly label: string },
): Result<{ destroyed: number }> {
  const rows = [
    { name: 'CKA_ID', value: request.ckaId },
    { name: 'CKA_LABEL', value: request.label },
  ] as const;
  return attemptAsUser(connection, (api, anchor) => {
    const objects = findObjects(api, anchor, rows);
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

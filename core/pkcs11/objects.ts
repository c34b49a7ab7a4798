import type { Handle, PKCS11 } from 'pkcs11js';
import type { AttributeRow, KeyClass } from '../keys/template';
import { decodeAttribute, encodeAttribute, ulongBytesOf } from './attribute-codec';
import { numberOf } from './names';
import { returnName } from './return-value';

const BATCH = 64;

export const OBJECT_CLASS: Readonly<Record<KeyClass, string>> = {
  secret: 'CKO_SECRET_KEY',
  public: 'CKO_PUBLIC_KEY',
  private: 'CKO_PRIVATE_KEY',
};

/** All objects that match, never just the first: a search limited to one cannot see a duplicate. */
export function findObjects(api: PKCS11, session: Handle, rows: readonly AttributeRow[]): readonly Handle[] {
  const ulongBytes = ulongBytesOf(session);
  api.C_FindObjectsInit(
    session,
    rows.map((row) => encodeAttribute(row, ulongBytes)),
  );
  try {
    const found: Handle[] = [];
    for (let batch = api.C_FindObjects(session, BATCH); batch.length > 0; batch = api.C_FindObjects(session, BATCH))
      found.push(...batch);
    return found;
  } finally {
    api.C_FindObjectsFinal(session);
  }
}

/** Refusals of one attribute that are an answer about that attribute, not about the token. */
const NO_VALUE: ReadonlySet<string> = new Set([
  'CKR_ATTRIBUTE_TYPE_INVALID',
  'CKR_ATTRIBUTE_SENSITIVE',
  'CKR_ATTRIBUTE_VALUE_INVALID',
]);

/** One attribute's bytes, or null where the object has none or hides it. One at a time: a refused one spoils a whole template. */
export function readBytes(api: PKCS11, session: Handle, object: Handle, name: AttributeRow['name']): Buffer | null {
  try {
    const [result] = api.C_GetAttributeValue(session, object, [{ type: numberOf(name) }]);
    return result && Buffer.isBuffer(result.value) ? result.value : null;
  } catch (error) {
    if (NO_VALUE.has(returnName(error) ?? '')) return null;
    throw error;
  }
}

/** One attribute as a row value, null as above. */
export function readValue(
  api: PKCS11,
  session: Handle,
  object: Handle,
  name: AttributeRow['name'],
): AttributeRow['value'] | null {
  const bytes = readBytes(api, session, object, name);
  return bytes === null ? null : decodeAttribute(name, bytes, ulongBytesOf(session));
}

/** The objects of one class under a CKA_ID. */
export function findKey(api: PKCS11, session: Handle, ckaId: string, keyClass: KeyClass): readonly Handle[] {
  return findObjects(api, session, [
    { name: 'CKA_CLASS', value: OBJECT_CLASS[keyClass] },
    { name: 'CKA_ID', value: ckaId },
  ]);
}

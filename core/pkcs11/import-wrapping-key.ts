import type { Handle, PKCS11 } from 'pkcs11js';
import { failure, success, type Result } from '../contract/result';
import { checkLabel } from '../keys/label';
import type { KeyClass, ObjectTemplate } from '../keys/template';
import type { WrappingAlgorithm } from '../keys/wrapping';
import { readWrappingKey } from '../keys/wrapping-key';
import { encodeAttribute, ulongBytesOf } from './attribute-codec';
import { attemptAsSecurityOfficer, inOwnSession, type Connection } from './connection';
import { numberOf } from './names';
import { findKey, findObjects } from './objects';
import type { AttributeReading } from './port';
import { readObject } from './read-back';
import { returnName } from './return-value';
import { wrapRecipe } from './wrap-recipe';
import { wrappingKeyObjects } from './wrapping-key-objects';

export interface ImportRequest {
  readonly spki: Uint8Array;
  readonly ckaId: string;
  readonly label: string;
  readonly algorithm: WrappingAlgorithm;
}

function make(api: PKCS11, session: Handle, object: ObjectTemplate): Handle {
  const template = object.wanted.map((row) => encodeAttribute(row, ulongBytesOf(session)));
  return object.class === 'public'
    ? api.C_CreateObject(session, template)
    : api.C_GenerateKey(session, { mechanism: numberOf('CKM_AES_KEY_GEN') }, template);
}

/** Takes away what was made of a wrapping key that could not be made whole; what the token says of that is not the fault people need to hear of. */
function takeBack(api: PKCS11, session: Handle, made: readonly Handle[]): void {
  for (const object of made)
    try {
      api.C_DestroyObject(session, object);
    } catch (error) {
      if (returnName(error) === null) throw error;
    }
}

function makeAll(api: PKCS11, session: Handle, objects: readonly ObjectTemplate[]): void {
  const made: Handle[] = [];
  try {
    for (const object of objects) made.push(make(api, session, object));
  } catch (error) {
    takeBack(api, session, made);
    throw error;
  }
}

/** Rows of the RSA key by their names, those of the AES key between with `AES: ` before them. */
const PREFIX: Readonly<Record<KeyClass, string>> = { public: '', secret: 'AES: ', private: '' };

function readRows(
  api: PKCS11,
  session: Handle,
  ckaId: string,
  objects: readonly ObjectTemplate[],
): Result<AttributeReading['rows']> {
  const rows: AttributeReading['rows'][number][] = [];
  for (const template of objects) {
    const [object, ...others] = findKey(api, session, ckaId, template.class);
    if (!object || others.length > 0) return failure('token.device', { problem: 'the object that was made is not there alone' });
    const reading = readObject(api, session, object, template);
    rows.push(...reading.rows.map((row) => ({ ...row, name: PREFIX[template.class] + row.name })));
  }
  return success(rows);
}

/**
 * The public key of KMS as a trusted wrapping key, made under the security officer's login and read back in a session of its own.
 * Only what the security officer can see is looked at for duplicates: private objects show when the key is used.
 */
export function importWrappingKey(
  connection: Connection,
  { spki, ckaId, label, algorithm }: ImportRequest,
): Result<{ rows: AttributeReading['rows'] }> {
  const { profile } = connection.module;
  const key = readWrappingKey(spki);
  if (!key.ok) return key;
  const fits = checkLabel(label, profile.labelBytes);
  if (!fits.ok) return fits;
  const recipe = wrapRecipe(profile, algorithm);
  if (!recipe.ok) return recipe;
  const modulus = Buffer.from(key.value.modulus).toString('hex');
  const objects = wrappingKeyObjects({ modulus, ckaId, label }, recipe.value, profile);
  return attemptAsSecurityOfficer(connection, (api, anchor) => {
    const ids = findObjects(api, anchor, [{ name: 'CKA_ID', value: ckaId }]);
    const labels = findObjects(api, anchor, [{ name: 'CKA_LABEL', value: label }]);
    if (ids.length + labels.length > 0) return failure('key.duplicate', { ckaId, label });
    makeAll(api, anchor, objects);
    const rows = inOwnSession(connection, (session) => readRows(api, session, ckaId, objects));
    return rows.ok ? success({ rows: rows.value }) : rows;
  });
}

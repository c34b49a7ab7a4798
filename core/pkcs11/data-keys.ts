import type { Handle, PKCS11 } from 'pkcs11js';
import type { AttributeRow } from '../keys/template';
import { findObjects, readValue } from './objects';

/** A secret key of a token as the data path knows it. */
export interface DataKey {
  readonly handle: Handle;
  /** CKA_ID, lower-case hex; '' where the object has none */
  readonly ckaId: string;
  /** bits of an AES key; null for another type, or where the token does not say */
  readonly aesBits: number | null;
  /** the CKA_* below that are true, without their prefix */
  readonly usages: readonly string[];
}

export const USAGES = ['ENCRYPT', 'DECRYPT', 'SIGN', 'VERIFY', 'WRAP', 'UNWRAP', 'DERIVE'] as const;

function bitsOf(keyType: AttributeRow['value'] | null, bytes: AttributeRow['value'] | null): number | null {
  return keyType === 'CKK_AES' && typeof bytes === 'string' && /^\d+$/.test(bytes) ? Number(bytes) * 8 : null;
}

function readKey(api: PKCS11, session: Handle, handle: Handle): DataKey {
  const read = (name: AttributeRow['name']): AttributeRow['value'] | null => readValue(api, session, handle, name);
  const ckaId = read('CKA_ID');
  return {
    handle,
    ckaId: typeof ckaId === 'string' ? ckaId : '',
    aesBits: bitsOf(read('CKA_KEY_TYPE'), read('CKA_VALUE_LEN')),
    usages: USAGES.filter((usage) => read(`CKA_${usage}`) === true),
  };
}

/** All secret keys of the token (CKA_TOKEN) under a label, each read anew. */
export function dataKeys(api: PKCS11, session: Handle, label: string): readonly DataKey[] {
  const found = findObjects(api, session, [
    { name: 'CKA_CLASS', value: 'CKO_SECRET_KEY' },
    { name: 'CKA_TOKEN', value: true },
    { name: 'CKA_LABEL', value: label },
  ]);
  return found.map((handle) => readKey(api, session, handle));
}

import { createHash } from 'node:crypto';
import type { Handle, PKCS11 } from 'pkcs11js';
import { success, type Result } from '../contract/result';
import type { KeysReport } from '../contract/values';
import { canonical } from '../evidence/canonical';
import type { InventoryEntry } from '../keys/inventory';
import type { KeyClass } from '../keys/template';
import { judge, type Attributes } from '../keys/verdict';
import { ATTRIBUTE_NAMES } from './attribute-codec';
import { attemptAsUser, type Connection } from './connection';
import { findObjects, OBJECT_CLASS, readValue } from './objects';

/** Read by an inventory: everything but the check value, which for AES is part of a secret subkey (see core/keys/check-value). */
const LISTED = ATTRIBUTE_NAMES.filter((name) => name !== 'CKA_CHECK_VALUE');

function readAttributes(api: PKCS11, session: Handle, object: Handle): Attributes {
  return new Map(
    LISTED.flatMap((name) => {
      const value = readValue(api, session, object, name);
      return value === null ? [] : [[name, value] as const];
    }),
  );
}

const KEY_CLASSES = new Map(Object.entries(OBJECT_CLASS).map(([keyClass, cko]) => [cko, keyClass as KeyClass]));

function keyClassOf(attributes: Attributes): KeyClass | null {
  return KEY_CLASSES.get(String(attributes.get('CKA_CLASS'))) ?? null;
}

function text(attributes: Attributes, name: string): string {
  const value = attributes.get(name);
  return typeof value === 'string' ? value : '';
}

function identity(attributes: Attributes): { class: string; keyType: string; label: string; ckaId: string } {
  const keyClass = keyClassOf(attributes);
  return {
    class: keyClass ?? text(attributes, 'CKA_CLASS').replace(/^CKO_/, '').toLowerCase(),
    keyType: text(attributes, 'CKA_KEY_TYPE').replace(/^CKK_/, ''),
    label: text(attributes, 'CKA_LABEL'),
    ckaId: text(attributes, 'CKA_ID'),
  };
}

function entry(attributes: Attributes): InventoryEntry {
  const digest = createHash('sha256')
    .update(canonical(Object.fromEntries(attributes)), 'utf8')
    .digest('hex');
  return { ...identity(attributes), uniqueId: text(attributes, 'CKA_UNIQUE_ID'), digest };
}

function sortKey(object: InventoryEntry): string {
  return JSON.stringify([object.label, object.ckaId, object.class, object.digest]);
}

/** Every object on the token, in an order that does not depend on the module. */
export function inventory(connection: Connection): Result<readonly InventoryEntry[]> {
  return attemptAsUser(connection, (api, anchor) => {
    const entries = findObjects(api, anchor, []).map((object) => entry(readAttributes(api, anchor, object)));
    return success(entries.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1)));
  });
}

/** Every object with the verdict of the nearest purpose policy. */
export function audit(connection: Connection): Result<KeysReport['keys']> {
  return attemptAsUser(connection, (api, anchor) => {
    const objects = findObjects(api, anchor, []).map((object) => readAttributes(api, anchor, object));
    const { missing } = connection.module.profile;
    const keys = objects.map((attributes) => ({
      ...identity(attributes),
      ...judge(keyClassOf(attributes), attributes, missing),
    }));
    return success(keys.toSorted((a, b) => (a.label + a.ckaId + a.class < b.label + b.ckaId + b.class ? -1 : 1)));
  });
}

/** Objects under a CKA_ID, by class; all of them. */
export function find(connection: Connection, ckaId: string): Result<readonly { class: string; label: string }[]> {
  return attemptAsUser(connection, (api, anchor) => {
    const objects = findObjects(api, anchor, [{ name: 'CKA_ID', value: ckaId }]);
    return success(
      objects
        .map((object) => identity(readAttributes(api, anchor, object)))
        .map(({ class: keyClass, label }) => ({ class: keyClass, label })),
    );
  });
}

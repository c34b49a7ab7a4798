import { canonical } from '../evidence/canonical';
import type { Sha256 } from '../evidence/event';
import type { KeySpec } from './spec';
import type { AttributeRow, KeyClass } from './template';

/** Everything that may be known of a secret key, so that its fingerprint means this key on this token and no other. */
export interface KeyRecord {
  readonly tokenSerial: string;
  readonly ckaId: string;
  readonly label: string;
  readonly keySpec: KeySpec;
  readonly checkValue: { readonly method: string; readonly value: string };
  /** as read back; null where the token gave no value */
  readonly attributes: readonly { readonly name: AttributeRow['name']; readonly value: AttributeRow['value'] | null }[];
}

interface Reading {
  readonly class: KeyClass;
  readonly rows: readonly { readonly name: string; readonly got: AttributeRow['value'] | null }[];
}

/** The record of a secret key from its plan, its check value and what was read back. */
export function keyRecord(
  plan: { readonly tokenSerial: string; readonly ckaId: string; readonly label: string; readonly keySpec: KeySpec },
  checkValue: KeyRecord['checkValue'],
  readings: readonly Reading[],
): KeyRecord {
  const { tokenSerial, ckaId, label, keySpec } = plan;
  const rows = readings.flatMap((reading) => reading.rows);
  const attributes = rows.map(({ name, got }) => ({ name: name as AttributeRow['name'], value: got }));
  return { tokenSerial, ckaId, label, keySpec, checkValue: { method: checkValue.method, value: checkValue.value }, attributes };
}

/**
 * The fingerprint of a secret key: SHA-256 of the JCS form of its record. A check value alone is 24 bits; the record ties it to
 * token, id, label and attributes. (The fingerprint of a pair is the SHA-256 of its SubjectPublicKeyInfo DER.)
 */
export function secretKeyFingerprint(record: KeyRecord, sha256: Sha256): string {
  return sha256(canonical(record));
}

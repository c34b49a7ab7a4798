import { legalCombinations, objectTemplates, type MissingAttribute } from './policy';
import type { KeySpec, Purpose } from './spec';
import { isPair, SPEC_FACTS } from './spec-facts';
import type { AttributeRow, KeyClass } from './template';

export type Attributes = ReadonlyMap<string, AttributeRow['value']>;

export interface VerdictRow {
  readonly name: string;
  readonly wanted: string;
  readonly got: string;
  readonly ok: boolean;
}

/** How one object on a token stands to the policies: it fits one, differs from the nearest, or is of a kind no policy speaks of. */
export interface Verdict {
  readonly verdict: 'fits' | 'differs' | 'unknown';
  /** `xks`, `byok`, `resident`; several joined by ` or ` where the object fits them alike; '' for `unknown` */
  readonly purpose: string;
  readonly rows: readonly VerdictRow[];
}

/** A row value in words. */
export function valueText(value: AttributeRow['value'] | null | undefined): string {
  if (value === null || value === undefined) return 'no value';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return typeof value === 'string' ? value : value.length === 0 ? 'none' : value.join(', ');
}

/** Size in bits as the object tells it: from its length, its modulus or its curve. */
function bitsOf(attributes: Attributes): number | null {
  const length = attributes.get('CKA_VALUE_LEN');
  if (typeof length === 'string') return Number(length) * 8;
  const modulusBits = attributes.get('CKA_MODULUS_BITS');
  if (typeof modulusBits === 'string') return Number(modulusBits);
  const modulus = attributes.get('CKA_MODULUS');
  return typeof modulus === 'string' ? modulus.length * 4 : null;
}

function isOfSpec(keySpec: KeySpec, keyClass: KeyClass, attributes: Attributes): boolean {
  const facts = SPEC_FACTS[keySpec];
  if (isPair(keySpec) !== (keyClass !== 'secret') || attributes.get('CKA_KEY_TYPE') !== facts.keyType) return false;
  return facts.curve ? attributes.get('CKA_EC_PARAMS') === facts.curve.oidDer : bitsOf(attributes) === facts.bits;
}

/** Id and label are the key's own; every other attribute is the policy's. */
const OWN: ReadonlySet<string> = new Set(['CKA_ID', 'CKA_LABEL']);

function rowsAgainst(
  purpose: Purpose,
  keySpec: KeySpec,
  keyClass: KeyClass,
  attributes: Attributes,
  missing: readonly MissingAttribute[],
): VerdictRow[] {
  const templates = objectTemplates({ purpose, keySpec, ckaId: '', label: '' }, missing).filter(
    (object) => object.class === keyClass,
  );
  const expected = templates.flatMap((object) => object.expected).filter(({ name }) => !OWN.has(name));
  return expected.map(({ name, value }) => {
    const got = attributes.get(name);
    return { name, wanted: valueText(value), got: valueText(got), ok: JSON.stringify(got ?? null) === JSON.stringify(value) };
  });
}

function faults(rows: readonly VerdictRow[]): number {
  return rows.filter((row) => !row.ok).length;
}

/**
 * Measures an object against every policy for its kind and size and keeps the nearest (fewest differing rows; on a tie the order of
 * `PURPOSES`).
 * @param keyClass null for what is no key
 */
export function judge(keyClass: KeyClass | null, attributes: Attributes, missing: readonly MissingAttribute[] = []): Verdict {
  if (keyClass === null) return { verdict: 'unknown', purpose: '', rows: [] };
  const measured = legalCombinations()
    .filter(({ keySpec }) => isOfSpec(keySpec, keyClass, attributes))
    .map(({ purpose, keySpec }) => ({ purpose, rows: rowsAgainst(purpose, keySpec, keyClass, attributes, missing) }))
    .toSorted((a, b) => faults(a.rows) - faults(b.rows));
  const [nearest] = measured;
  if (!nearest) return { verdict: 'unknown', purpose: '', rows: [] };
  if (faults(nearest.rows) > 0) return { verdict: 'differs', purpose: nearest.purpose, rows: nearest.rows };
  const fitting = measured.filter(({ rows }) => faults(rows) === 0).map(({ purpose }) => purpose);
  return { verdict: 'fits', purpose: fitting.join(' or '), rows: nearest.rows };
}

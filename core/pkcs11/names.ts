import pkcs11 from 'pkcs11js';

type Prefix = 'CKA_' | 'CKM_' | 'CKK_' | 'CKO_';

/** Names that share a number with an older one; these are the ones PKCS#11 2.40 prefers. */
const PREFERRED: ReadonlySet<string> = new Set([
  'CKM_EC_KEY_PAIR_GEN',
  'CKK_EC',
  'CKA_EC_PARAMS',
  'CKA_SUBPRIME_BITS',
  ...Object.keys(pkcs11).filter((name) => name.includes('CAST128')),
]);

/** Numbers of PKCS#11 3.0 and of vendors that the binding does not know and people meet in mechanism lists. */
const LATER: Readonly<Record<string, number>> = {
  CKA_UNIQUE_ID: 0x04,
  CKM_AES_KEY_WRAP_KWP: 0x210b,
  CKM_RSA_AES_KEY_WRAP: 0x1054,
  CKM_EC_EDWARDS_KEY_PAIR_GEN: 0x1055,
  CKM_EC_MONTGOMERY_KEY_PAIR_GEN: 0x1056,
  CKM_EDDSA: 0x1057,
  CKM_CLOUDHSM_AES_GCM: 0x80001087,
};

function tables(prefix: Prefix): { numbers: Map<string, number>; names: Map<number, string> } {
  const all = { ...pkcs11, ...LATER };
  const entries = Object.entries(all).filter(
    (entry): entry is [string, number] => entry[0].startsWith(prefix) && typeof entry[1] === 'number',
  );
  const ordered = entries.toSorted(([a], [b]) => Number(PREFERRED.has(a)) - Number(PREFERRED.has(b)));
  return { numbers: new Map(entries), names: new Map(ordered.map(([name, number]) => [number, name])) };
}

const TABLES = { CKA_: tables('CKA_'), CKM_: tables('CKM_'), CKK_: tables('CKK_'), CKO_: tables('CKO_') };

/** The name of a number, or `0x` and hex where PKCS#11 2.40 has none (vendor-defined or newer). */
export function nameOf(prefix: Prefix, number: number): string {
  return TABLES[prefix].names.get(number) ?? `0x${number.toString(16)}`;
}

/**
 * The number of a name, also of the `0x` form.
 * @throws RangeError for a name that is none; names come from our own tables or from what `nameOf` gave
 */
export function numberOf(name: string): number {
  const prefix = name.slice(0, 4);
  const number = prefix in TABLES ? TABLES[prefix as Prefix].numbers.get(name) : Number(name);
  if (number === undefined || !Number.isInteger(number)) throw new RangeError(`"${name}" is no PKCS#11 name.`);
  return number;
}

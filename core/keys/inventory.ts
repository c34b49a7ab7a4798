/** One object on a token as an inventory lists it. `digest`: SHA-256 of the JCS form of all readable, non-secret attributes. */
export interface InventoryEntry {
  /** `secret`, `public`, `private`, or the CKO name of what is no key, without its prefix and in lower case */
  readonly class: string;
  /** the CKK name without its prefix, e.g. `AES`; '' for what is no key */
  readonly keyType: string;
  readonly label: string;
  readonly ckaId: string;
  /** CKA_UNIQUE_ID where the module has it (PKCS#11 3.0), else ''. */
  readonly uniqueId: string;
  readonly digest: string;
}

export interface InventoryDiff {
  readonly added: readonly InventoryEntry[];
  readonly removed: readonly InventoryEntry[];
  readonly changed: readonly { readonly before: InventoryEntry; readonly after: InventoryEntry }[];
}

/** What makes two entries the same object. On PKCS#11 2.40 (class, label, id) is all there is, and twins may share it. */
function identity(entry: InventoryEntry): string {
  return JSON.stringify([entry.class, entry.keyType, entry.label, entry.ckaId, entry.uniqueId]);
}

function byIdentity(entries: readonly InventoryEntry[]): Map<string, InventoryEntry[]> {
  const groups = new Map<string, InventoryEntry[]>();
  for (const entry of entries) groups.set(identity(entry), [...(groups.get(identity(entry)) ?? []), entry]);
  return groups;
}

/** Entries of `from` that `others` does not hold, counting twins. */
function without(from: readonly InventoryEntry[], others: readonly InventoryEntry[]): InventoryEntry[] {
  const left = others.map((entry) => entry.digest);
  return from.filter((entry) => {
    const at = left.indexOf(entry.digest);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** What changed between two inventories. Twins are counted: a second object under the same label and id is an addition. */
export function diffInventory(before: readonly InventoryEntry[], after: readonly InventoryEntry[]): InventoryDiff {
  const old = byIdentity(before);
  const now = byIdentity(after);
  const added: InventoryEntry[] = [];
  const removed: InventoryEntry[] = [];
  const changed: { before: InventoryEntry; after: InventoryEntry }[] = [];
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    const gone = without(old.get(key) ?? [], now.get(key) ?? []);
    const come = without(now.get(key) ?? [], old.get(key) ?? []);
    const paired = Math.min(gone.length, come.length);
    for (const [i, entry] of gone.entries()) {
      const other = come[i];
      if (i < paired && other) changed.push({ before: entry, after: other });
      else removed.push(entry);
    }
    added.push(...come.slice(paired));
  }
  return { added, removed, changed };
}

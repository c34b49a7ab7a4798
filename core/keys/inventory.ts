/** One object on a token as an inventory lists it. `digest`: SHA-256 of the JCS form of all readable, non-secret attributes. */
export interface InventoryEntry {
  readonly class: string;
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

/** A PIN or passphrase as UTF-8 bytes, in memory of this page's own. Whoever uses it up overwrites it. */
export type Secret = Uint8Array<ArrayBuffer>;

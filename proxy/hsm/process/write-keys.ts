import type { DataKey } from '../../../core/pkcs11/data-keys';

/** What a search found, as it crosses to the proxy (`readKeys`). Rare, so JSON is fine. */
export function writeKeys(keys: readonly DataKey[]): Buffer {
  return Buffer.from(JSON.stringify(keys.map((key) => ({ ...key, handle: key.handle.toString('hex') }))), 'utf8');
}

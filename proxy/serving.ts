import { credentialSet, type Credential, type CredentialSet } from './auth/credentials';
import type { KeySettings, KeyStoreSettings, Settings } from './settings/settings';

/** One key store with the secrets of its credentials at hand. */
export interface ServedStore {
  readonly settings: KeyStoreSettings;
  readonly credentials: CredentialSet;
}

/**
 * What requests are served by. Never changed: a reload makes a new one and swaps it in whole, and a request keeps to its end the one
 * it began with.
 */
export interface Serving {
  /** by prefix */
  readonly stores: ReadonlyMap<string, ServedStore>;
  readonly keys: ReadonlyMap<string, KeySettings>;
  readonly limits: Settings['limits'];
  readonly isSigV4On: boolean;
  readonly auditOnFailure: Settings['audit']['onFailure'];
}

/**
 * @param secrets by prefix: the credentials with their secrets, read from where the settings say
 * @param before what was served until now: its credentials keep their signing keys, ages and last uses; null at start
 * @param now epoch ms
 */
export function servingOf(
  settings: Settings,
  secrets: ReadonlyMap<string, readonly Credential[]>,
  before: Serving | null,
  now: number,
): Serving {
  const stores = settings.keyStores.map((store): [string, ServedStore] => {
    const known = before?.stores.get(store.prefix)?.credentials ?? null;
    return [store.prefix, { settings: store, credentials: credentialSet(secrets.get(store.prefix) ?? [], known, now) }];
  });
  return {
    stores: new Map(stores),
    keys: settings.keys,
    limits: settings.limits,
    isSigV4On: settings.isSigV4On,
    auditOnFailure: settings.audit.onFailure,
  };
}

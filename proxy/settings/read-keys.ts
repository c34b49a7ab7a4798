import { nearest } from '../../core/contract/nearest';
import type { Reading } from './reading';
import { keyText } from './remarks';
import type { KeySettings, KeyStoreSettings, Settings } from './settings';

const HEALTH_KEY = 'keyrite-health';

function healthKeyOf({ form }: Reading): string {
  return form.health?.key ?? HEALTH_KEY;
}

/** `[keys."LABEL"]`: which generation of a label is current, which one ciphertexts without metadata of ours belong to. */
export function readKeys(reading: Reading, stores: readonly KeyStoreSettings[]): Settings['keys'] {
  const { form, remarks } = reading;
  const known = new Set(stores.flatMap(({ keys }) => [...keys]));
  const keys = new Map<string, KeySettings>();
  for (const [label, { current, legacy }] of Object.entries(form.keys ?? {})) {
    keys.set(label, { current: current?.toLowerCase() ?? null, legacy: legacy?.toLowerCase() ?? null });
    if (known.has(label) || label === healthKeyOf(reading)) continue;
    const meant = nearest(label, [...known]);
    const remedy =
      meant === null ? 'Add it to a xks_key_id_set, or take the table out.' : `Did you mean ${keyText(['keys', meant])}?`;
    remarks.warning(keyText(['keys', label]), 'is about a key that no key store uses', remedy);
  }
  return keys;
}

/** The health key is used all the time; in a key store, its use could not be told from the use of a KMS key (specification, GetHealthStatus). */
export function readHealth(reading: Reading, stores: readonly KeyStoreSettings[]): Settings['health'] {
  const { form, remarks } = reading;
  const { health = {} } = form;
  const key = healthKeyOf(reading);
  const user = stores.find(({ keys }) => keys.has(key));
  if (user) {
    remarks.error(
      'health.key',
      `is "${key}", a key of the key store "${user.name}"`,
      'Use a key of its own, which nothing is encrypted with: keyrite proxy --make-health-key makes it.',
    );
  }
  return {
    key,
    intervalMs: health.interval_ms ?? 15_000,
    fleetSize: health.fleet_size ?? 1,
    pingWhenKilled: health.ping_when_killed ?? 'bad',
    pingWhenUnhealthy: health.ping_when_unhealthy ?? 'bad',
  };
}

import type { Framing } from '../../core/xks/aad';
import { needed, type Reading } from './reading';
import { readCredentials, type StoreForm } from './read-credentials';
import type { KeyStoreSettings } from './settings';

const TABLE = 'external_key_stores';

/** `/a/b` is called `a-b` where its settings give no name. */
function nameOf(form: StoreForm, prefix: string): string {
  return form.name ?? (prefix === '' ? 'default' : prefix.slice(1).replaceAll('/', '-'));
}

function framings({ remarks }: Reading, key: string, form: StoreForm): readonly Framing[] {
  const given = form.foreign_framings ?? ['sample'];
  if (new Set(given).size < given.length) {
    remarks.error(`${key}.foreign_framings`, 'has a framing twice', 'Name each once, in the order of trial.');
  }
  return given;
}

function keysOf({ remarks }: Reading, key: string, form: StoreForm): ReadonlySet<string> {
  const given = form.xks_key_id_set ?? [];
  if (given.length === 0 && !remarks.isWrong(`${key}.xks_key_id_set`)) {
    remarks.warning(`${key}.xks_key_id_set`, 'allows no key', 'Write the labels of the keys that this key store may use.');
  }
  return new Set(given);
}

function regionOf(reading: Reading, key: string, form: StoreForm): string {
  const { remarks } = reading;
  const region = form.region ?? reading.form.server?.region;
  if (remarks.isWrong(`${key}.region`) || (region === undefined && remarks.isWrong('server.region'))) return '';
  return needed(
    reading,
    `${key}.region`,
    region,
    '',
    'Write the Region of its AWS KMS here, or one for all key stores: [server] region.',
  );
}

interface NamedStore {
  readonly key: string;
  readonly store: KeyStoreSettings;
}

function readStore(reading: Reading, form: StoreForm, at: number): NamedStore {
  const key = `${TABLE}[${at}]`;
  const prefix = form.uri_path_prefix ?? '';
  const store = {
    name: nameOf(form, prefix),
    prefix,
    region: regionOf(reading, key, form),
    credentials: readCredentials(reading, key, form),
    keys: keysOf(reading, key, form),
    foreignFramings: framings(reading, key, form),
  };
  return { key, store };
}

function refuseSame({ remarks }: Reading, stores: readonly NamedStore[]): void {
  const prefixes = new Map<string, string>();
  const names = new Map<string, string>();
  for (const { key, store } of stores) {
    const prefixOf = prefixes.get(store.prefix);
    const isReal = !remarks.isWrong(`${key}.uri_path_prefix`);
    if (isReal && prefixOf !== undefined) {
      remarks.error(
        `${key}.uri_path_prefix`,
        `is ${JSON.stringify(store.prefix)}, as in ${prefixOf}`,
        'Give each key store a prefix of its own; several credentials of one store go into [[external_key_stores.credentials]].',
      );
    } else if (isReal && names.has(store.name)) {
      remarks.error(
        `${key}.name`,
        `would be "${store.name}", as in ${names.get(store.name) ?? ''}`,
        'Give it a name of its own: audit and metrics tell key stores apart by it.',
      );
    }
    if (isReal) prefixes.set(store.prefix, prefixOf ?? key);
    names.set(store.name, names.get(store.name) ?? key);
  }
}

/** A key store nobody can sign for is left out; it is what the sample's own files have as a place to fill in. */
function canBeUsed({ form, remarks }: Reading, { key, store }: NamedStore): boolean {
  if (store.credentials.length > 0 || form.security?.is_sigv4_auth_enabled === false) return true;
  const hasTables = (form.external_key_stores?.[Number(/\d+/.exec(key)?.[0])]?.credentials ?? []).length > 0;
  const isSaid = hasTables || remarks.isWrong(`${key}.sigv4_access_key_id`) || remarks.isWrong(`${key}.sigv4_secret_access_key`);
  if (!isSaid)
    remarks.warning(
      key,
      'has no credential, so nobody can sign for it: it is left out',
      'Give it one with [[external_key_stores.credentials]], or take it out.',
    );
  return false;
}

/** The key stores that can be used, at least one. */
export function readKeyStores(reading: Reading): readonly KeyStoreSettings[] {
  const { form, remarks } = reading;
  const stores = (form.external_key_stores ?? []).map((each, i) => readStore(reading, each, i));
  refuseSame(reading, stores);
  const usable = stores.filter((each) => canBeUsed(reading, each));
  if (usable.length === 0 && !remarks.isWrongBelow(TABLE)) {
    remarks.error(
      TABLE,
      stores.length === 0 ? 'is missing' : 'has none with a credential',
      'Write at least one [[external_key_stores]] with its prefix, keys and credential.',
    );
  }
  return usable.map(({ store }) => store);
}

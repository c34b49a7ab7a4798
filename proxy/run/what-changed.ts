import type { KeyStoreSettings, Settings } from '../settings/settings';
import type { InForce } from './in-force';

interface Before {
  readonly was: InForce;
  readonly is: InForce;
}

/** `+ a, - b` for what came and what went; '' where both are the same. */
function difference(was: Iterable<string>, is: Iterable<string>): string {
  const [old, now] = [new Set(was), new Set(is)];
  const came = [...now].filter((one) => !old.has(one)).map((one) => `+ ${one}`);
  const went = [...old].filter((one) => !now.has(one)).map((one) => `- ${one}`);
  return [...came, ...went].join(', ');
}

const idsOf = ({ credentials }: KeyStoreSettings): string[] => credentials.map(({ accessKeyId }) => accessKeyId);

function named(what: string, change: string): string[] {
  return change === '' ? [] : [`${what}: ${change}`];
}

function storeChanges({ was, is }: Before): string[] {
  const old = new Map(was.settings.keyStores.map((store) => [store.prefix, store]));
  return is.settings.keyStores.flatMap((store) => {
    const before = old.get(store.prefix);
    if (before === undefined) return [];
    const exchanged = idsOf(store).filter((id) => secretOf(was, store.prefix, id) !== secretOf(is, store.prefix, id));
    const known = exchanged.filter((id) => idsOf(before).includes(id));
    return [
      ...named(`credentials of ${store.name}`, difference(idsOf(before), idsOf(store))),
      ...named(`credentials of ${store.name} with another secret`, known.join(', ')),
      ...named(`keys of ${store.name}`, difference(before.keys, store.keys)),
    ];
  });
}

function secretOf({ credentials }: InForce, prefix: string, id: string): string | undefined {
  return credentials.get(prefix)?.find(({ accessKeyId }) => accessKeyId === id)?.secret;
}

const generationsOf = ({ keys }: Settings): string[] =>
  [...keys].map(([label, { current, legacy }]) => `${label} (current ${current ?? 'the only one'}, legacy ${legacy ?? 'none'})`);

const limitsOf = ({ limits, audit, health }: Settings): string[] => [
  `plaintext ${limits.plaintextBytes} bytes`,
  `AAD ${limits.aadBytes} bytes`,
  `audit failure: ${audit.onFailure}`,
  `fleet of ${health.fleetSize}`,
  `health every ${health.intervalMs} ms`,
];

/** What a reload changed, one line each, for people and the audit log. Names ids, never a secret. */
export function whatChanged(was: InForce, is: InForce): readonly string[] {
  const stores = ({ settings }: InForce) => settings.keyStores.map(({ name, prefix }) => `${name} (${prefix || 'no prefix'})`);
  return [
    ...named('key stores', difference(stores(was), stores(is))),
    ...storeChanges({ was, is }),
    ...named('generations', difference(generationsOf(was.settings), generationsOf(is.settings))),
    ...named('policies', difference(was.authorizer?.policies ?? [], is.authorizer?.policies ?? [])),
    ...named('limits', difference(limitsOf(was.settings), limitsOf(is.settings))),
  ];
}

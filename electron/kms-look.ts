import type { KmsKeyReport, KmsKeysPage, UnreadKey } from '../core/contract/kms-values';
import { success, type Result } from '../core/contract/result';
import type { RunMode } from '../core/ceremony/view-model';
import type { Caller, KmsPort } from '../core/kms/port';
import type { StationGround } from '../core/station/port';
import { readKey, type FindImported, type ListedKey } from './kms-key';

/** Keys of one page: some hundred calls, which AWS answers in a second or two. */
const PAGE = 20;
/** Keys that are looked at at once: far below every request quota of KMS, which other programs of the account share. */
const AT_ONCE = 4;

export interface Place {
  readonly runMode: RunMode;
  readonly region: string;
}

/** Looks at the KMS keys of a place, page by page. One look at a time: a new one, or `stop`, ends the one that is under way. */
export interface KmsLook {
  readonly page: (request: Place & { readonly from: number }) => Promise<Result<KmsKeysPage>>;
  /** the policy that a key has now, JSON text */
  readonly policyOf: (request: Place & { readonly keyId: string }) => Promise<Result<string>>;
  readonly stop: () => void;
}

interface Listing {
  readonly place: Place;
  readonly kms: KmsPort;
  readonly caller: Caller;
  readonly keys: readonly ListedKey[];
}

async function listKeys(kms: KmsPort): Promise<Result<readonly ListedKey[]>> {
  const [keys, aliases] = [await kms.listKeys(), await kms.listAliases(null)];
  if (!keys.ok) return keys;
  const names = new Map<string, string[]>();
  // Aliases may be forbidden where keys are not: a key without its names is still worth seeing.
  for (const { alias, keyId } of aliases.ok ? aliases.value.value : [])
    if (keyId !== null) names.set(keyId, [...(names.get(keyId) ?? []), alias]);
  const listed = keys.value.value.map((key) => ({ ...key, aliases: names.get(key.keyId) ?? [] }));
  const isOfAws = (key: ListedKey): number => (key.aliases.some((alias) => alias.startsWith('alias/aws/')) ? 1 : 0);
  return success(listed.toSorted((a, b) => isOfAws(a) - isOfAws(b)));
}

async function readAll(
  { kms, caller }: Listing,
  keys: readonly ListedKey[],
  find: FindImported,
): Promise<readonly (KmsKeyReport | UnreadKey)[]> {
  const found: (KmsKeyReport | UnreadKey)[] = [];
  for (let i = 0; i < keys.length; i += AT_ONCE)
    found.push(...(await Promise.all(keys.slice(i, i + AT_ONCE).map((key) => readKey(kms, key, caller.account, find)))));
  return found;
}

const isUnread = (key: KmsKeyReport | UnreadKey): key is UnreadKey => 'failure' in key;
const isRead = (key: KmsKeyReport | UnreadKey): key is KmsKeyReport => !isUnread(key);

/**
 * @param open KMS of a Region; asked as the seat of the administrator, who may see every key
 * @param find what this station's evidence knows of a key
 */
export function openKmsLook(open: StationGround['kms'], find: FindImported): KmsLook {
  let listing: Listing | null = null;

  function stop(): void {
    listing?.kms.close();
    listing = null;
  }

  async function list(place: Place): Promise<Result<Listing>> {
    stop();
    const opened = await open({ ...place, as: 'administrator' });
    if (!opened.ok) return opened;
    const kms = opened.value;
    const caller = await kms.identify();
    const keys = caller.ok ? await listKeys(kms) : caller;
    if (caller.ok && keys.ok) {
      listing = { place, kms, caller: caller.value.value, keys: keys.value };
      return success(listing);
    }
    kms.close();
    return caller.ok ? (keys as Extract<typeof keys, { ok: false }>) : caller;
  }

  const isOf = (known: Listing | null, { runMode, region }: Place): known is Listing =>
    known?.place.runMode === runMode && known.place.region === region;

  return {
    stop,
    page: async ({ runMode, region, from }) => {
      const place = { runMode, region };
      const known = from > 0 && isOf(listing, place) ? success(listing) : await list(place);
      if (!known.ok) return known;
      const { caller, keys } = known.value;
      const read = await readAll(known.value, keys.slice(from, from + PAGE), find);
      const next = from + PAGE < keys.length ? from + PAGE : null;
      return success({
        ...{ runMode, region, account: caller.account, callerArn: caller.arn, rehearsal: caller.rehearsal },
        keys: read.filter(isRead),
        unread: read.filter(isUnread),
        total: keys.length,
        next,
      });
    },
    policyOf: async ({ runMode, region, keyId }) => {
      const opened = await open({ runMode, region, as: 'administrator' });
      if (!opened.ok) return opened;
      const policy = await opened.value.getKeyPolicy(keyId);
      opened.value.close();
      return policy.ok ? success(policy.value.value) : policy;
    },
  };
}

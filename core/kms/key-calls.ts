import { failure, success } from '../contract/result';
import type { Ask } from './ask';
import { isoOf, keyOf, lastUsageOf, present } from './answers';
import { CALLS } from './calls';
import type { Asked } from './answered';
import type { KmsKey, KmsPort, Tag } from './port';

type KeyCalls = Pick<
  KmsPort,
  | 'createKey'
  | 'describeKey'
  | 'listKeys'
  | 'listTags'
  | 'tagKey'
  | 'findByTag'
  | 'updateDescription'
  | 'replicateKey'
  | 'enableKey'
  | 'disableKey'
  | 'scheduleKeyDeletion'
  | 'cancelKeyDeletion'
  | 'getKeyLastUsage'
>;

/** Answers that end a search for one key, and not the search: the key is gone, or is nobody's business here. */
const SKIPPED: ReadonlySet<string> = new Set(['aws.notFound', 'aws.accessDenied']);

const isSame = (a: Tag) => (b: Tag) => a.key === b.key && a.value === b.value;

/** What a ceremony makes: keys for imported material, and keys of external key stores. */
const MADE_BY_US: ReadonlySet<string> = new Set(['EXTERNAL', 'EXTERNAL_KEY_STORE']);

/** Other keys are not looked at any further: each look is two calls. */
async function taggedKey(calls: Pick<KmsPort, 'describeKey' | 'listTags'>, keyId: string, tag: Tag): Asked<KmsKey | null> {
  const key = await calls.describeKey(keyId);
  if (!key.ok || !MADE_BY_US.has(key.value.value.origin)) return key.ok ? success({ ...key.value, value: null }) : key;
  const tags = await calls.listTags(keyId);
  if (!tags.ok) return tags;
  return success({ ...key.value, value: tags.value.value.some(isSame(tag)) ? key.value.value : null });
}

/** One after the other: KMS counts listings of tags per second, and this is asked after a lost answer only. */
async function findByTag(calls: Pick<KmsPort, 'listKeys' | 'describeKey' | 'listTags'>, tag: Tag): Asked<readonly KmsKey[]> {
  const listed = await calls.listKeys();
  if (!listed.ok) return listed;
  const found: KmsKey[] = [];
  let unreadable = 0;
  for (const { keyId } of listed.value.value) {
    const key = await taggedKey(calls, keyId, tag);
    if (key.ok) found.push(...(key.value.value === null ? [] : [key.value.value]));
    else if (!SKIPPED.has(key.error.code)) return key;
    else if (key.error.code === 'aws.accessDenied') unreadable++;
  }
  // "None" must be true: two people decide by it whether a key is made once more.
  if (found.length === 0 && unreadable > 0)
    return failure('aws.accessDenied', {
      operation: 'ListResourceTags',
      message: `No key with this tag was found, but ${unreadable} of ${listed.value.value.length} keys may not be read by this principal.`,
    });
  const oldestFirst = found.sort((a, b) => (a.createdAt ?? '').localeCompare(b.createdAt ?? ''));
  return success({ ...listed.value, value: oldestFirst });
}

const nothing = (): null => null;

export function keyCalls({ one, all }: Ask): KeyCalls {
  const calls: Pick<KmsPort, 'listKeys' | 'describeKey' | 'listTags'> = {
    describeKey: (keyId, signal) => one(CALLS.describeKey({ keyId }), ({ KeyMetadata }) => keyOf(KeyMetadata), signal),
    listKeys: () =>
      all({ operation: 'ListKeys', input: { Limit: 1000 } }, ({ Keys = [] }) =>
        Keys.map(({ KeyId, KeyArn }) => ({ keyId: present(KeyId, 'KeyId'), arn: present(KeyArn, 'KeyArn') })),
      ),
    listTags: (keyId) =>
      all({ operation: 'ListResourceTags', input: { KeyId: keyId } }, ({ Tags = [] }) =>
        Tags.map(({ TagKey, TagValue }) => ({ key: present(TagKey, 'TagKey'), value: TagValue ?? '' })),
      ),
  };
  return {
    ...calls,
    findByTag: (tag) => findByTag(calls, tag),
    createKey: (request) => one(CALLS.createKey(request), ({ KeyMetadata }) => keyOf(KeyMetadata)),
    tagKey: (keyId, tags) => one(CALLS.tagKey({ keyId, tags }), nothing),
    updateDescription: (keyId, description) => one(CALLS.updateDescription({ keyId, description }), nothing),
    replicateKey: (request) => one(CALLS.replicateKey(request), ({ ReplicaKeyMetadata }) => keyOf(ReplicaKeyMetadata)),
    enableKey: (keyId) => one(CALLS.enableKey({ keyId }), nothing),
    disableKey: (keyId) => one(CALLS.disableKey({ keyId }), nothing),
    scheduleKeyDeletion: (keyId, days) =>
      one(CALLS.scheduleKeyDeletion({ keyId, days }), ({ DeletionDate, KeyState }) => ({
        deletionAt: isoOf(DeletionDate),
        state: present(KeyState, 'KeyState'),
      })),
    cancelKeyDeletion: (keyId) => one(CALLS.cancelKeyDeletion({ keyId }), nothing),
    getKeyLastUsage: (keyId) => one(CALLS.getKeyLastUsage({ keyId }), lastUsageOf),
  };
}

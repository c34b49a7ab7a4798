import { canonical } from '../../evidence/canonical';
import { failure, success, type Result } from '../../contract/result';
import type { KmsKey, KmsPort } from '../../kms/port';
import { sha256Text } from '../../pack/sha256';
import { check, facts, jsonArtefact, outcome, type Act, type ActContext } from './act';
import { storeFacts, storeOf } from './store-create';
import { storeIdOf, storePlan } from './store-plan';

/** Every KMS key of a key store, found by looking at each key of the account and Region. */
async function keysOf(kms: KmsPort, storeId: string): Promise<Result<readonly KmsKey[]>> {
  const listed = await kms.listKeys();
  if (!listed.ok) return listed;
  const found: KmsKey[] = [];
  for (const { arn } of listed.value.value) {
    const key = await kms.describeKey(arn);
    if (!key.ok && key.error.code === 'aws.notFound') continue; // deleted since it was listed
    if (!key.ok) return key; // one that was not read may be one of the store
    if (key.value.value.keyStore?.storeId === storeId) found.push(key.value.value);
  }
  return success(found);
}

async function affected(context: ActContext): Promise<Result<{ kms: KmsPort; storeId: string; keys: readonly KmsKey[] }>> {
  const storeId = storeIdOf(context.state);
  const kms = await context.kms(storePlan(context.state).region, 'administrator');
  if (!kms.ok) return kms;
  const keys = await keysOf(kms.value, storeId);
  return keys.ok ? success({ kms: kms.value, storeId, keys: keys.value }) : keys;
}

/** Disconnecting makes every key of the store unavailable at once: which they are. */
export const awsPlanDisconnect: Act = async (context) => {
  const found = await affected(context);
  if (!found.ok) return found;
  const { storeId, keys } = found.value;
  const text = canonical({ format: 'keyrite-disconnect-plan-1', storeId, keys: keys.map(({ arn }) => arn) });
  return success(
    outcome({
      data: { storeId, keys: keys.map(({ arn }) => arn) },
      values: { 'keyStore.digest': sha256Text(text) },
      show: [
        facts('What disconnecting does', [
          ['Key store', storeId, true],
          ['Becomes unavailable', `${keys.length} KMS ${keys.length === 1 ? 'key' : 'keys'}, every one of the store`],
          ['Goes on', 'whatever holds a data key in memory'],
          ['Comes back', 'by connecting again; nothing is deleted'],
        ]),
        keysTable(keys),
      ],
      artefacts: [jsonArtefact('disconnect-plan.json', text)],
    }),
  );
};

function keysTable(keys: readonly KmsKey[]) {
  return {
    kind: 'table',
    title: 'KMS keys of the store',
    columns: ['ARN', 'XksKeyId', 'State', 'Deletion'],
    rows: keys.map(({ arn, keyStore, state, deletionAt }) => [arn, keyStore?.xksKeyId ?? '', state, deletionAt ?? '']),
    empty: 'There is none.',
  } as const;
}

function daysOf({ state }: Pick<ActContext, 'state'>): number {
  return Number(state.genesis.data.inputs['deletionDays'] ?? '30');
}

/** In the second ceremony there must be none left; that is seen before the store is disconnected for nothing. */
function whatOfKeys({ state }: Pick<ActContext, 'state'>, count: number): [string, string][] {
  if (state.genesis.data.inputs['phase'] === 'delete')
    return [
      ['KMS keys', count === 0 ? 'none is left: the store can be deleted' : `${count}; AWS deletes no store that has keys`],
    ];
  return [
    ['KMS keys', String(count)],
    ['Waiting period', `${daysOf({ state })} days; until then the deletion can be cancelled`],
  ];
}

/** Everything that goes with the store: its KMS keys first, for KMS deletes no store that has any. */
export const storePlanRetire: Act = async (context) => {
  const found = await affected(context);
  if (!found.ok) return found;
  const { storeId, keys, kms } = found.value;
  const days = daysOf(context);
  const used: string[][] = [];
  for (const { arn } of keys) {
    const last = await kms.getKeyLastUsage(arn);
    const aliases = await kms.listAliases(arn);
    if (!aliases.ok) return aliases;
    const usage = last.ok
      ? [last.value.value.operation ?? 'never used', last.value.value.at ?? ''].join(' ').trim()
      : 'not known';
    used.push([arn, aliases.value.value.map(({ alias }) => alias).join(', '), usage]);
  }
  const text = canonical({ format: 'keyrite-retire-plan-1', storeId, keys: keys.map(({ arn }) => arn), days });
  return success(
    outcome({
      data: { storeId, keys: keys.map(({ arn }) => arn) },
      values: { 'keyStore.digest': sha256Text(text) },
      show: [
        facts('What goes', [
          ['Key store', storeId, true],
          ...whatOfKeys(context, keys.length),
          ['After it', 'nothing that was encrypted under these keys can ever be decrypted again'],
          ['The key in the HSM', 'stays; it is destroyed in a ceremony of its own (key-destroy)'],
        ]),
        { kind: 'table', title: 'What depends on them', columns: ['ARN', 'Aliases', 'Last use'], rows: used, empty: 'Nothing.' },
        keysTable(keys),
      ],
      artefacts: [jsonArtefact('retire-plan.json', text)],
    }),
  );
};

/** ScheduleKeyDeletion for every key that was approved. One that waits already is left as it is, so a repeat is harmless. */
export const storeScheduleKeys: Act = async (context) => {
  const found = await affected(context);
  if (!found.ok) return found;
  const { kms, keys } = found.value;
  const planned = (context.state.data['store.planRetire']?.['keys'] ?? []) as unknown as readonly string[];
  const rows: string[][] = [];
  for (const { arn, state, deletionAt } of keys) {
    if (!planned.includes(arn)) return failure('ceremony.differs', { what: 'keys of the store', found: arn });
    if (state === 'PendingDeletion') {
      rows.push([arn, state, deletionAt ?? '']);
      continue;
    }
    const asked = await kms.scheduleKeyDeletion(arn, daysOf(context));
    if (!asked.ok) return asked;
    rows.push([arn, asked.value.value.state, asked.value.value.deletionAt ?? '']);
  }
  const late = rows.filter(([, state]) => state !== 'PendingDeletion').map(([arn]) => arn);
  return success(
    outcome({
      data: { scheduled: rows.map(([arn = '']) => arn) },
      checks: [check('CER-STORE-KEYS-SCHEDULED', late.length === 0, 'PendingDeletion', late.join(', ') || 'PendingDeletion')],
      show: [
        { kind: 'table', title: 'Scheduled', columns: ['ARN', 'State', 'Deleted at'], rows, empty: 'The store has no key.' },
      ],
    }),
  );
};

/** DeleteCustomKeyStore; a store that is gone already is as good. */
export const awsDeleteStore: Act = async (context) => {
  const storeId = storeIdOf(context.state);
  const kms = await context.kms(storePlan(context.state).region, 'administrator');
  if (!kms.ok) return kms;
  const before = await storeOf(context, storeId);
  if (!before.ok && before.error.code !== 'aws.storeNotFound') return before;
  if (before.ok) {
    const deleted = await kms.value.deleteKeyStore(storeId);
    if (!deleted.ok) return deleted;
  }
  const after = await storeOf(context, storeId);
  const isGone = !after.ok && after.error.code === 'aws.storeNotFound';
  return success(
    outcome({
      data: { storeId },
      checks: [check('CER-STORE-DELETED', isGone, 'no such key store', isGone ? 'no such key store' : 'it is still there')],
      show: [
        ...(before.ok ? [storeFacts('Was', before.value, '')] : []),
        facts('Key store', [[storeId, isGone ? 'deleted; the key in the HSM is untouched' : 'still there']]),
      ],
    }),
  );
};

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failure, success, type Result } from '../../../../core/contract/result';
import type { Answered } from '../../../../core/kms/answered';
import type { KmsKey, KmsPort } from '../../../../core/kms/port';
import { outcome } from '../../../../core/station/acts/act';
import { isOurStoreKey } from '../../../../core/station/acts/store-key';
import { actRecord, STORE_INPUTS, type ActRecord } from '../act-record';
import { value } from '../stage';

const POLICY = JSON.stringify({ Version: '2012-10-17', Statement: [{ Sid: 'one', Effect: 'Allow', Action: ['kms:Encrypt'] }] });
const OURS = {
  ...{ keyId: 'key-1', arn: 'arn:aws:kms:eu-central-1:000000000000:key/key-1', state: 'Enabled', origin: 'EXTERNAL_KEY_STORE' },
  description: 'Key of an external key store, set up by Keyrite, ceremony xks-store-1',
  keyStore: { storeId: 'cks-1', xksKeyId: STORE_INPUTS.keyLabel },
} as unknown as KmsKey;

let record: ActRecord;
beforeEach(async () => {
  record = await actRecord(STORE_INPUTS);
  record.known('aws.createStore', { storeId: 'cks-1' });
  const artefacts = [{ name: 'key-policy.json', bytes: new TextEncoder().encode(POLICY) }];
  value(await record.done('aws.planPolicy', () => Promise.resolve(success(outcome({ artefacts })))));
});
afterEach(() => record.remove());

/** Is this key ours, with what KMS says its policy is? */
async function isOurs(key: KmsKey, policy: Result<string> = success(POLICY)): Promise<Result<boolean>> {
  const answered = (text: string): Answered<string> => ({ value: text, requestId: 'request-1', at: '' });
  const kms = {
    getKeyPolicy: () => Promise.resolve(policy.ok ? success(answered(policy.value)) : policy),
  } as unknown as KmsPort;
  return isOurStoreKey(record.context(), kms, key);
}

describe('a KMS key that is found by the tag of the ceremony after an answer was lost', () => {
  it('is ours where pairing, description and policy are as planned, however its policy is laid out', async () => {
    expect(await isOurs(OURS)).toEqual(success(true));
    expect(await isOurs(OURS, success(JSON.stringify(JSON.parse(POLICY), null, 4)))).toEqual(success(true));
  });

  it.each<[string, Partial<KmsKey>]>([
    ['another description', { description: `${OURS.description}0` }],
    ['no description', { description: '' }],
    ['another key of the HSM', { keyStore: { storeId: 'cks-1', xksKeyId: 'xks-root-2' } }],
    ['another key store', { keyStore: { storeId: 'cks-2', xksKeyId: STORE_INPUTS.keyLabel } }],
    ['no key store', { keyStore: null }],
  ])('is a stranger’s with %s', async (_, differs) => {
    expect(await isOurs({ ...OURS, ...differs })).toEqual(success(false));
  });

  it('is a stranger’s with another policy, or with one that we may not read: ours lets us', async () => {
    expect(await isOurs(OURS, success(POLICY.replace('kms:Encrypt', 'kms:*')))).toEqual(success(false));
    expect(await isOurs(OURS, failure('aws.accessDenied'))).toEqual(success(false));
  });

  it('is nobody’s yet where KMS does not answer, or where the approved policy is not the one on disk', async () => {
    expect(await isOurs(OURS, failure('aws.noAnswer'))).toMatchObject({ error: { code: 'aws.noAnswer' } });
    record.context().state.artefacts['aws.planPolicy']?.splice(0);
    expect(await isOurs(OURS)).toMatchObject({ error: { code: 'file.notFound' } });
  });
});

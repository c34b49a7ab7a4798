import { afterEach, describe, expect, it } from 'vitest';
import { failure, success, type Result } from '../../../../core/contract/result';
import type { KmsPort } from '../../../../core/kms/port';
import { awsPlanDisconnect } from '../../../../core/station/acts/store-retire';
import { actRecord, STORE_INPUTS, type ActRecord } from '../act-record';
import { value } from '../stage';

const answered = <T>(it: T) => success({ value: it, requestId: 'request-1', at: '' });

let record: ActRecord | null = null;
afterEach(async () => record?.remove());

/** The plan of an account with two keys of the store, of which the second is answered like this. */
async function planned(second: Result<unknown>) {
  const describeKey = (arn: string) =>
    Promise.resolve(arn === 'key-2' ? second : answered({ arn, state: 'Enabled', keyStore: { storeId: 'cks-1' } }));
  const listKeys = () => Promise.resolve(answered([{ arn: 'key-1' }, { arn: 'key-2' }]));
  const kms = { describeKey, listKeys } as unknown as KmsPort;
  record = await actRecord(STORE_INPUTS, { kms: () => Promise.resolve(success(kms)) });
  record.known('aws.findStore', { storeId: 'cks-1' });
  return record.done('aws.planDisconnect', awsPlanDisconnect);
}

describe('the keys that disconnecting makes unavailable', () => {
  it('are those of the store; one that was deleted meanwhile is none', async () => {
    expect(value(await planned(failure('aws.notFound'))).data).toEqual({ storeId: 'cks-1', keys: ['key-1'] });
  });

  it.each(['aws.throttled', 'aws.noAnswer', 'aws.internal', 'aws.accessDenied'] as const)(
    'are not told at all where one of them could not be looked at: %s',
    async (code) => {
      expect(await planned(failure(code))).toMatchObject({ error: { code } });
    },
  );
});

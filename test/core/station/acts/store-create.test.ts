import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeyStore } from '../../../../core/kms/key-store';
import { isOurStore } from '../../../../core/station/acts/store-create';
import { actRecord, STORE_INPUTS, type ActRecord } from '../act-record';

const SERVICE = 'com.amazonaws.vpce.eu-central-1.vpce-svc-0123456789abcdef0';
const ID = 'A'.repeat(20);
const OURS: KeyStore = {
  ...{
    storeId: 'cks-1',
    name: STORE_INPUTS.storeName,
    connectionState: 'DISCONNECTED',
    connectionErrorCode: null,
    createdAt: null,
  },
  ...{ connectivity: 'VPC_ENDPOINT_SERVICE', uriEndpoint: 'https://xks.example.com', uriPath: '/payments/kms/xks/v1' },
  ...{ vpcServiceName: SERVICE, vpcServiceOwner: null, accessKeyId: ID },
};

let record: ActRecord;
beforeEach(async () => {
  record = await actRecord({ ...STORE_INPUTS, connectivity: 'vpc', vpcServiceName: SERVICE });
  record.known('proxy.credential', { accessKeyId: ID });
});
afterEach(() => record.remove());

describe('a key store that is found after an answer was lost', () => {
  it('is ours where everything is as planned', () => {
    expect(isOurStore(record.context(), OURS)).toBe(true);
  });

  it.each<[string, Partial<KeyStore>]>([
    ['another endpoint service, where another proxy answers', { vpcServiceName: `${SERVICE.slice(0, -1)}1` }],
    ['no endpoint service that is known', { vpcServiceName: null }],
    ['another credential', { accessKeyId: 'B'.repeat(20) }],
    ['another endpoint', { uriEndpoint: 'https://xks.example.org' }],
  ])('is a stranger’s with %s', (_, differs) => {
    expect(isOurStore(record.context(), { ...OURS, ...differs })).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import type { CeremonyState } from '../../../../core/ceremony/state';
import { storeIdOf, storePlan } from '../../../../core/station/acts/store-plan';
import { STORE_INPUTS } from '../act-record';

const stateOf = (inputs: Readonly<Record<string, string>>, data: CeremonyState['data'] = {}): CeremonyState =>
  ({ genesis: { data: { inputs } }, data }) as unknown as CeremonyState;

describe('the plan of a key store', () => {
  it('puts endpoint and path together as AWS KMS will be told them', () => {
    expect(storePlan(stateOf(STORE_INPUTS))).toMatchObject({
      place: 'server',
      endpoint: 'https://xks.example.com',
      uriPath: '/payments/kms/xks/v1',
      connectivity: 'public',
      region: 'eu-central-1',
    });
    expect(storePlan(stateOf({ ...STORE_INPUTS, uriPrefix: 'none' })).uriPath).toBe('/kms/xks/v1');
  });

  it('reads none as nothing, and never as a name', () => {
    const { vpcServiceName, vpcServiceOwner } = storePlan(stateOf(STORE_INPUTS));
    expect([vpcServiceName, vpcServiceOwner]).toEqual(['', '']);
  });

  it('takes a proxy for one of this station only where a ceremony says so', () => {
    const placeOf = (inputs: Readonly<Record<string, string>>) => storePlan(stateOf(inputs)).place;
    expect([placeOf({ place: 'here' }), placeOf({ place: 'server' }), placeOf({})]).toEqual(['here', 'server', 'server']);
  });

  it('knows the store that was made or found, and none before', () => {
    expect(storeIdOf(stateOf({}))).toBe('');
    expect(storeIdOf(stateOf({}, { 'aws.findStore': { storeId: 'cks-found' } }))).toBe('cks-found');
    const both = { 'aws.createStore': { storeId: 'cks-made' }, 'aws.findStore': { storeId: 'cks-found' } };
    expect(storeIdOf(stateOf({}, both))).toBe('cks-made');
  });
});

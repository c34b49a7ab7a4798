import type { StoredKeyStore } from './key-store-state';
import type { Call } from './operation';
import { no, yes, type Answer } from './refusal';

/** The stores of the Region a call is for. */
export function storesHere({ state, region }: Pick<Call, 'state' | 'region'>): readonly StoredKeyStore[] {
  return state.keyStores.filter((store) => store.region === region);
}

export function storeNotFound(named: string) {
  return no('CustomKeyStoreNotFoundException', `Custom key store ${named} does not exist.`);
}

/** Errors: CustomKeyStoreNotFoundException. */
export function findStore(call: Call, storeId: string): Answer<StoredKeyStore> {
  const store = storesHere(call).find((one) => one.storeId === storeId);
  return store ? yes(store) : storeNotFound(storeId);
}

/** As `findStore`, for operations on the store itself: the trail has its name. */
export function findNamedStore(call: Call, storeId: string): Answer<StoredKeyStore> {
  const store = findStore(call, storeId);
  if (store.ok) call.notes.additional = { customKeyStoreName: store.value.name };
  return store;
}

/** Errors: CustomKeyStoreInvalidStateException. */
export function requireConnection(
  { storeId, connection: { state } }: StoredKeyStore,
  states: readonly StoredKeyStore['connection']['state'][],
): Answer<null> {
  return states.includes(state)
    ? yes(null)
    : no(
        'CustomKeyStoreInvalidStateException',
        `Custom key store ${storeId} is ${state}; this is possible while it is ${states.join(' or ')}.`,
      );
}

type Claim = Pick<StoredKeyStore, 'name' | 'uriEndpoint' | 'uriPath' | 'connectivity' | 'vpcServiceName'>;

/**
 * May a store have these values beside the others of account and Region? A public endpoint may serve several stores by path; one
 * of a VPC endpoint service, and the service, serve one (CreateCustomKeyStore).
 * Errors: CustomKeyStoreNameInUseException, XksProxyUriInUseException, XksProxyUriEndpointInUseException,
 * XksProxyVpcEndpointServiceInUseException.
 */
export function requireUnclaimed(claim: Claim, others: readonly StoredKeyStore[]): Answer<null> {
  const isVpc = claim.connectivity === 'VPC_ENDPOINT_SERVICE';
  const neighbours = others.filter(({ uriEndpoint }) => uriEndpoint === claim.uriEndpoint);
  if (others.some(({ name }) => name === claim.name))
    return no('CustomKeyStoreNameInUseException', `The custom key store name ${claim.name} is in use.`);
  if (neighbours.some(({ uriPath }) => uriPath === claim.uriPath))
    return no('XksProxyUriInUseException', `Another custom key store has the URI ${claim.uriEndpoint}${claim.uriPath}.`);
  if (neighbours.some(({ connectivity }) => isVpc || connectivity === 'VPC_ENDPOINT_SERVICE'))
    return no('XksProxyUriEndpointInUseException', `Another custom key store has the URI endpoint ${claim.uriEndpoint}.`);
  if (isVpc && others.some(({ vpcServiceName }) => vpcServiceName === claim.vpcServiceName))
    return no('XksProxyVpcEndpointServiceInUseException', 'Another custom key store has this VPC endpoint service.');
  return yes(null);
}

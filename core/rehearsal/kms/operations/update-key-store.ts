import { z } from 'zod';
import type { StoredKeyStore } from '../key-store-state';
import { findNamedStore, requireConnection, storesHere } from '../key-stores';
import { writingAfter, type Call } from '../operation';
import { invalid, yes, type Answer } from '../refusal';
import { acceptValues, requireAnswering, type StoreValues } from '../store-values';
import {
  connectivityShape,
  credentialShape,
  serviceNameShape,
  serviceOwnerShape,
  storeIdShape,
  storeNameShape,
  uriEndpointShape,
  uriPathShape,
} from './store-shapes';

const shape = z.object({
  CustomKeyStoreId: storeIdShape,
  NewCustomKeyStoreName: storeNameShape.optional(),
  XksProxyConnectivity: connectivityShape.optional(),
  XksProxyUriEndpoint: uriEndpointShape.optional(),
  XksProxyUriPath: uriPathShape.optional(),
  /** empty: the store is to have none any more */
  XksProxyVpcEndpointServiceName: z.union([z.literal(''), serviceNameShape]).optional(),
  XksProxyVpcEndpointServiceOwner: serviceOwnerShape.optional(),
  XksProxyAuthenticationCredential: credentialShape.optional(),
});

type Input = z.infer<typeof shape>;

interface Updated {
  readonly store: StoredKeyStore;
  readonly values: StoreValues;
}

function valuesAfter(store: StoredKeyStore, input: Input): StoreValues {
  const credential = input.XksProxyAuthenticationCredential;
  const connectivity = input.XksProxyConnectivity ?? store.connectivity;
  const isVpc = connectivity === 'VPC_ENDPOINT_SERVICE';
  return {
    region: store.region,
    name: input.NewCustomKeyStoreName ?? store.name,
    connectivity,
    uriEndpoint: input.XksProxyUriEndpoint ?? store.uriEndpoint,
    uriPath: input.XksProxyUriPath ?? store.uriPath,
    vpcServiceName: (input.XksProxyVpcEndpointServiceName ?? store.vpcServiceName) || null,
    vpcServiceOwner: input.XksProxyVpcEndpointServiceOwner ?? (isVpc ? store.vpcServiceOwner : null),
    credential: credential ? { accessKeyId: credential.AccessKeyId, secret: credential.RawSecretAccessKey } : store.credential,
  };
}

/** Another way to the proxy wants another endpoint: the old one goes with the old way. */
function requireNewEndpoint(store: StoredKeyStore, values: StoreValues): Answer<null> {
  return values.connectivity !== store.connectivity && values.uriEndpoint === store.uriEndpoint
    ? invalid('A change of XksProxyConnectivity requires a new XksProxyUriEndpoint.')
    : yes(null);
}

/** Name, path and credential may change while the store is connected, the rest only while it is disconnected. */
function accepted(input: Input, call: Call): Answer<Updated> {
  const found = findNamedStore(call, input.CustomKeyStoreId);
  if (!found.ok) return found;
  const store = found.value;
  const values = valuesAfter(store, input);
  const isMoved = (['connectivity', 'uriEndpoint', 'vpcServiceName', 'vpcServiceOwner'] as const).some(
    (member) => values[member] !== store[member],
  );
  const ready = requireConnection(store, isMoved ? ['DISCONNECTED'] : ['DISCONNECTED', 'CONNECTED']);
  if (!ready.ok) return ready;
  const moved = requireNewEndpoint(store, values);
  if (!moved.ok) return moved;
  const others = storesHere(call).filter(({ storeId }) => storeId !== store.storeId);
  const fits = acceptValues(values, others);
  return fits.ok ? yes({ store, values }) : fits;
}

/** A new name is nothing to a proxy. */
async function ask(input: Input, call: Call): Promise<Answer<null>> {
  const updated = accepted(input, call);
  if (!updated.ok) return updated;
  const { store, values } = updated.value;
  const isOnlyName =
    JSON.stringify({ ...values, name: store.name }) === JSON.stringify(valuesAfter(store, { CustomKeyStoreId: '' }));
  return isOnlyName ? yes(null) : requireAnswering(call, values, store.connection.state === 'CONNECTED');
}

/** KMS tries the new values first, and takes them only where the proxy answers it. */
export const updateCustomKeyStore = writingAfter(shape, ask, (input, call) => {
  const updated = accepted(input, call);
  if (!updated.ok) return updated;
  Object.assign(updated.value.store, updated.value.values);
  return yes({});
});

import { z } from 'zod';
import type { StoredKeyStore } from '../key-store-state';
import { storeNotFound, storesHere } from '../key-stores';
import { reading, type Call } from '../operation';
import { pageOf } from '../paging';
import { invalid, yes, type Answer } from '../refusal';
import { limitShape, markerShape } from '../shapes';
import { seconds, type Output } from '../wire';
import { storeIdShape, storeNameShape } from './store-shapes';

const shape = z.object({
  CustomKeyStoreId: storeIdShape.optional(),
  CustomKeyStoreName: storeNameShape.optional(),
  Limit: limitShape(1000),
  Marker: markerShape.optional(),
});

/** The secret of the credential is told to nobody. */
function entryOf(store: StoredKeyStore): Output {
  const { connection, vpcServiceName, vpcServiceOwner } = store;
  return {
    CustomKeyStoreId: store.storeId,
    CustomKeyStoreName: store.name,
    CustomKeyStoreType: 'EXTERNAL_KEY_STORE',
    ConnectionState: connection.state,
    ...(connection.state === 'FAILED' ? { ConnectionErrorCode: connection.code } : {}),
    CreationDate: seconds(store.createdAtMs),
    XksProxyConfiguration: {
      Connectivity: store.connectivity,
      AccessKeyId: store.credential.accessKeyId,
      UriEndpoint: store.uriEndpoint,
      UriPath: store.uriPath,
      ...(vpcServiceName === null ? {} : { VpcEndpointServiceName: vpcServiceName }),
      ...(vpcServiceOwner === null ? {} : { VpcEndpointServiceOwner: vpcServiceOwner }),
    },
  };
}

function chosen(input: z.infer<typeof shape>, call: Call): Answer<readonly StoredKeyStore[]> {
  const { CustomKeyStoreId: id, CustomKeyStoreName: name } = input;
  if (id !== undefined && name !== undefined) return invalid('Specify either CustomKeyStoreId or CustomKeyStoreName.');
  const stores = storesHere(call);
  if (id === undefined && name === undefined) return yes(stores);
  const found = stores.filter((store) => store.storeId === id || store.name === name);
  return found.length > 0 ? yes(found) : storeNotFound(id ?? name ?? '');
}

export const describeCustomKeyStores = reading(shape, (input, call) => {
  const stores = chosen(input, call);
  if (!stores.ok) return stores;
  const page = pageOf(stores.value, input.Limit ?? 100, input.Marker);
  return page.ok ? yes({ CustomKeyStores: page.value.items.map(entryOf), ...page.value.rest }) : page;
});

import { XKS_BASE } from '../../xks/uri';
import { serviceTrouble } from './endpoint-services';
import type { StoredKeyStore } from './key-store-state';
import { requireUnclaimed } from './key-stores';
import type { Call } from './operation';
import { storeRefusal } from './proxy-endings';
import { invalid, no, yes, type Answer } from './refusal';
import { tryProxy, type TriedStore } from './try-proxy';

/** What of a store its owner decides. */
export type StoreValues = Omit<StoredKeyStore, 'storeId' | 'createdAtMs' | 'connection'>;

/** Do the values fit together? Errors: ValidationException; XksProxyInvalidConfigurationException for a path of another version. */
function requireCoherent({ connectivity, uriPath, vpcServiceName, vpcServiceOwner }: StoreValues): Answer<null> {
  const isVpc = connectivity === 'VPC_ENDPOINT_SERVICE';
  if (isVpc && vpcServiceName === null)
    return invalid('XksProxyVpcEndpointServiceName is required when XksProxyConnectivity is VPC_ENDPOINT_SERVICE.');
  if (!isVpc && (vpcServiceName !== null || vpcServiceOwner !== null))
    return invalid('A VPC endpoint service is valid only when XksProxyConnectivity is VPC_ENDPOINT_SERVICE.');
  if (!uriPath.endsWith(XKS_BASE))
    return no('XksProxyInvalidConfigurationException', `The URI path has to end with ${XKS_BASE}.`);
  return yes(null);
}

/**
 * May a store have these values beside `others`? Errors: ValidationException, XksProxyInvalidConfigurationException, and those of
 * `requireUnclaimed`.
 */
export function acceptValues(values: StoreValues, others: readonly StoredKeyStore[]): Answer<null> {
  const coherent = requireCoherent(values);
  return coherent.ok ? requireUnclaimed(values, others) : coherent;
}

/**
 * Does the proxy answer KMS at these values? With a public endpoint it is asked (GetHealthStatus). One behind an endpoint service is
 * asked only while the store is connected: before that, KMS has no way to it, and looks at the endpoint service.
 * Errors: XksProxy...Exception.
 */
export async function requireAnswering(call: Call, store: TriedStore, isConnected: boolean): Promise<Answer<null>> {
  const isAsked = store.connectivity === 'PUBLIC_ENDPOINT' || isConnected;
  const trouble = isAsked
    ? await tryProxy(call.surroundings, store, call.operation, call.requestId)
    : serviceTrouble(store, call.surroundings.endpointServices());
  return trouble === null ? yes(null) : storeRefusal(trouble);
}

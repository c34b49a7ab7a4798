import { healthBody } from '../../as-kms/bodies';
import type { ConnectionErrorCode } from '../../contract/connection-errors';
import { leadsToProxy, serviceTrouble, type RehearsalEndpointService } from './endpoint-services';
import type { StoredKeyStore } from './key-store-state';
import { connectionCodeOf } from './proxy-endings';
import type { Proxies } from './proxies';

/** What KMS has around it. */
export interface ProxySurroundings {
  readonly proxies: Proxies;
  readonly endpointServices: () => readonly RehearsalEndpointService[];
}

/** Of a store, what is looked at before and while it is connected. */
export type TriedStore = Pick<
  StoredKeyStore,
  'region' | 'uriEndpoint' | 'uriPath' | 'credential' | 'connectivity' | 'vpcServiceName' | 'vpcServiceOwner'
>;

/** GetHealthStatus, and what of it stands in the way of a connection; null: nothing. */
export async function askHealth(
  { proxies }: ProxySurroundings,
  store: TriedStore,
  kmsOperation: string,
  kmsRequestId: string,
): Promise<ConnectionErrorCode | null> {
  const health = await proxies.call(store, 'GetHealthStatus', '', healthBody(kmsOperation, { kmsRequestId }));
  return connectionCodeOf(health, Date.now());
}

/** The endpoint service first, where there is one: KMS reaches such a proxy through it only. */
export async function tryProxy(
  surroundings: ProxySurroundings,
  store: TriedStore,
  kmsOperation: string,
  kmsRequestId: string,
): Promise<ConnectionErrorCode | null> {
  const trouble = store.connectivity === 'PUBLIC_ENDPOINT' ? null : wayTrouble(store, surroundings.endpointServices());
  return trouble ?? (await askHealth(surroundings, store, kmsOperation, kmsRequestId));
}

function wayTrouble(store: TriedStore, services: readonly RehearsalEndpointService[]): ConnectionErrorCode | null {
  return serviceTrouble(store, services) ?? (leadsToProxy(store, services) ? null : 'XKS_PROXY_NOT_REACHABLE');
}

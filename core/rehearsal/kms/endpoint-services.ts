import type { ConnectionErrorCode } from '../../contract/connection-errors';
import { REHEARSAL_ACCOUNT } from './identity';
import type { StoredKeyStore } from './key-store-state';

/** A listener of a load balancer and the group it forwards to. */
export interface RehearsalListener {
  readonly port: number;
  readonly protocol: 'TCP' | 'TLS' | 'UDP';
  /** the state of each target of its group */
  readonly targets: readonly ('healthy' | 'unhealthy' | 'initial' | 'draining' | 'unused')[];
}

/** A VPC endpoint service in front of a proxy: what KMS looks at, and what EC2 and Elastic Load Balancing tell of it. */
export interface RehearsalEndpointService {
  /** `com.amazonaws.vpce.REGION.vpce-svc-...` */
  readonly name: string;
  /** account id */
  readonly owner: string;
  readonly state: 'Pending' | 'Available' | 'Deleting' | 'Deleted' | 'Failed';
  readonly type: 'Interface' | 'GatewayLoadBalancer';
  readonly ipAddressTypes: readonly ('ipv4' | 'ipv6')[];
  readonly privateDnsName: string;
  readonly isDnsNameVerified: boolean;
  /** Availability Zones of its load balancer */
  readonly zones: readonly string[];
  readonly allowedPrincipals: readonly string[];
  readonly isAcceptanceRequired: boolean;
  readonly scheme: 'internal' | 'internet-facing';
  readonly listeners: readonly RehearsalListener[];
}

const LEAST_ZONES = 2;

type Named = Pick<StoredKeyStore, 'region' | 'uriEndpoint' | 'vpcServiceName' | 'vpcServiceOwner'>;

function principalOf(region: string): string {
  return `cks.kms.${region}.amazonaws.com`;
}

export function regionOf({ name }: RehearsalEndpointService): string {
  return name.split('.').at(-2) ?? '';
}

/** A service that does not allow KMS is one KMS cannot see. */
function find({ region, vpcServiceName, vpcServiceOwner }: Named, services: readonly RehearsalEndpointService[]) {
  const owner = vpcServiceOwner ?? REHEARSAL_ACCOUNT;
  const found = services.find((service) => service.name === vpcServiceName && service.owner === owner);
  if (found === undefined || regionOf(found) !== region || found.state !== 'Available') return null;
  return found.allowedPrincipals.includes(principalOf(region)) ? found : null;
}

/**
 * What KMS finds wrong with the endpoint service of a store, null where it is as it should be (CreateCustomKeyStore; Developer Guide,
 * "VPC endpoint service connectivity"). What is behind the service it finds out by connecting.
 */
export function serviceTrouble(store: Named, services: readonly RehearsalEndpointService[]): ConnectionErrorCode | null {
  const service = find(store, services);
  if (service === null) return 'XKS_VPC_ENDPOINT_SERVICE_NOT_FOUND';
  const isAsItShould =
    service.type === 'Interface' &&
    service.ipAddressTypes.includes('ipv4') &&
    new Set(service.zones).size >= LEAST_ZONES &&
    !service.isAcceptanceRequired &&
    service.isDnsNameVerified &&
    `https://${service.privateDnsName}` === store.uriEndpoint;
  return isAsItShould ? null : 'XKS_VPC_ENDPOINT_SERVICE_INVALID_CONFIGURATION';
}

/** Does the endpoint service of a store lead to a proxy? A network load balancer whose targets all fail sends to each of them. */
export function leadsToProxy(store: Named, services: readonly RehearsalEndpointService[]): boolean {
  const listeners = find(store, services)?.listeners ?? [];
  return listeners.some(({ port, protocol, targets }) => port === 443 && protocol !== 'UDP' && targets.length > 0);
}

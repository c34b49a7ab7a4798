import type { ConnectionErrorCode } from '../../contract/connection-errors';
import { REHEARSAL_ACCOUNT } from './identity';
import type { StoredKeyStore } from './key-store-state';

/** A VPC endpoint service in front of a proxy, as far as KMS looks at it. */
export interface RehearsalEndpointService {
  /** `com.amazonaws.vpce.REGION.vpce-svc-...` */
  readonly name: string;
  /** account id */
  readonly owner: string;
  readonly privateDnsName: string;
  readonly isDnsNameVerified: boolean;
  /** Availability Zones of its network load balancer */
  readonly zones: number;
  readonly allowedPrincipals: readonly string[];
  readonly isAcceptanceRequired: boolean;
}

const LEAST_ZONES = 2;

type Named = Pick<StoredKeyStore, 'region' | 'uriEndpoint' | 'vpcServiceName' | 'vpcServiceOwner'>;

function principalOf(region: string): string {
  return `cks.kms.${region}.amazonaws.com`;
}

/** A service that does not allow KMS is one KMS cannot see. */
function find({ region, vpcServiceName, vpcServiceOwner }: Named, services: readonly RehearsalEndpointService[]) {
  const owner = vpcServiceOwner ?? REHEARSAL_ACCOUNT;
  const isHere = vpcServiceName?.split('.').at(-2) === region;
  const found = services.find((service) => service.name === vpcServiceName && service.owner === owner);
  return isHere && found?.allowedPrincipals.includes(principalOf(region)) ? found : null;
}

/**
 * What KMS finds wrong with the endpoint service of a store, null where it is as it should be (CreateCustomKeyStore; Developer Guide,
 * "VPC endpoint service connectivity").
 */
export function serviceTrouble(store: Named, services: readonly RehearsalEndpointService[]): ConnectionErrorCode | null {
  const service = find(store, services);
  if (service === null) return 'XKS_VPC_ENDPOINT_SERVICE_NOT_FOUND';
  const isAsItShould =
    service.zones >= LEAST_ZONES &&
    !service.isAcceptanceRequired &&
    service.isDnsNameVerified &&
    `https://${service.privateDnsName}` === store.uriEndpoint;
  return isAsItShould ? null : 'XKS_VPC_ENDPOINT_SERVICE_INVALID_CONFIGURATION';
}

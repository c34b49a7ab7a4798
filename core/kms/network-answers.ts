import type { ServiceConfiguration, ServiceDetail } from '@aws-sdk/client-ec2';
import type {
  Action,
  Listener as ListenerEntry,
  LoadBalancer as LoadBalancerEntry,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { present } from './answers';
import type { EndpointService, Listener, LoadBalancer } from './network-port';

/** What owner and others are told alike. @throws Incomplete */
function sharedOf(entry: ServiceConfiguration | ServiceDetail) {
  return {
    name: present(entry.ServiceName, 'ServiceName'),
    types: (entry.ServiceType ?? []).map(({ ServiceType }) => present(ServiceType, 'ServiceType')),
    zones: entry.AvailabilityZones ?? entry.AvailabilityZoneIds ?? [],
    isAcceptanceRequired: present(entry.AcceptanceRequired, 'AcceptanceRequired'),
    ipAddressTypes: entry.SupportedIpAddressTypes ?? [],
    privateDnsName: entry.PrivateDnsName ?? '',
  };
}

/** @throws Incomplete */
export function ownOf(entry: ServiceConfiguration): EndpointService {
  return {
    ...sharedOf(entry),
    owner: null,
    state: present(entry.ServiceState, 'ServiceState'),
    dnsNameState: entry.PrivateDnsNameConfiguration?.State ?? '',
    balancerArns: entry.NetworkLoadBalancerArns ?? [],
  };
}

/** @throws Incomplete */
export function offeredOf(entry: ServiceDetail): EndpointService {
  return {
    ...sharedOf(entry),
    owner: present(entry.Owner, 'Owner'),
    state: null,
    dnsNameState: entry.PrivateDnsNameVerificationState ?? '',
    balancerArns: null,
  };
}

/** @throws Incomplete */
export function balancerOf({ LoadBalancerArn, Type, Scheme }: LoadBalancerEntry): LoadBalancer {
  return { arn: present(LoadBalancerArn, 'LoadBalancerArn'), type: present(Type, 'Type'), scheme: present(Scheme, 'Scheme') };
}

function targetGroupsOf({ TargetGroupArn, ForwardConfig }: Action): readonly string[] {
  const weighted = (ForwardConfig?.TargetGroups ?? []).flatMap((group) => group.TargetGroupArn ?? []);
  return [...new Set([...(TargetGroupArn === undefined ? [] : [TargetGroupArn]), ...weighted])];
}

/** @throws Incomplete */
export function listenerOf({ Port, Protocol, DefaultActions = [] }: ListenerEntry): Listener {
  return {
    port: present(Port, 'Port'),
    protocol: present(Protocol, 'Protocol'),
    targetGroupArns: DefaultActions.flatMap(targetGroupsOf),
  };
}

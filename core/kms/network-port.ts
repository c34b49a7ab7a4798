import type { Asked } from './answered';

/** Operations of EC2 and Elastic Load Balancing that Keyrite uses; all of them only look. */
export type NetworkOperation =
  | 'DescribeVpcEndpointServiceConfigurations'
  | 'DescribeVpcEndpointServicePermissions'
  | 'DescribeVpcEndpointServices'
  | 'DescribeLoadBalancers'
  | 'DescribeListeners'
  | 'DescribeTargetHealth';

/** A VPC endpoint service. null: its owner alone is told, or, of `owner`, others are. */
export interface EndpointService {
  /** `com.amazonaws.vpce.REGION.vpce-svc-...` */
  readonly name: string;
  /** account id */
  readonly owner: string | null;
  /** Pending, Available, Deleting, Deleted, Failed */
  readonly state: string | null;
  /** Interface, GatewayLoadBalancer, Gateway */
  readonly types: readonly string[];
  /** Availability Zones it is offered in */
  readonly zones: readonly string[];
  readonly isAcceptanceRequired: boolean;
  /** ipv4, ipv6 */
  readonly ipAddressTypes: readonly string[];
  /** '' without one */
  readonly privateDnsName: string;
  /** verified, pendingVerification, failed; '' without a name */
  readonly dnsNameState: string;
  /** ARNs of its network load balancers */
  readonly balancerArns: readonly string[] | null;
}

export interface LoadBalancer {
  readonly arn: string;
  /** network, gateway, application */
  readonly type: string;
  /** internal, internet-facing */
  readonly scheme: string;
}

export interface Listener {
  readonly port: number;
  /** TCP, TLS, UDP, ... */
  readonly protocol: string;
  readonly targetGroupArns: readonly string[];
}

/**
 * The network in front of a proxy, as EC2 and Elastic Load Balancing tell it: one Region, one identity. What there is none of is null
 * or an empty list; who may not look is told `aws.accessDenied`.
 */
export interface NetworkPort {
  /** DescribeVpcEndpointServiceConfigurations: one of the caller's own account. `vpce-svc-...` */
  ownService(serviceId: string): Asked<EndpointService | null>;
  /** DescribeVpcEndpointServices: one of any account that lets the caller use it. */
  offeredService(name: string): Asked<EndpointService | null>;
  /** DescribeVpcEndpointServicePermissions: ARNs and service names; follows all pages. */
  servicePrincipals(serviceId: string): Asked<readonly string[]>;
  loadBalancers(arns: readonly string[]): Asked<readonly LoadBalancer[]>;
  /** Of one load balancer; follows all pages. */
  listeners(balancerArn: string): Asked<readonly Listener[]>;
  /** DescribeTargetHealth: the state of each target of a group. healthy, unhealthy, initial, draining, unused, unavailable */
  targetStates(targetGroupArn: string): Asked<readonly string[]>;
}

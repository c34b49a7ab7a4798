import { regionOf, type RehearsalEndpointService, type RehearsalListener } from './endpoint-services';
import { REHEARSAL_ACCOUNT, REHEARSAL_ROOT_ARN } from './identity';
import { listOf } from './query-protocol';
import { no, yes, type Answer } from './refusal';
import type { Output } from './wire';

/** A call of EC2 or Elastic Load Balancing whose signature is good. */
export interface NetworkCall {
  readonly operation: string;
  readonly region: string;
  readonly callerArn: string;
  readonly form: URLSearchParams;
  /** of all Regions and accounts */
  readonly services: readonly RehearsalEndpointService[];
}

type NetworkOperation = (form: URLSearchParams, seen: Seen) => Answer<Output>;

/** What a caller may see in a Region. */
interface Seen {
  readonly own: readonly RehearsalEndpointService[];
  /** those that it may use, its own among them */
  readonly offered: readonly RehearsalEndpointService[];
}

const OPERATIONS: Readonly<Record<string, NetworkOperation>> = {
  DescribeVpcEndpointServiceConfigurations: (form, { own }) => {
    const found = named(listOf(form, 'ServiceId'), own, serviceIdOf, noSuchService);
    return found.ok ? yes({ serviceConfigurationSet: found.value.map(configurationOf) }) : found;
  },
  DescribeVpcEndpointServicePermissions: (form, { own }) => {
    const found = named([form.get('ServiceId') ?? ''], own, serviceIdOf, noSuchService);
    if (!found.ok) return found;
    return yes({ allowedPrincipals: found.value.flatMap(({ allowedPrincipals }) => allowedPrincipals.map(principalEntry)) });
  },
  DescribeVpcEndpointServices: (form, { offered }) => {
    const found = named(listOf(form, 'ServiceName'), offered, ({ name }) => name, noSuchName);
    if (!found.ok) return found;
    return yes({ serviceNameSet: found.value.map(({ name }) => name), serviceDetailSet: found.value.map(detailOf) });
  },
  DescribeLoadBalancers: (form, { own }) => {
    const found = named(listOf(form, 'LoadBalancerArns'), own, balancerArnOf, () => notFound('LoadBalancer'));
    return found.ok ? yes({ LoadBalancers: found.value.map(balancerOf) }) : found;
  },
  DescribeListeners: (form, { own }) => {
    const found = named([form.get('LoadBalancerArn') ?? ''], own, balancerArnOf, () => notFound('LoadBalancer'));
    return found.ok ? yes({ Listeners: found.value.flatMap(listenersOf) }) : found;
  },
  DescribeTargetHealth: (form, { own }) => {
    const groups = own.flatMap((service) => service.listeners.map((listener) => ({ service, listener })));
    const arnOf = ({ service, listener }: (typeof groups)[number]) => targetGroupArnOf(service, listener);
    const found = named([form.get('TargetGroupArn') ?? ''], groups, arnOf, () => notFound('TargetGroup'));
    return found.ok ? yes({ TargetHealthDescriptions: found.value.flatMap(({ listener }) => targetsOf(listener)) }) : found;
  },
};

/**
 * EC2 and Elastic Load Balancing, as far as they tell of endpoint services. Its owner is told everything of a service; others are told
 * of one that allows them (VPC API Reference; Elastic Load Balancing API Reference). Errors: UnknownOperationException and those of
 * the operation.
 */
export function answerAsNetwork({ operation, region, callerArn, form, services }: NetworkCall): Answer<Output> {
  const run = Object.hasOwn(OPERATIONS, operation) ? OPERATIONS[operation] : undefined;
  if (run === undefined) return no('UnknownOperationException', 'The action is not one of this rehearsal.');
  const here = services.filter((service) => regionOf(service) === region);
  const own = here.filter(({ owner }) => owner === REHEARSAL_ACCOUNT);
  const ours = ['*', callerArn, REHEARSAL_ROOT_ARN];
  const isOffered = (service: RehearsalEndpointService) =>
    own.includes(service) || service.allowedPrincipals.some((principal) => ours.includes(principal));
  return run(form, { own, offered: here.filter(isOffered) });
}

/** All of `things` where no name is asked for; else those, and an error where one of them is not there. */
function named<T>(
  names: readonly string[],
  things: readonly T[],
  nameOf: (thing: T) => string,
  missing: (name: string) => Answer<never>,
): Answer<readonly T[]> {
  const lost = names.find((name) => !things.some((thing) => nameOf(thing) === name));
  if (lost !== undefined) return missing(lost);
  return yes(names.length === 0 ? things : things.filter((thing) => names.includes(nameOf(thing))));
}

function noSuchService(id: string): Answer<never> {
  return no('InvalidVpcEndpointServiceId.NotFound', `The VpcEndpointService '${id}' does not exist`);
}

function noSuchName(name: string): Answer<never> {
  return no('InvalidServiceName', `The Vpc Endpoint Service '${name}' does not exist`);
}

function notFound(what: 'LoadBalancer' | 'TargetGroup'): Answer<never> {
  return no(`${what}NotFound`, 'One or more of them were not found');
}

function serviceIdOf({ name }: RehearsalEndpointService): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

function arnOf(service: RehearsalEndpointService, resource: string): string {
  return `arn:aws:elasticloadbalancing:${regionOf(service)}:${service.owner}:${resource}/${serviceIdOf(service).slice('vpce-svc-'.length)}`;
}

function balancerArnOf(service: RehearsalEndpointService): string {
  return arnOf(service, `loadbalancer/${service.type === 'Interface' ? 'net' : 'gwy'}/xks-proxy`);
}

function targetGroupArnOf(service: RehearsalEndpointService, { port }: RehearsalListener): string {
  return arnOf(service, `targetgroup/xks-proxy-${port}`);
}

/** What EC2 tells its owner and others alike. */
function sharedOf(service: RehearsalEndpointService): Output {
  return {
    serviceId: serviceIdOf(service),
    serviceName: service.name,
    serviceType: [{ serviceType: service.type }],
    availabilityZoneSet: service.zones,
    acceptanceRequired: service.isAcceptanceRequired,
    supportedIpAddressTypeSet: service.ipAddressTypes,
    ...(service.privateDnsName === '' ? {} : { privateDnsName: service.privateDnsName }),
  };
}

function dnsNameStateOf({ isDnsNameVerified }: RehearsalEndpointService): string {
  return isDnsNameVerified ? 'verified' : 'pendingVerification';
}

function configurationOf(service: RehearsalEndpointService): Output {
  const arns = service.type === 'Interface' ? 'networkLoadBalancerArnSet' : 'gatewayLoadBalancerArnSet';
  return {
    ...sharedOf(service),
    serviceState: service.state,
    [arns]: [balancerArnOf(service)],
    privateDnsNameConfiguration: service.privateDnsName === '' ? {} : { state: dnsNameStateOf(service) },
  };
}

function detailOf(service: RehearsalEndpointService): Output {
  return { ...sharedOf(service), owner: service.owner, privateDnsNameVerificationState: dnsNameStateOf(service) };
}

function principalEntry(principal: string): Output {
  return { principalType: principal.startsWith('cks.') ? 'Service' : 'Account', principal };
}

function balancerOf(service: RehearsalEndpointService): Output {
  return {
    LoadBalancerArn: balancerArnOf(service),
    Scheme: service.scheme,
    State: { Code: 'active' },
    Type: service.type === 'Interface' ? 'network' : 'gateway',
    AvailabilityZones: service.zones.map((zone) => ({ ZoneName: zone })),
    IpAddressType: 'ipv4',
  };
}

function listenersOf(service: RehearsalEndpointService): readonly Output[] {
  return service.listeners.map((listener) => ({
    LoadBalancerArn: balancerArnOf(service),
    Port: listener.port,
    Protocol: listener.protocol,
    DefaultActions: [{ Type: 'forward', TargetGroupArn: targetGroupArnOf(service, listener) }],
  }));
}

function targetsOf({ targets, port }: RehearsalListener): readonly Output[] {
  return targets.map((state, nth) => ({ Target: { Id: `10.0.${nth + 1}.10`, Port: port }, TargetHealth: { State: state } }));
}

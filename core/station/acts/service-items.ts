import type { ConnectionErrorCode } from '../../contract/connection-errors';
import type { EndpointService } from '../../kms/network-port';
import { isForKms, isOwnService, type ServiceSight, type Sight } from './service-sight';
import type { StorePlan } from './store-plan';

/** What was found of one thing. */
interface Found {
  readonly ok: boolean;
  readonly got: string;
  /** it is wrong by our own rules, and AWS KMS would connect all the same */
  readonly connects?: boolean;
}

/** One thing that AWS KMS, or our own rules, want of an endpoint service (KMS Developer Guide, "VPC endpoint service connectivity"). */
export interface ServiceItem {
  readonly rule: string;
  readonly title: string;
  readonly wanted: string;
  readonly found: Sight<Found>;
  /** what AWS KMS would say while it is wrong; null: nothing */
  readonly becomes: ConnectionErrorCode | null;
  readonly remedy: string;
}

const LEAST = 2;

type Judged = Omit<ServiceItem, 'found'> & { readonly find: (sight: ServiceSight) => Sight<Found> };

/** Every item, in the order in which people look at them. */
export function serviceItems(plan: StorePlan, sight: ServiceSight): readonly ServiceItem[] {
  return itemsFor(plan).map(({ find, ...item }) => {
    const found = find(sight);
    return { ...item, found, becomes: found.seen && found.value.connects === true ? null : item.becomes };
  });
}

function itemsFor(plan: StorePlan): readonly Judged[] {
  const owner = plan.vpcServiceOwner || plan.account;
  const principal = `cks.kms.${plan.region}.amazonaws.com`;
  return [
    {
      rule: 'CER-VPC-SERVICE-FOUND',
      title: 'The service',
      wanted: `there, of account ${owner}, Available`,
      find: ({ service }) => (service.seen ? { seen: true, value: foundService(service.value, plan, owner) } : service),
      becomes: 'XKS_VPC_ENDPOINT_SERVICE_NOT_FOUND',
      remedy:
        'Compare its name letter by letter, its Region and its account. In another account it has to allow the principal that calls.',
    },
    {
      rule: 'CER-VPC-TYPE',
      title: 'Its type',
      wanted: 'Interface, with a network load balancer, ipv4',
      find: ({ service, balancers }) => ofService(service, (one) => foundType(one, balancers)),
      becomes: 'XKS_VPC_ENDPOINT_SERVICE_INVALID_CONFIGURATION',
      remedy: 'Make an interface endpoint service for a network load balancer, for IPv4.',
    },
    {
      rule: 'CER-VPC-ZONES',
      title: 'Availability Zones',
      wanted: `${LEAST} or more`,
      find: ({ service }) => ofService(service, ({ zones }) => foundZones(new Set(zones))),
      becomes: 'XKS_VPC_ENDPOINT_SERVICE_INVALID_CONFIGURATION',
      remedy: 'Give the load balancer a private subnet in a second zone.',
    },
    {
      rule: 'CER-VPC-ACCEPTANCE',
      title: 'Acceptance of connections',
      wanted: 'not required',
      find: ({ service }) =>
        ofService(service, ({ isAcceptanceRequired }) => ({
          ok: !isAcceptanceRequired,
          got: isAcceptanceRequired ? 'required' : 'not required',
        })),
      becomes: 'XKS_VPC_ENDPOINT_SERVICE_INVALID_CONFIGURATION',
      remedy: 'Switch it off: nobody accepts the connections of AWS KMS.',
    },
    {
      rule: 'CER-VPC-PRINCIPAL',
      title: 'Allowed principal',
      wanted: `${principal} alone`,
      find: ({ principals }) => on(principals, (all) => foundPrincipal(all, principal)),
      becomes: 'XKS_VPC_ENDPOINT_SERVICE_NOT_FOUND',
      remedy: `Allow ${principal} at the endpoint service, and take away every other principal: whoever is allowed reaches the proxies, and with a star everybody does.`,
    },
    {
      rule: 'CER-VPC-DNS-NAME',
      title: 'Private DNS name',
      wanted: `${plan.host}, verified`,
      find: ({ service }) => ofService(service, (one) => foundName(one, plan.host)),
      becomes: 'XKS_VPC_ENDPOINT_SERVICE_INVALID_CONFIGURATION',
      remedy: 'Set the name, put its TXT record into the public zone and start the verification; it takes some ten minutes.',
    },
    {
      rule: 'CER-VPC-LISTENER',
      title: 'Listener',
      wanted: 'TCP or TLS on port 443',
      find: ({ listeners }) =>
        on(listeners, (ofEach) => ({
          ok: ofEach.length > 0 && ofEach.every((all) => all.some(isForKms)),
          got: listed(ofEach.flat().map(({ protocol, port }) => `${protocol} ${port}`)),
        })),
      becomes: 'XKS_PROXY_NOT_REACHABLE',
      remedy: 'Give each load balancer a listener for TCP or TLS on port 443.',
    },
    {
      rule: 'CER-VPC-SCHEME',
      title: 'Scheme of the load balancer',
      wanted: 'internal',
      find: ({ balancers }) =>
        on(balancers, (all) => ({
          ok: all.length > 0 && all.every(({ scheme }) => scheme === 'internal'),
          got: listed(all.map(({ scheme }) => scheme)),
        })),
      becomes: null,
      remedy: 'Take an internal load balancer: one that the internet reaches is a door beside the endpoint service.',
    },
    {
      rule: 'CER-VPC-TARGETS',
      title: 'Targets',
      wanted: `${LEAST} or more healthy`,
      find: ({ targets }) => on(targets, foundTargets),
      becomes: 'XKS_PROXY_NOT_REACHABLE',
      remedy: 'Bring the proxies up, and look at what the health check of the target group asks of them.',
    },
  ];
}

function on<T>(sight: Sight<T>, find: (value: T) => Found): Sight<Found> {
  return sight.seen ? { seen: true, value: find(sight.value) } : sight;
}

function ofService(service: ServiceSight['service'], find: (one: EndpointService) => Found): Sight<Found> {
  if (!service.seen) return service;
  return service.value === null ? { seen: false, why: 'absent' } : { seen: true, value: find(service.value) };
}

/** `a, b`; of none, that there is none. */
export function listed(words: readonly string[], none = 'none'): string {
  return words.length === 0 ? none : words.join(', ');
}

function foundService(service: EndpointService | null, plan: StorePlan, wantedOwner: string): Found {
  if (service === null) return { ok: false, got: 'not there, or not for this account' };
  const owner = service.owner ?? (isOwnService(plan) ? plan.account : '');
  // Others are shown what they can use, and no state.
  const state = service.state ?? 'Available';
  return {
    ok: service.name === plan.vpcServiceName && owner === wantedOwner && state === 'Available',
    got: `there, of account ${owner}, ${state}`,
  };
}

function foundType({ types, ipAddressTypes, balancerArns }: EndpointService, balancers: ServiceSight['balancers']): Found {
  const kinds = balancers.seen ? balancers.value.map(({ type }) => type) : [];
  // Its owner is told of its load balancers; of others, Interface says it.
  const isNetwork = balancerArns === null || (balancerArns.length > 0 && kinds.every((kind) => kind === 'network'));
  return {
    ok: types.length > 0 && types.every((type) => type === 'Interface') && ipAddressTypes.includes('ipv4') && isNetwork,
    got: listed([...types, ...new Set(kinds.map((kind) => `${kind} load balancer`)), ...ipAddressTypes]),
  };
}

function foundZones(zones: ReadonlySet<string>): Found {
  return { ok: zones.size >= LEAST, got: `${zones.size}: ${listed([...zones])}` };
}

/** The service is for this key store and no other, so whoever is allowed beside AWS KMS only reaches proxies that are none of his. */
function foundPrincipal(all: readonly string[], wanted: string): Found {
  const others = all.filter((one) => one !== wanted);
  const isThere = others.length < all.length;
  const more = others.length > 3 ? [`${others.length - 3} more`] : [];
  const named = [...(isThere ? [wanted] : []), ...others.slice(0, 3), ...more];
  return { ok: isThere && others.length === 0, got: listed(named), connects: isThere };
}

function foundName({ privateDnsName, dnsNameState }: EndpointService, host: string): Found {
  return {
    ok: privateDnsName === host && dnsNameState === 'verified',
    got: privateDnsName === '' ? 'none' : `${privateDnsName}, ${dnsNameState || 'not verified'}`,
  };
}

function foundTargets(groups: readonly (readonly string[])[]): Found {
  const healthy = (states: readonly string[]) => states.filter((state) => state === 'healthy').length;
  const words = groups.map((states) => `${healthy(states)} healthy of ${states.length}`);
  return { ok: groups.length > 0 && groups.every((states) => healthy(states) >= LEAST), got: listed(words) };
}

import { success, type Result } from '../../contract/result';
import type { EndpointService, Listener, LoadBalancer, NetworkPort } from '../../kms/network-port';
import type { Asked } from '../../kms/answered';
import type { StorePlan } from './store-plan';

/** Why something is left to people: not permitted; no way to that API from here; its owner alone is told; there is no service. */
export type Unseen = 'denied' | 'unreachable' | 'foreign' | 'absent';

export type Sight<T> = { readonly seen: true; readonly value: T } | { readonly seen: false; readonly why: Unseen };

/** What AWS shows this station of an endpoint service and of what is behind it. */
export interface ServiceSight {
  /** null: there is none for this account */
  readonly service: Sight<EndpointService | null>;
  readonly principals: Sight<readonly string[]>;
  readonly balancers: Sight<readonly LoadBalancer[]>;
  /** of each balancer */
  readonly listeners: Sight<readonly (readonly Listener[])[]>;
  /** states of the targets, of each group that a listener for AWS KMS forwards to */
  readonly targets: Sight<readonly (readonly string[])[]>;
  readonly requestIds: readonly string[];
}

/** Does AWS KMS get in by this listener? It calls port 443; its TLS may end at the load balancer or at the proxy. */
export function isForKms({ port, protocol }: Listener): boolean {
  return port === 443 && (protocol === 'TCP' || protocol === 'TLS');
}

/** Is the service one of the account that calls? Then its owner's listing is there for us. */
export function isOwnService({ vpcServiceOwner, account }: StorePlan): boolean {
  return vpcServiceOwner === '' || vpcServiceOwner === account;
}

/**
 * Looks at one thing after the other, as far as they lead and AWS permits. Errors: those of AWS but `aws.accessDenied` and
 * `aws.unreachable`, after which people look.
 */
export async function seeService(network: NetworkPort, plan: StorePlan): Promise<Result<ServiceSight>> {
  const eyes = new Eyes();
  const service = await lookAtService(eyes, network, plan);
  const principals = await eyes.follow(whoseOf(service, plan), () => eyes.look(() => network.servicePrincipals(idOf(plan))));
  const balancers = await eyes.follow(balancerArnsOf(service, plan), (arns) =>
    arns.length === 0 ? seen([]) : eyes.look(() => network.loadBalancers(arns)),
  );
  const listeners = await eyes.follow(balancers, (all) => eyes.lookAtEach(all, ({ arn }) => network.listeners(arn)));
  const targets = await eyes.follow(listeners, (all) =>
    eyes.lookAtEach(groupsForKms(all), (groupArn) => network.targetStates(groupArn)),
  );
  return eyes.failure ?? success({ service, principals, balancers, listeners, targets, requestIds: eyes.requestIds });
}

function seen<T>(value: T): Sight<T> {
  return { seen: true, value };
}

function unseen(why: Unseen): { readonly seen: false; readonly why: Unseen } {
  return { seen: false, why };
}

const LEFT_TO_PEOPLE: Readonly<Record<string, Unseen>> = { 'aws.accessDenied': 'denied', 'aws.unreachable': 'unreachable' };

/** Looks until something fails that is not left to people; from then on nothing is asked any more. */
class Eyes {
  readonly requestIds: string[] = [];
  failure: Extract<Result<never>, { ok: false }> | null = null;

  async look<T>(ask: () => Asked<T>): Promise<Sight<T>> {
    if (this.failure !== null) return unseen('unreachable');
    const answer = await ask();
    const requestId = answer.ok ? answer.value.requestId : answer.error.detail['requestId'];
    if (typeof requestId === 'string' && requestId !== '') this.requestIds.push(requestId);
    if (answer.ok) return seen(answer.value.value);
    const why = LEFT_TO_PEOPLE[answer.error.code];
    if (why === undefined) this.failure = answer;
    return unseen(why ?? 'unreachable');
  }

  /** One that may not be seen hides them all: half a look is none. */
  async lookAtEach<F, T>(all: readonly F[], ask: (one: F) => Asked<T>): Promise<Sight<readonly T[]>> {
    const values: T[] = [];
    for (const one of all) {
      const sight = await this.look(() => ask(one));
      if (!sight.seen) return sight;
      values.push(sight.value);
    }
    return seen(values);
  }

  async follow<F, T>(from: Sight<F>, next: (value: F) => Sight<T> | Promise<Sight<T>>): Promise<Sight<T>> {
    return from.seen ? next(from.value) : from;
  }
}

/** `vpce-svc-...` */
function idOf({ vpcServiceName }: StorePlan): string {
  return vpcServiceName.slice(vpcServiceName.lastIndexOf('.') + 1);
}

/** As its owner where it is ours; where that is not permitted, as those see it who may use it. */
async function lookAtService(eyes: Eyes, network: NetworkPort, plan: StorePlan): Promise<Sight<EndpointService | null>> {
  if (!isOwnService(plan)) return eyes.look(() => network.offeredService(plan.vpcServiceName));
  const own = await eyes.look(() => network.ownService(idOf(plan)));
  if (own.seen || own.why !== 'denied') return own;
  const offered = await eyes.look(() => network.offeredService(plan.vpcServiceName));
  // Not offered to its owner does not say that it is not there.
  return offered.seen && offered.value === null ? unseen('denied') : offered;
}

/** Whether there is somebody's list of principals to look at. */
function whoseOf(service: Sight<EndpointService | null>, plan: StorePlan): Sight<null> {
  if (!isOwnService(plan)) return unseen('foreign');
  return service.seen && service.value === null ? unseen('absent') : seen(null);
}

function balancerArnsOf(service: Sight<EndpointService | null>, plan: StorePlan): Sight<readonly string[]> {
  if (!isOwnService(plan)) return unseen('foreign');
  if (!service.seen) return service;
  if (service.value === null) return unseen('absent');
  return service.value.balancerArns === null ? unseen('denied') : seen(service.value.balancerArns);
}

function groupsForKms(listeners: readonly (readonly Listener[])[]): readonly string[] {
  const groups = listeners
    .flat()
    .filter(isForKms)
    .flatMap(({ targetGroupArns }) => targetGroupArns);
  return [...new Set(groups)];
}

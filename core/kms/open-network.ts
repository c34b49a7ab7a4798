import {
  DescribeVpcEndpointServiceConfigurationsCommand,
  DescribeVpcEndpointServicePermissionsCommand,
  DescribeVpcEndpointServicesCommand,
  EC2Client,
  type DescribeVpcEndpointServiceConfigurationsCommandOutput,
  type DescribeVpcEndpointServicePermissionsCommandOutput,
  type DescribeVpcEndpointServicesCommandOutput,
} from '@aws-sdk/client-ec2';
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  type DescribeListenersCommandOutput,
  type DescribeLoadBalancersCommandOutput,
  type DescribeTargetHealthCommandOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { failure, success } from '../contract/result';
import { present } from './answers';
import { besideKms, type ClientChoices } from './clients';
import { balancerOf, listenerOf, offeredOf, ownOf } from './network-answers';
import type { EndpointService, Listener, LoadBalancer, NetworkOperation, NetworkPort } from './network-port';
import type { Asked } from './answered';
import { readAnswer } from './read-answer';
import type { Sender } from './sender';
import { openTransport } from './transport';

export interface OpenNetwork extends NetworkPort {
  /** Ends what is under way. */
  readonly close: () => void;
}

/** A listing that does not end by then goes in circles. */
const PAGES_LIMIT = 100;

/** @param read of the output that the command has */
async function ask<T>(sender: Sender, operation: NetworkOperation, make: () => object, read: (output: never) => T): Asked<T> {
  const sent = await sender.send(operation, make);
  return sent.ok ? readAnswer(operation, sent.value, (output) => read(output as never)) : sent;
}

/** Every page of a listing; request id and date are those of the last. */
async function askAll<T>(
  operation: NetworkOperation,
  page: (token: string | undefined) => Asked<{ readonly found: readonly T[]; readonly next: string | undefined }>,
): Asked<readonly T[]> {
  const found: T[] = [];
  let token: string | undefined;
  for (let pages = 0; pages < PAGES_LIMIT; pages++) {
    const answer = await page(token);
    if (!answer.ok) return answer;
    found.push(...answer.value.value.found);
    token = answer.value.value.next;
    if (token === undefined || token === '') return success({ ...answer.value, value: found });
  }
  return failure('aws.unknown', { operation, message: `The listing does not end after ${PAGES_LIMIT} pages.` });
}

/** What is not there is an error of AWS, and here it is none. */
async function orElse<T>(none: T, asked: Asked<T>): Asked<T> {
  const answer = await asked;
  if (answer.ok || answer.error.code !== 'aws.notFound') return answer;
  return success({ value: none, requestId: String(answer.error.detail['requestId'] ?? ''), at: '' });
}

/** EC2 and Elastic Load Balancing. @param through the one way in which commands go out */
export function openNetwork(
  choices: ClientChoices,
  through: (client: EC2Client | ElasticLoadBalancingV2Client) => Sender,
): OpenNetwork {
  const config = () => ({ ...besideKms(choices), requestHandler: openTransport(choices.timeoutMs) });
  const clients = [new EC2Client(config()), new ElasticLoadBalancingV2Client(config())] as const;
  const [ec2, balancing] = [through(clients[0]), through(clients[1])];
  return {
    ownService: (serviceId) =>
      orElse<EndpointService | null>(
        null,
        ask(
          ec2,
          'DescribeVpcEndpointServiceConfigurations',
          () => new DescribeVpcEndpointServiceConfigurationsCommand({ ServiceIds: [serviceId] }),
          ({ ServiceConfigurations: [entry] = [] }: DescribeVpcEndpointServiceConfigurationsCommandOutput) =>
            entry === undefined ? null : ownOf(entry),
        ),
      ),
    offeredService: (name) =>
      orElse<EndpointService | null>(
        null,
        ask(
          ec2,
          'DescribeVpcEndpointServices',
          () => new DescribeVpcEndpointServicesCommand({ ServiceNames: [name] }),
          ({ ServiceDetails: [entry] = [] }: DescribeVpcEndpointServicesCommandOutput) =>
            entry === undefined ? null : offeredOf(entry),
        ),
      ),
    servicePrincipals: (serviceId) =>
      orElse<readonly string[]>(
        [],
        askAll('DescribeVpcEndpointServicePermissions', (NextToken) =>
          ask(
            ec2,
            'DescribeVpcEndpointServicePermissions',
            () => new DescribeVpcEndpointServicePermissionsCommand({ ServiceId: serviceId, NextToken }),
            ({ AllowedPrincipals = [], NextToken: next }: DescribeVpcEndpointServicePermissionsCommandOutput) => ({
              found: AllowedPrincipals.map(({ Principal }) => present(Principal, 'Principal')),
              next,
            }),
          ),
        ),
      ),
    loadBalancers: (arns) =>
      orElse<readonly LoadBalancer[]>(
        [],
        ask(
          balancing,
          'DescribeLoadBalancers',
          () => new DescribeLoadBalancersCommand({ LoadBalancerArns: [...arns] }),
          ({ LoadBalancers = [] }: DescribeLoadBalancersCommandOutput) => LoadBalancers.map(balancerOf),
        ),
      ),
    listeners: (balancerArn) =>
      orElse<readonly Listener[]>(
        [],
        askAll('DescribeListeners', (Marker) =>
          ask(
            balancing,
            'DescribeListeners',
            () => new DescribeListenersCommand({ LoadBalancerArn: balancerArn, Marker }),
            ({ Listeners = [], NextMarker }: DescribeListenersCommandOutput) => ({
              found: Listeners.map(listenerOf),
              next: NextMarker,
            }),
          ),
        ),
      ),
    targetStates: (targetGroupArn) =>
      orElse<readonly string[]>(
        [],
        ask(
          balancing,
          'DescribeTargetHealth',
          () => new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }),
          ({ TargetHealthDescriptions = [] }: DescribeTargetHealthCommandOutput) =>
            TargetHealthDescriptions.map(({ TargetHealth }) => present(TargetHealth?.State, 'TargetHealth')),
        ),
      ),
    close: () => clients.forEach((client) => client.destroy()),
  };
}

import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../../../core/contract/errors';
import { failure, success } from '../../../../core/contract/result';
import type { EndpointService, NetworkPort } from '../../../../core/kms/network-port';
import { serviceItems } from '../../../../core/station/acts/service-items';
import { seeService, type ServiceSight } from '../../../../core/station/acts/service-sight';
import type { StorePlan } from '../../../../core/station/acts/store-plan';
import { value } from '../stage';

const NAME = 'com.amazonaws.vpce.eu-central-1.vpce-svc-0123456789abcdef0';
const PLAN = {
  ...{ account: '000000000000', region: 'eu-central-1', host: 'xks.example.com', connectivity: 'vpc' },
  ...{ vpcServiceName: NAME, vpcServiceOwner: '' },
} as StorePlan;

const SERVICE: EndpointService = {
  ...{ name: NAME, owner: null, state: 'Available', types: ['Interface'], zones: ['a', 'b'], isAcceptanceRequired: false },
  ...{ ipAddressTypes: ['ipv4'], privateDnsName: 'xks.example.com', dnsNameState: 'verified', balancerArns: ['lb-1', 'lb-2'] },
};

const FOR_KMS = { port: 443, protocol: 'TCP' };

type Answers = { readonly [Call in keyof NetworkPort]: (of: string) => unknown };

/** Two load balancers with a group each: what the rehearsal, which has one, cannot show. A code is a failure. */
const TWO: Answers = {
  ownService: () => SERVICE,
  offeredService: () => null,
  servicePrincipals: () => ['cks.kms.eu-central-1.amazonaws.com'],
  loadBalancers: () => [
    { arn: 'lb-1', type: 'network', scheme: 'internal' },
    { arn: 'lb-2', type: 'network', scheme: 'internal' },
  ],
  listeners: (arn) => [{ ...FOR_KMS, targetGroupArns: [`group of ${arn}`] }],
  targetStates: () => ['healthy', 'healthy'],
};

function isCode(answer: unknown): answer is ErrorCode {
  return typeof answer === 'string' && answer.startsWith('aws.');
}

function networkOf(answers: Partial<Answers>) {
  const asked: string[] = [];
  const calls = Object.entries({ ...TWO, ...answers }).map(([call, answer]) => [
    call,
    (of: string) => {
      asked.push(call);
      const found = answer(of);
      return Promise.resolve(isCode(found) ? failure(found) : success({ value: found, requestId: '', at: '' }));
    },
  ]);
  return { network: Object.fromEntries(calls) as NetworkPort, asked };
}

async function seen(answers: Partial<Answers>): Promise<ServiceSight> {
  return value(await seeService(networkOf(answers).network, PLAN));
}

function wrongRules(sight: ServiceSight): readonly string[] {
  return serviceItems(PLAN, sight).flatMap(({ rule, found }) => (found.seen && !found.value.ok ? [rule] : []));
}

const of = (name: string, one: unknown, other: unknown) => (arn: string) => (arn.endsWith(name) ? one : other);

describe('an endpoint service with two load balancers', () => {
  it('is as it should be when each of them is', async () => {
    expect(wrongRules(await seen({}))).toEqual([]);
  });

  it.each<[string, Partial<Answers>, readonly string[]]>([
    ['does not listen for AWS KMS', { listeners: of('lb-2', [], TWO.listeners('lb-1')) }, ['CER-VPC-LISTENER']],
    [
      'is on the internet',
      {
        loadBalancers: () => [
          { arn: 'lb-1', type: 'network', scheme: 'internal' },
          { arn: 'lb-2', type: 'network', scheme: 'internet-facing' },
        ],
      },
      ['CER-VPC-SCHEME'],
    ],
    [
      'has one healthy target',
      { targetStates: of('lb-2', ['healthy', 'draining'], ['healthy', 'healthy']) },
      ['CER-VPC-TARGETS'],
    ],
    ['is gone', { loadBalancers: () => [] }, ['CER-VPC-LISTENER', 'CER-VPC-SCHEME', 'CER-VPC-TARGETS']],
  ])('is not, when one of them %s', async (_, answers, rules) => {
    expect(wrongRules(await seen(answers))).toEqual(rules);
  });

  it('is seen at all of them or at none: half a look is none', async () => {
    const { targets } = await seen({ targetStates: of('lb-2', 'aws.accessDenied', ['healthy', 'healthy']) });
    expect(targets).toEqual({ seen: false, why: 'denied' });
  });
});

describe('a look', () => {
  it('that has no way to an API leaves its things to people, and goes on with the others', async () => {
    const sight = await seen({ loadBalancers: () => 'aws.unreachable' });
    for (const hidden of [sight.balancers, sight.listeners, sight.targets])
      expect(hidden).toEqual({ seen: false, why: 'unreachable' });
    expect(wrongRules(sight)).toEqual([]);
    expect([sight.service.seen, sight.principals.seen]).toEqual([true, true]);
  });

  it('at a service that its owner may not list is none, where the list for users does not have it: that may be for lack of a permission', async () => {
    const { service, balancers } = await seen({ ownService: () => 'aws.accessDenied' });
    expect([service, balancers]).toEqual([
      { seen: false, why: 'denied' },
      { seen: false, why: 'denied' },
    ]);
  });

  it.each(['aws.noAnswer', 'aws.throttled', 'aws.internal', 'aws.unknown', 'aws.noCredentials', 'aws.wrongCaller'] as const)(
    'that fails otherwise ends it, and nothing more is asked: %s',
    async (code) => {
      const { network, asked } = networkOf({ servicePrincipals: () => code });
      expect(await seeService(network, PLAN)).toMatchObject({ error: { code } });
      expect(asked).toEqual(['ownService', 'servicePrincipals']);
    },
  );

  it('at a service that is not there asks for nothing behind it', async () => {
    const { network, asked } = networkOf({ ownService: () => null });
    expect(value(await seeService(network, PLAN)).targets).toEqual({ seen: false, why: 'absent' });
    expect(asked).toEqual(['ownService']);
  });
});

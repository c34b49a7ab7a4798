import {
  DescribeVpcEndpointServiceConfigurationsCommand,
  DescribeVpcEndpointServicePermissionsCommand,
  DescribeVpcEndpointServicesCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import type { RehearsalEndpointService } from '../../../../core/rehearsal/kms/endpoint-services';
import type { RehearsalKms } from '../../../../core/rehearsal/kms/start';
import { practiceService } from '../../../../core/rehearsal/practice-service';
import { ABROAD, cleanUp, HOME, startKms, trailOf } from './ground';

afterEach(cleanUp);

const SERVICE = practiceService(HOME, 'xks.example.com');
const SERVICE_ID = 'vpce-svc-0123456789abcdef0';
const BALANCER = `arn:aws:elasticloadbalancing:${HOME}:000000000000:loadbalancer/net/xks-proxy/0123456789abcdef0`;
const TARGETS = `arn:aws:elasticloadbalancing:${HOME}:000000000000:targetgroup/xks-proxy-443/0123456789abcdef0`;
const FOREIGN: RehearsalEndpointService = {
  ...SERVICE,
  name: SERVICE.name.replace(/0$/, '1'),
  owner: '111122223333',
  allowedPrincipals: [...SERVICE.allowedPrincipals, 'arn:aws:iam::000000000000:root'],
};

interface Asking {
  readonly region?: string;
  readonly secretAccessKey?: string;
}

/** The real clients of AWS, each once per call. */
function clientsOf(kms: RehearsalKms, { region = HOME, secretAccessKey = kms.credentials.secretAccessKey }: Asking = {}) {
  const credentials = { ...kms.credentials, secretAccessKey };
  const config = { region, endpoint: kms.endpoint(region), credentials, maxAttempts: 1 };
  const clients = { ec2: new EC2Client(config), balancing: new ElasticLoadBalancingV2Client(config) };
  onTestFinished(() => Object.values(clients).forEach((client) => client.destroy()));
  return clients;
}

async function around(services: readonly RehearsalEndpointService[], asking: Asking = {}) {
  const kms = await startKms({ endpointServices: () => services });
  return { kms, ...clientsOf(kms, asking) };
}

const named = (name: string) => expect.objectContaining({ name }) as unknown;

describe('an endpoint service, asked of the rehearsal through the clients of EC2 and Elastic Load Balancing', () => {
  it('is told to its owner whole, down to the targets', async () => {
    const { ec2, balancing } = await around([SERVICE]);
    const asked = await ec2.send(new DescribeVpcEndpointServiceConfigurationsCommand({ ServiceIds: [SERVICE_ID] }));
    expect(asked.ServiceConfigurations).toEqual([
      {
        ServiceId: SERVICE_ID,
        ServiceName: SERVICE.name,
        ServiceType: [{ ServiceType: 'Interface' }],
        ServiceState: 'Available',
        AvailabilityZones: [`${HOME}a`, `${HOME}b`],
        AcceptanceRequired: false,
        SupportedIpAddressTypes: ['ipv4'],
        NetworkLoadBalancerArns: [BALANCER],
        PrivateDnsName: 'xks.example.com',
        PrivateDnsNameConfiguration: { State: 'verified' },
      },
    ]);
    const { AllowedPrincipals } = await ec2.send(new DescribeVpcEndpointServicePermissionsCommand({ ServiceId: SERVICE_ID }));
    expect(AllowedPrincipals).toEqual([{ PrincipalType: 'Service', Principal: `cks.kms.${HOME}.amazonaws.com` }]);
    const { LoadBalancers } = await balancing.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [BALANCER] }));
    expect(LoadBalancers).toMatchObject([{ LoadBalancerArn: BALANCER, Type: 'network', Scheme: 'internal' }]);
    const { Listeners } = await balancing.send(new DescribeListenersCommand({ LoadBalancerArn: BALANCER }));
    expect(Listeners).toMatchObject([{ Port: 443, Protocol: 'TCP', DefaultActions: [{ TargetGroupArn: TARGETS }] }]);
    const { TargetHealthDescriptions } = await balancing.send(new DescribeTargetHealthCommand({ TargetGroupArn: TARGETS }));
    expect(TargetHealthDescriptions?.map(({ TargetHealth }) => TargetHealth?.State)).toEqual(['healthy', 'healthy']);
  });

  it('is told to others as far as they may use it, and not at all to whom it does not allow', async () => {
    const { ec2 } = await around([FOREIGN]);
    const { ServiceDetails } = await ec2.send(new DescribeVpcEndpointServicesCommand({ ServiceNames: [FOREIGN.name] }));
    expect(ServiceDetails).toMatchObject([
      {
        ServiceName: FOREIGN.name,
        Owner: '111122223333',
        PrivateDnsNameVerificationState: 'verified',
        AcceptanceRequired: false,
      },
    ]);
    const ServiceId = SERVICE_ID.replace(/0$/, '1');
    for (const command of [
      new DescribeVpcEndpointServiceConfigurationsCommand({ ServiceIds: [ServiceId] }),
      new DescribeVpcEndpointServicePermissionsCommand({ ServiceId }),
    ])
      await expect(ec2.send(command as DescribeVpcEndpointServicePermissionsCommand)).rejects.toEqual(
        named('InvalidVpcEndpointServiceId.NotFound'),
      );
    const shy = await around([{ ...FOREIGN, allowedPrincipals: SERVICE.allowedPrincipals }]);
    await expect(shy.ec2.send(new DescribeVpcEndpointServicesCommand({ ServiceNames: [FOREIGN.name] }))).rejects.toEqual(
      named('InvalidServiceName'),
    );
  });

  it('of another Region or account has no load balancer here', async () => {
    const lookAt = (client: ElasticLoadBalancingV2Client) =>
      client.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [BALANCER] }));
    for (const asked of [await around([SERVICE], { region: ABROAD }), await around([{ ...SERVICE, owner: '111122223333' }])])
      await expect(lookAt(asked.balancing)).rejects.toEqual(named('LoadBalancerNotFoundException'));
  });

  it('is told to nobody whose signature does not fit', async () => {
    const { ec2, balancing } = await around([SERVICE], { secretAccessKey: 'guessed' });
    await expect(ec2.send(new DescribeVpcEndpointServicesCommand({}))).rejects.toEqual(named('SignatureDoesNotMatch'));
    await expect(balancing.send(new DescribeLoadBalancersCommand({}))).rejects.toEqual(named('SignatureDoesNotMatch'));
  });

  it('is not told where a fault denies it, in the words of each service, and is the next time', async () => {
    const { kms, ec2, balancing } = await around([SERVICE]);
    const denied = [
      ['DescribeVpcEndpointServices', 'UnauthorizedOperation'],
      ['DescribeLoadBalancers', 'AccessDenied'],
    ] as const;
    for (const [operation, name] of denied) kms.fail({ operation, times: 1, kind: { error: { name, status: 403 } } });
    const ask = [
      () => ec2.send(new DescribeVpcEndpointServicesCommand({})),
      () => balancing.send(new DescribeLoadBalancersCommand({})),
    ];
    for (const [nth, [, name]] of denied.entries()) await expect(ask[nth]?.()).rejects.toEqual(named(name));
    for (const again of ask) await expect(again()).resolves.toBeDefined();
    const records = (await trailOf(kms)).map(({ eventSource, errorCode = 'seen' }) => [eventSource, errorCode].join(' '));
    expect(records.toSorted()).toEqual([
      'ec2.amazonaws.com UnauthorizedOperation',
      'ec2.amazonaws.com seen',
      'elasticloadbalancing.amazonaws.com AccessDenied',
      'elasticloadbalancing.amazonaws.com seen',
    ]);
  });
});

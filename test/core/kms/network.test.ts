import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { NetworkPort } from '../../../core/kms/network-port';
import { CREDENTIALS, endAll, head, quickRim, REGION, rehearsal, standIn, type Answer } from './stand-in';

afterEach(endAll);

const ID = 'vpce-svc-0123456789abcdef0';
const BALANCER = `arn:aws:elasticloadbalancing:${REGION}:000000000000:loadbalancer/net/xks/1`;

function xml(response: ServerResponse, text: string, status = 200, headers: Record<string, string> = {}): void {
  response.writeHead(status, head({ 'content-type': 'text/xml;charset=UTF-8', ...headers })).end(text);
}

const ec2 = (operation: string, members: string): string =>
  `<${operation}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId>${members}</${operation}Response>`;

const balancing = (operation: string, members: string): string =>
  `<${operation}Response xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"><${operation}Result>${members}</${operation}Result></${operation}Response>`;

const refusedByEc2 = (code: string): string =>
  `<Response><Errors><Error><Code>${code}</Code><Message>because</Message></Error></Errors><RequestID>r</RequestID></Response>`;

const refusedByBalancing = (code: string): string =>
  `<ErrorResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"><Error><Type>Sender</Type><Code>${code}</Code><Message>because</Message></Error><RequestId>r</RequestId></ErrorResponse>`;

async function network(answer: Answer) {
  const server = await standIn(answer);
  const rim = quickRim();
  return { ...server, rim, port: await rehearsal(server.url, rim).network() };
}

const EVERY: Readonly<Record<string, (port: NetworkPort) => ReturnType<NetworkPort[keyof NetworkPort]>>> = {
  ownService: (port) => port.ownService(ID),
  offeredService: (port) => port.offeredService(`com.amazonaws.vpce.${REGION}.${ID}`),
  servicePrincipals: (port) => port.servicePrincipals(ID),
  loadBalancers: (port) => port.loadBalancers([BALANCER]),
  listeners: (port) => port.listeners(BALANCER),
  targetStates: (port) => port.targetStates('arn:group'),
};

describe('the network in front of a proxy', () => {
  it('is asked by the same credentials, each service by its own signature, after the stand-in has said who it is', async () => {
    const { asked, port } = await network((one, response) =>
      xml(response, one.operation.startsWith('DescribeVpc') ? ec2(one.operation, '') : balancing(one.operation, '')),
    );
    for (const call of Object.values(EVERY)) await call(port);
    expect(asked[0]?.operation).toBe('GetCallerIdentity');
    const scopes = asked.slice(1).map(({ headers }) => /Credential=([^,]+)/.exec(headers.authorization ?? '')?.[1]?.split('/'));
    expect(scopes.map((scope) => [scope?.[0], scope?.[2], scope?.[3]])).toEqual([
      ...Array.from({ length: 3 }, () => [CREDENTIALS.accessKeyId, REGION, 'ec2']),
      ...Array.from({ length: 3 }, () => [CREDENTIALS.accessKeyId, REGION, 'elasticloadbalancing']),
    ]);
  });

  it('follows the pages of what may be long', async () => {
    const { port } = await network(({ operation, body }, response) => {
      const isSecond = /NextToken=two|Marker=two/.test(body);
      const principal = `<allowedPrincipals><item><principal>${isSecond ? 'b' : 'a'}</principal></item></allowedPrincipals>`;
      const listener = `<Listeners><member><Port>${isSecond ? 443 : 80}</Port><Protocol>TCP</Protocol></member></Listeners>`;
      xml(
        response,
        operation === 'DescribeListeners'
          ? balancing(operation, listener + (isSecond ? '' : '<NextMarker>two</NextMarker>'))
          : ec2(operation, principal + (isSecond ? '' : '<nextToken>two</nextToken>')),
      );
    });
    expect(await port.servicePrincipals(ID)).toMatchObject({ value: { value: ['a', 'b'] } });
    expect(await port.listeners(BALANCER)).toMatchObject({
      value: {
        value: [
          { port: 80, targetGroupArns: [] },
          { port: 443, targetGroupArns: [] },
        ],
      },
    });
  });

  it('ends a listing that goes in circles', async () => {
    const { port } = await network(({ operation }, response) => xml(response, ec2(operation, '<nextToken>again</nextToken>')));
    expect(await port.servicePrincipals(ID)).toMatchObject({ error: { code: 'aws.unknown' } });
  });

  it('knows every group a listener forwards to, each once', async () => {
    const group = (arn: string) => `<member><TargetGroupArn>${arn}</TargetGroupArn></member>`;
    const action = `<member><Type>forward</Type><TargetGroupArn>g1</TargetGroupArn><ForwardConfig><TargetGroups>${group('g1')}${group('g2')}</TargetGroups></ForwardConfig></member>`;
    const listener = `<Listeners><member><Port>443</Port><Protocol>TLS</Protocol><DefaultActions>${action}</DefaultActions></member></Listeners>`;
    const { port } = await network(({ operation }, response) => xml(response, balancing(operation, listener)));
    expect(await port.listeners(BALANCER)).toMatchObject({
      value: { value: [{ port: 443, protocol: 'TLS', targetGroupArns: ['g1', 'g2'] }] },
    });
  });

  it('takes what is not there for nothing, by whichever name AWS says so', async () => {
    const names: Readonly<Record<string, string>> = {
      DescribeVpcEndpointServiceConfigurations: 'InvalidVpcEndpointServiceId.NotFound',
      DescribeVpcEndpointServicePermissions: 'InvalidVpcEndpointService.NotFound',
      DescribeVpcEndpointServices: 'InvalidServiceName',
      DescribeLoadBalancers: 'LoadBalancerNotFound',
      DescribeListeners: 'ListenerNotFound',
      DescribeTargetHealth: 'TargetGroupNotFound',
    };
    const { port } = await network(({ operation }, response) => {
      const refused = operation.startsWith('DescribeVpc') ? refusedByEc2 : refusedByBalancing;
      xml(response, refused(names[operation] ?? ''), 400);
    });
    for (const [name, call] of Object.entries(EVERY))
      expect(await call(port), name).toMatchObject({ ok: true, value: { value: name.endsWith('Service') ? null : [] } });
  });

  it.each(Object.keys(EVERY))('says that it may not look, with the words of AWS: %s', async (name) => {
    const { port } = await network(({ operation }, response) =>
      operation.startsWith('DescribeVpc')
        ? xml(response, refusedByEc2('UnauthorizedOperation'), 403)
        : xml(response, refusedByBalancing('AccessDenied'), 403),
    );
    expect(await EVERY[name]?.(port)).toMatchObject({
      error: { code: 'aws.accessDenied', detail: { message: 'because', requestId: expect.any(String) as string } },
    });
  });

  it('is asked again where AWS throttles', async () => {
    const { port, rim } = await network(({ operation }, response, nth) =>
      nth < 3 ? xml(response, refusedByEc2('RequestLimitExceeded'), 503) : xml(response, ec2(operation, '')),
    );
    expect(await port.ownService(ID)).toMatchObject({ ok: true, value: { value: null } });
    expect(rim.waits).toEqual([500, 1_500]);
  });

  it.each([
    ['a service without its acceptance', '<serviceName>x</serviceName><serviceState>Available</serviceState>'],
    ['a service without its state', '<serviceName>x</serviceName><acceptanceRequired>false</acceptanceRequired>'],
  ])('does not guess what AWS left out: %s', async (_, members) => {
    const { port } = await network(({ operation }, response) =>
      xml(response, ec2(operation, `<serviceConfigurationSet><item>${members}</item></serviceConfigurationSet>`)),
    );
    expect(await port.ownService(ID)).toMatchObject({ error: { code: 'aws.unknown', detail: { name: 'Incomplete' } } });
  });

  it('is not taken from somebody who does not say that he is a rehearsal', async () => {
    const { port } = await network(({ operation }, response) =>
      response.writeHead(200, { 'content-type': 'text/xml' }).end(ec2(operation, '')),
    );
    expect(await port.ownService(ID)).toMatchObject({ error: { code: 'aws.unknown' } });
  });
});

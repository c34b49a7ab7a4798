import { afterEach, describe, expect, it } from 'vitest';
import { success } from '../../../../core/contract/result';
import type { Outcome } from '../../../../core/keys/evidence';
import { openKms } from '../../../../core/kms/open';
import type { RehearsalEndpointService } from '../../../../core/rehearsal/kms/endpoint-services';
import type { Fault } from '../../../../core/rehearsal/kms/faults';
import { practiceService } from '../../../../core/rehearsal/practice-service';
import { awsLookAtService } from '../../../../core/station/acts/store-service';
import { cleanUp, HOME, startKms } from '../../rehearsal/kms/ground';
import { actRecord, failedRules, STORE_INPUTS } from '../act-record';
import { value } from '../stage';

const SERVICE = practiceService(HOME, STORE_INPUTS.proxyHost);
const INPUTS = { ...STORE_INPUTS, connectivity: 'vpc', vpcServiceName: SERVICE.name } as const;
const OTHER = '111122223333';
const US = 'arn:aws:iam::000000000000:root';

const RULES = [
  ...['CER-VPC-SERVICE-FOUND', 'CER-VPC-TYPE', 'CER-VPC-ZONES', 'CER-VPC-ACCEPTANCE', 'CER-VPC-PRINCIPAL'],
  ...['CER-VPC-DNS-NAME', 'CER-VPC-LISTENER', 'CER-VPC-SCHEME', 'CER-VPC-TARGETS'],
];

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  await cleanUp();
});

interface Around {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly faults?: readonly Pick<Fault, 'operation' | 'kind'>[];
}

/** The act through the real clients of AWS, over a rehearsal that has these services. */
async function looked(services: readonly RehearsalEndpointService[], { inputs = {}, faults = [] }: Around = {}) {
  const rehearsal = await startKms({ endpointServices: () => services });
  for (const fault of faults) rehearsal.fail({ times: 9, ...fault });
  const { credentials } = rehearsal;
  const endpoint = rehearsal.endpoint(HOME);
  const kms = value(openKms({ region: HOME, endpoint, profile: '', credentials, runMode: 'rehearsal', timeoutMs: 60_000 }));
  const record = await actRecord({ ...INPUTS, ...inputs }, { kms: () => Promise.resolve(success(kms)) });
  closers.push(() => kms.close(), record.remove);
  return record.done('aws.lookAtService', awsLookAtService);
}

function denied(...operations: readonly string[]): Pick<Fault, 'operation' | 'kind'>[] {
  const name = (operation: string) => (operation.startsWith('DescribeVpc') ? 'UnauthorizedOperation' : 'AccessDenied');
  return operations.map((operation) => ({ operation, kind: { error: { name: name(operation), status: 403 } } }));
}

/** What the record says of each item. */
function saidOf({ data }: Outcome): Record<string, string> {
  const items = data['items'] as readonly { rule: string; said: string }[];
  return Object.fromEntries(items.map(({ rule, said }) => [rule, said]));
}

const checkedRules = ({ checks }: Outcome): readonly string[] => checks.map(({ rule }) => rule);

function rowsOf({ show }: Outcome, title: RegExp): readonly (readonly string[])[] {
  const table = show.find((block) => block.kind === 'table' && title.test(block.title));
  return table?.kind === 'table' ? table.rows : [];
}

describe('an endpoint service that is as AWS KMS wants it', () => {
  it('is seen whole by its owner: nine checks, and the record says of each what was seen', async () => {
    const done = value(await looked([SERVICE]));
    expect(checkedRules(done)).toEqual(RULES);
    expect(failedRules(success(done))).toEqual([]);
    expect(saidOf(done)).toEqual({
      'CER-VPC-SERVICE-FOUND': 'seen: there, of account 000000000000, Available',
      'CER-VPC-TYPE': 'seen: Interface, network load balancer, ipv4',
      'CER-VPC-ZONES': `seen: 2: ${HOME}a, ${HOME}b`,
      'CER-VPC-ACCEPTANCE': 'seen: not required',
      'CER-VPC-PRINCIPAL': `seen: cks.kms.${HOME}.amazonaws.com`,
      'CER-VPC-DNS-NAME': 'seen: xks.example.com, verified',
      'CER-VPC-LISTENER': 'seen: TCP 443',
      'CER-VPC-SCHEME': 'seen: internal',
      'CER-VPC-TARGETS': 'seen: 2 healthy of 2',
    });
    expect(done.values).toEqual({ 'endpointService.unseen': 'nothing' });
    expect(done.data['requestIds']).toHaveLength(5);
    expect(rowsOf(done, /wrong/)).toEqual([]);
  });

  it('is so with TLS at the load balancer and more zones, too', async () => {
    const more = {
      zones: [...SERVICE.zones, `${HOME}c`],
      listeners: [
        { port: 8443, protocol: 'TCP', targets: [] },
        { port: 443, protocol: 'TLS', targets: ['healthy', 'healthy', 'unhealthy'] },
      ],
    } as const;
    expect(failedRules(await looked([{ ...SERVICE, ...more }]))).toEqual([]);
  });
});

describe('one thing that is wrong with an endpoint service', () => {
  const NOT_FOUND = 'XKS_VPC_ENDPOINT_SERVICE_NOT_FOUND';
  const INVALID = 'XKS_VPC_ENDPOINT_SERVICE_INVALID_CONFIGURATION';
  const UNREACHABLE = 'XKS_PROXY_NOT_REACHABLE';

  it.each<[string, Partial<RehearsalEndpointService>, string, string]>([
    ['a state', { state: 'Pending' }, 'CER-VPC-SERVICE-FOUND', NOT_FOUND],
    ['a type', { type: 'GatewayLoadBalancer', scheme: 'internal' }, 'CER-VPC-TYPE', INVALID],
    ['addresses', { ipAddressTypes: ['ipv6'] }, 'CER-VPC-TYPE', INVALID],
    ['zones', { zones: [`${HOME}a`] }, 'CER-VPC-ZONES', INVALID],
    ['acceptance', { isAcceptanceRequired: true }, 'CER-VPC-ACCEPTANCE', INVALID],
    ['nobody allowed', { allowedPrincipals: [] }, 'CER-VPC-PRINCIPAL', NOT_FOUND],
    ['everybody allowed', { allowedPrincipals: ['*'] }, 'CER-VPC-PRINCIPAL', NOT_FOUND],
    [
      'everybody beside AWS KMS allowed',
      { allowedPrincipals: [...SERVICE.allowedPrincipals, '*'] },
      'CER-VPC-PRINCIPAL',
      'nothing: it would connect',
    ],
    [
      'somebody beside AWS KMS allowed',
      { allowedPrincipals: ['arn:aws:iam::111122223333:root', ...SERVICE.allowedPrincipals] },
      'CER-VPC-PRINCIPAL',
      'nothing: it would connect',
    ],
    ['AWS KMS of another Region', { allowedPrincipals: ['cks.kms.us-east-1.amazonaws.com'] }, 'CER-VPC-PRINCIPAL', NOT_FOUND],
    ['no name', { privateDnsName: '' }, 'CER-VPC-DNS-NAME', INVALID],
    ['another name', { privateDnsName: 'xks.example.org' }, 'CER-VPC-DNS-NAME', INVALID],
    ['a name that is not verified', { isDnsNameVerified: false }, 'CER-VPC-DNS-NAME', INVALID],
    ['a scheme', { scheme: 'internet-facing' }, 'CER-VPC-SCHEME', 'nothing: it would connect'],
    [
      'one proxy',
      { listeners: [{ port: 443, protocol: 'TCP', targets: ['healthy', 'unhealthy'] }] },
      'CER-VPC-TARGETS',
      UNREACHABLE,
    ],
    ['nobody behind it', { listeners: [{ port: 443, protocol: 'TCP', targets: [] }] }, 'CER-VPC-TARGETS', UNREACHABLE],
  ])('is a failed check of its own, with what it would become and what helps: %s', async (_, wrong, rule, becomes) => {
    const done = await looked([{ ...SERVICE, ...wrong }]);
    const failed = failedRules(done);
    expect(failed).toContain(rule);
    // A gateway load balancer has no network load balancer to look at.
    if (wrong.type === undefined) expect(failed).toEqual([rule]);
    expect(saidOf(value(done))[rule]).toMatch(/^seen, and wrong: /);
    expect(rowsOf(value(done), /wrong/)[0]).toEqual([expect.any(String), becomes, expect.stringMatching(/\.$/)]);
  });

  it.each(['UDP', 'TCP'] as const)('no listener for AWS KMS leads to no targets either: %s', async (protocol) => {
    const listeners = [{ port: protocol === 'UDP' ? 443 : 8443, protocol, targets: ['healthy', 'healthy'] as const }];
    expect(failedRules(await looked([{ ...SERVICE, listeners }]))).toEqual(['CER-VPC-LISTENER', 'CER-VPC-TARGETS']);
  });

  it('no such service fails, and nothing else is said of it', async () => {
    const done = value(await looked([]));
    expect(checkedRules(done)).toEqual(['CER-VPC-SERVICE-FOUND']);
    expect(failedRules(success(done))).toEqual(['CER-VPC-SERVICE-FOUND']);
    expect(saidOf(done)['CER-VPC-TARGETS']).toBe('not seen: there is no service to look at');
  });

  it('a service of another Region is none', async () => {
    expect(failedRules(await looked([practiceService('eu-west-1', STORE_INPUTS.proxyHost)]))).toEqual(['CER-VPC-SERVICE-FOUND']);
  });
});

describe('what this station may not see', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['the permissions', ['DescribeVpcEndpointServicePermissions'], ['CER-VPC-PRINCIPAL']],
    ['load balancers', ['DescribeLoadBalancers'], ['CER-VPC-LISTENER', 'CER-VPC-SCHEME', 'CER-VPC-TARGETS']],
    ['listeners', ['DescribeListeners'], ['CER-VPC-LISTENER', 'CER-VPC-TARGETS']],
    ['the health of targets', ['DescribeTargetHealth'], ['CER-VPC-TARGETS']],
    ['its own services', ['DescribeVpcEndpointServiceConfigurations'], ['CER-VPC-LISTENER', 'CER-VPC-SCHEME', 'CER-VPC-TARGETS']],
    [
      'anything',
      [
        ...['DescribeVpcEndpointServiceConfigurations', 'DescribeVpcEndpointServicePermissions', 'DescribeVpcEndpointServices'],
        ...['DescribeLoadBalancers', 'DescribeListeners', 'DescribeTargetHealth'],
      ],
      RULES,
    ],
  ])('is no check, passed or failed, and named for people: %s', async (_, operations, unseen) => {
    const done = value(await looked([SERVICE], { faults: denied(...operations) }));
    expect(checkedRules(done)).toEqual(RULES.filter((rule) => !unseen.includes(rule)));
    expect(failedRules(success(done))).toEqual([]);
    const said = saidOf(done);
    for (const rule of unseen) expect(said[rule], rule).toBe('not permitted to see: people tick it');
    expect(done.values['endpointService.unseen']?.split(', ')).toHaveLength(unseen.length);
    expect(rowsOf(done, /Item by item/)).toHaveLength(RULES.length);
  });

  it('is of a service in another account what its owner alone is told', async () => {
    const foreign = { ...SERVICE, owner: OTHER, allowedPrincipals: [US] };
    const done = value(await looked([foreign], { inputs: { vpcServiceOwner: OTHER } }));
    expect(failedRules(success(done))).toEqual([]);
    expect(checkedRules(done)).toEqual(RULES.filter((rule) => !/PRINCIPAL|LISTENER|SCHEME|TARGETS/.test(rule)));
    expect(saidOf(done)['CER-VPC-PRINCIPAL']).toBe('shown to its owner only: people tick it');
    expect(done.values['endpointService.unseen']).toBe('Allowed principal, Listener, Scheme of the load balancer, Targets');
  });

  it('hides nothing that is wrong with what it sees of another account', async () => {
    const foreign = { ...SERVICE, owner: OTHER, allowedPrincipals: [US], isAcceptanceRequired: true, isDnsNameVerified: false };
    const done = await looked([foreign], { inputs: { vpcServiceOwner: OTHER } });
    expect(failedRules(done)).toEqual(['CER-VPC-ACCEPTANCE', 'CER-VPC-DNS-NAME']);
  });

  it('is not there, where its owner in another account does not allow this one: AWS KMS would not find it either', async () => {
    const done = await looked([{ ...SERVICE, owner: OTHER }], { inputs: { vpcServiceOwner: OTHER } });
    expect(failedRules(done)).toEqual(['CER-VPC-SERVICE-FOUND']);
  });

  it('is of another account than the plan says', async () => {
    const foreign = { ...SERVICE, owner: '444455556666', allowedPrincipals: [US] };
    expect(failedRules(await looked([foreign], { inputs: { vpcServiceOwner: OTHER } }))).toEqual(['CER-VPC-SERVICE-FOUND']);
  });
});

describe('a look that fails for another reason', () => {
  it.each([
    ['DescribeVpcEndpointServiceConfigurations', 'InvalidParameterValue', 'aws.invalidRequest'],
    ['DescribeVpcEndpointServicePermissions', 'AuthFailure', 'aws.noCredentials'],
    ['DescribeTargetHealth', 'ValidationError', 'aws.invalidRequest'],
  ] as const)('is a failed act, not a thing that people tick: %s %s', async (operation, name, code) => {
    const faults = [{ operation, kind: { error: { name } } }];
    expect(await looked([SERVICE], { faults })).toMatchObject({ ok: false, error: { code, detail: { operation } } });
  });
});

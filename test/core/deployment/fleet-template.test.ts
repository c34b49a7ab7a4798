import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cfnProblems, parseTemplate } from './cfn-check';

const FILE = resolve(import.meta.dirname, '../../../resources/templates/cloudformation/xks-proxy-fleet.yaml');
const TEXT = readFileSync(FILE, 'utf8');

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

const TEMPLATE = parseTemplate(TEXT);
const RESOURCES = TEMPLATE['Resources'] as unknown as Readonly<Record<string, Resource>>;
const ofType = (type: string): readonly Resource[] => Object.values(RESOURCES).filter(({ Type }) => Type === type);
const only = (type: string): Resource => {
  const [one, ...others] = ofType(type);
  if (one === undefined || others.length > 0) throw new Error(`not one ${type}`);
  return one;
};

const data = only('AWS::EC2::LaunchTemplate').Properties['LaunchTemplateData'] as {
  readonly UserData: { readonly 'Fn::Base64': { readonly 'Fn::Sub': string } };
  readonly [name: string]: unknown;
};
const USER_DATA = data.UserData['Fn::Base64']['Fn::Sub'];

describe('the check of templates', () => {
  it.each([
    ['a reference to nothing', '!Ref VpcId', '!Ref VpcIdentity', 'VpcIdentity, which is nothing'],
    ['an attribute that a type does not have', '!GetAtt ProxyProfile.Arn', '!GetAtt ProxyProfile.Name', 'no attribute Name'],
    ['a placeholder for nothing', '${StateVolumeB}', '${StateVolumeC}', 'StateVolumeC, which is nothing'],
    ['a dependency on nothing', 'DependsOn: Listener', 'DependsOn: Listeners', 'depends on Listeners'],
    ['a condition that is not there', 'Condition: HasProbe', 'Condition: HasProbes', 'no condition HasProbes'],
    ['a property that does not exist', 'HealthCheckPath:', 'HealthCheckUri:', 'no property HealthCheckUri'],
    ['a type that is not known', 'AWS::EC2::Volume\n', 'AWS::EC2::Disk\n', 'AWS::EC2::Disk is not in the table'],
    ['a property that is missing', '      AssumeRolePolicyDocument:', '      Path:', 'lacks AssumeRolePolicyDocument'],
    ['a parameter of no use', '!Ref ImageId', "'ami-1'", 'ImageId: parameter of no use'],
    ['a secret among the parameters', 'PinSecretArn', 'PinSecret', 'PinSecret: a parameter that may be a secret'],
    ['a secret in the text', 'default: no reason given', 'default: "user_pin = 12345678"', 'looks like a secret'],
    [
      'ingress from everywhere',
      '      SourceSecurityGroupId: !GetAtt BalancerGroup.GroupId',
      '      CidrIp: 0.0.0.0/0',
      'ProxyIngress: ingress from everywhere',
    ],
    ['a role for everything', 'Action: s3:GetObject', "Action: 's3:*'", 'allows every action of a service'],
    ['a role over everything', 'Resource: !Ref SecretsKmsKeyArn', "Resource: '*'", 'allows its actions on everything'],
    [
      'a policy of AWS',
      '      Policies:\n        - PolicyName: proxy',
      '      ManagedPolicyArns: [!Sub "arn:${AWS::Partition}:iam::aws:policy/AmazonSSMManagedInstanceCore"]\n      Policies:\n        - PolicyName: proxy',
      'a managed policy, which allows what is not written here',
    ],
  ])('catches %s', (_what, good, bad, problem) => {
    expect(TEXT).toContain(good);
    expect(cfnProblems(TEXT.replaceAll(good, bad)).join('\n')).toContain(problem);
  });

  it('catches a key that is there twice', () => {
    expect(() => cfnProblems(`${TEXT}\nOutputs: {}\n`)).toThrow(/unique/i);
  });
});

describe('the fleet of two proxies', () => {
  it('is a template in which everything refers to something, and nothing is open or secret', () => {
    expect(cfnProblems(TEXT)).toEqual([]);
  });

  it.runIf(spawnSync('cfn-lint', ['--version']).status === 0)(
    'passes cfn-lint, which cannot know that an empty CertificateArn is never used',
    () => {
      const args = ['--non-zero-exit-code', 'informational', '--ignore-checks', 'W1030', '--', FILE];
      expect(spawnSync('cfn-lint', args, { encoding: 'utf8' })).toMatchObject({ stdout: '', status: 0 });
    },
    60_000,
  );

  it('gives each slot a volume in its zone that outlives instance and stack, and an instance of its own', () => {
    const volumes = ofType('AWS::EC2::Volume');
    expect(volumes.map(({ Properties }) => Properties['AvailabilityZone'])).toEqual([
      { Ref: 'AvailabilityZoneA' },
      { Ref: 'AvailabilityZoneB' },
    ]);
    for (const volume of volumes) {
      expect(volume).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain', Properties: { Encrypted: true } });
      // From a snapshot would come an older latch.
      expect(volume.Properties).not.toHaveProperty('SnapshotId');
    }
    const groups = ofType('AWS::AutoScaling::AutoScalingGroup').map(({ Properties }) => Properties);
    expect(groups.map((group) => [group['MaxSize'], group['VPCZoneIdentifier']])).toEqual([
      ['1', [{ Ref: 'SubnetA' }]],
      ['1', [{ Ref: 'SubnetB' }]],
    ]);
    expect(groups.map((group) => JSON.stringify(group['Tags']).match(/"keyrite-slot","Value":"(.)"/)?.[1])).toEqual(['a', 'b']);
  });

  it('replaces no proxy because it was killed, and none because the stack changed', () => {
    for (const group of ofType('AWS::AutoScaling::AutoScalingGroup')) {
      expect(group.Properties['HealthCheckType']).toBe('EC2');
      expect(group).not.toHaveProperty('UpdatePolicy');
      expect(group.Properties).not.toHaveProperty('MaxInstanceLifetime');
    }
  });

  it('has instances without SSH, with IMDSv2 only and encrypted disks', () => {
    expect(data).toMatchObject({
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1, InstanceMetadataTags: 'enabled' },
      BlockDeviceMappings: [{ Ebs: { Encrypted: true } }],
    });
    expect(data).not.toHaveProperty('KeyName');
    expect(data).not.toHaveProperty('NetworkInterfaces');
  });

  it('gives its instances what sessions and the kill for all need of Systems Manager, and no parameter, document or command', () => {
    const [policy] = only('AWS::IAM::Role').Properties['Policies'] as {
      readonly PolicyDocument: { readonly Statement: readonly { readonly Sid?: string; readonly Action?: string | string[] }[] };
    }[];
    const actions = policy?.PolicyDocument.Statement.flatMap(({ Action }) => Action ?? []) ?? [];
    expect(actions.filter((action) => /^(ssm|ssmmessages|ec2messages):/.test(action))).toEqual([
      'ssm:UpdateInstanceInformation',
      ...['CreateControlChannel', 'CreateDataChannel', 'OpenControlChannel', 'OpenDataChannel'].map(
        (one) => `ssmmessages:${one}`,
      ),
      ...['AcknowledgeMessage', 'DeleteMessage', 'FailMessage', 'GetEndpoint', 'GetMessages', 'SendReply'].map(
        (one) => `ec2messages:${one}`,
      ),
    ]);
  });

  it.skipIf(process.platform === 'win32')('has user data that is a script, and fetches no secret', () => {
    expect(spawnSync('bash', ['-n'], { input: USER_DATA, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
    expect(USER_DATA).not.toContain('get-secret-value');
    const outputs = JSON.stringify(TEMPLATE['Outputs']);
    expect(outputs).not.toMatch(/Secret/);
  });

  it('lets AWS KMS of its Region in, by PrivateLink, and nobody else', () => {
    expect(only('AWS::EC2::VPCEndpointService').Properties['AcceptanceRequired']).toBe(false);
    expect(only('AWS::EC2::VPCEndpointServicePermissions').Properties['AllowedPrincipals']).toEqual([
      { 'Fn::Sub': 'cks.kms.${AWS::Region}.amazonaws.com' },
    ]);
    expect(only('AWS::ElasticLoadBalancingV2::LoadBalancer').Properties).toMatchObject({
      Scheme: 'internal',
      Type: 'network',
      IpAddressType: 'ipv4',
      Subnets: [{ Ref: 'SubnetA' }, { Ref: 'SubnetB' }],
      EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: 'off',
    });
    for (const group of ofType('AWS::EC2::SecurityGroup')) {
      expect(group.Properties).not.toHaveProperty('SecurityGroupIngress');
      // Without one, a group lets everything out.
      expect(group.Properties['SecurityGroupEgress']).not.toEqual([]);
    }
    expect(ofType('AWS::EC2::SecurityGroupIngress').map(({ Properties }) => Object.keys(Properties))).toEqual(
      [0, 1].map((): unknown => expect.arrayContaining(['SourceSecurityGroupId'])),
    );
  });

  it('encrypts on both sides of the balancer wherever TLS ends', () => {
    const protocol = { 'Fn::If': ['TlsAtBalancer', 'TLS', 'TCP'] };
    expect(only('AWS::ElasticLoadBalancingV2::Listener').Properties['Protocol']).toEqual(protocol);
    expect(only('AWS::ElasticLoadBalancingV2::TargetGroup').Properties).toMatchObject({
      Protocol: protocol,
      HealthCheckProtocol: 'HTTPS',
      HealthCheckPath: '/ping',
    });
  });
});

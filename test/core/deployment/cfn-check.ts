import { parseDocument, type CollectionTag, type ScalarTag, type Tags } from 'yaml';

/**
 * What can be known of a CloudFormation template without AWS: the parts that CloudFormation itself refuses when a stack is made (a
 * reference to nothing, a property that does not exist), and those it lets through and a reviewer would not.
 */
type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
type Table = Readonly<Record<string, Json>>;

const SHORT_FORMS = [
  'Ref',
  'Condition',
  'GetAtt',
  'Sub',
  'If',
  'Equals',
  'Not',
  'And',
  'Or',
  'Select',
  'Join',
  'Base64',
  'Split',
];
const longName = (short: string): string => (short === 'Ref' || short === 'Condition' ? short : `Fn::${short}`);

/** `!GetAtt A.B` and its siblings, as the long form they stand for. */
const TAGS: Tags = SHORT_FORMS.flatMap((short): (ScalarTag | CollectionTag)[] => {
  const tag = `!${short}`;
  const wrap = (value: Json): Table => ({ [longName(short)]: value });
  return [
    {
      tag,
      resolve: (text: string) =>
        wrap(short === 'GetAtt' ? [text.slice(0, text.indexOf('.')), text.slice(text.indexOf('.') + 1)] : text),
    },
    { tag, collection: 'seq', resolve: (seq) => wrap((seq as unknown as { toJSON: () => Json }).toJSON()) },
  ] as (ScalarTag | CollectionTag)[];
});

export function parseTemplate(text: string): Table {
  const document = parseDocument(text, { customTags: (tags) => [...tags, ...(TAGS as [])], version: '1.1', uniqueKeys: true });
  const problems = [...document.errors, ...document.warnings].map(({ message }) => message);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return JSON.parse(JSON.stringify(document.toJS())) as Table;
}

/** Properties of the types we use (AWS CloudFormation Template Reference), and the attributes that Fn::GetAtt may ask for. */
export const TYPES: Readonly<
  Record<string, { readonly properties: string; readonly required: string; readonly attributes: string }>
> = {
  'AWS::CloudWatch::Alarm': {
    properties:
      'ActionsEnabled AlarmActions AlarmDescription AlarmName ComparisonOperator DatapointsToAlarm Dimensions EvaluationPeriods InsufficientDataActions MetricName Metrics Namespace OKActions Period Statistic Tags Threshold TreatMissingData',
    required: 'ComparisonOperator EvaluationPeriods',
    attributes: 'Arn',
  },
  'AWS::EC2::SecurityGroup': {
    properties: 'GroupDescription GroupName SecurityGroupEgress SecurityGroupIngress Tags VpcId',
    required: 'GroupDescription',
    attributes: 'GroupId VpcId',
  },
  'AWS::EC2::SecurityGroupIngress': {
    properties: 'CidrIp Description FromPort GroupId IpProtocol SourceSecurityGroupId ToPort',
    required: 'IpProtocol',
    attributes: 'Id',
  },
  'AWS::EC2::SecurityGroupEgress': {
    properties: 'CidrIp Description DestinationSecurityGroupId FromPort GroupId IpProtocol ToPort',
    required: 'IpProtocol GroupId',
    attributes: 'Id',
  },
  'AWS::EC2::Volume': {
    properties: 'AvailabilityZone Encrypted KmsKeyId Size Tags VolumeType',
    required: 'AvailabilityZone',
    attributes: 'VolumeId',
  },
  'AWS::EC2::LaunchTemplate': {
    properties: 'LaunchTemplateData LaunchTemplateName TagSpecifications',
    required: 'LaunchTemplateData',
    attributes: 'LatestVersionNumber DefaultVersionNumber LaunchTemplateId',
  },
  'AWS::EC2::VPCEndpointService': {
    properties: 'AcceptanceRequired NetworkLoadBalancerArns SupportedIpAddressTypes Tags',
    required: '',
    attributes: 'ServiceId',
  },
  'AWS::EC2::VPCEndpointServicePermissions': {
    properties: 'AllowedPrincipals ServiceId',
    required: 'ServiceId',
    attributes: '',
  },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': {
    properties:
      'EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic IpAddressType LoadBalancerAttributes Name Scheme SecurityGroups Subnets Tags Type',
    required: '',
    attributes: 'DNSName LoadBalancerArn LoadBalancerFullName',
  },
  'AWS::ElasticLoadBalancingV2::TargetGroup': {
    properties:
      'HealthCheckEnabled HealthCheckIntervalSeconds HealthCheckPath HealthCheckPort HealthCheckProtocol HealthCheckTimeoutSeconds HealthyThresholdCount IpAddressType Matcher Port Protocol Tags TargetGroupAttributes TargetType UnhealthyThresholdCount VpcId',
    required: '',
    attributes: 'TargetGroupArn TargetGroupFullName',
  },
  'AWS::ElasticLoadBalancingV2::Listener': {
    properties: 'AlpnPolicy Certificates DefaultActions LoadBalancerArn Port Protocol SslPolicy',
    required: 'DefaultActions LoadBalancerArn',
    attributes: 'ListenerArn',
  },
  'AWS::AutoScaling::AutoScalingGroup': {
    properties:
      'DesiredCapacity HealthCheckGracePeriod HealthCheckType LaunchTemplate MaxSize MinSize NewInstancesProtectedFromScaleIn Tags TargetGroupARNs VPCZoneIdentifier',
    required: 'MinSize MaxSize',
    attributes: 'AutoScalingGroupARN',
  },
  'AWS::IAM::Role': {
    properties: 'AssumeRolePolicyDocument Description ManagedPolicyArns MaxSessionDuration Path Policies RoleName Tags',
    required: 'AssumeRolePolicyDocument',
    attributes: 'Arn RoleId',
  },
  'AWS::IAM::InstanceProfile': { properties: 'InstanceProfileName Path Roles', required: 'Roles', attributes: 'Arn' },
  'AWS::SSM::Document': {
    properties: 'Content DocumentFormat DocumentType Name Tags TargetType UpdateMethod',
    required: 'Content',
    attributes: '',
  },
};

const RESOURCE_KEYS = ['Type', 'Properties', 'Condition', 'DependsOn', 'DeletionPolicy', 'UpdateReplacePolicy', 'Metadata'];
const SECTIONS = [
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Rules',
  'Conditions',
  'Resources',
  'Outputs',
];
const PSEUDO = [
  'AWS::AccountId',
  'AWS::NoValue',
  'AWS::Partition',
  'AWS::Region',
  'AWS::StackId',
  'AWS::StackName',
  'AWS::URLSuffix',
];

const isTable = (value: Json | undefined): value is Table => typeof value === 'object' && value !== null && !Array.isArray(value);
const table = (value: Json | undefined): Table => (isTable(value) ? value : {});
const nameOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const words = (text: string): readonly string[] => text.split(' ').filter((word) => word !== '');

/** Every value below `value`, with where it is. */
function* walk(value: Json, path = ''): Generator<readonly [string, Json]> {
  yield [path, value];
  if (Array.isArray(value)) for (const [i, each] of (value as readonly Json[]).entries()) yield* walk(each, `${path}[${i}]`);
  else if (isTable(value))
    for (const [name, each] of Object.entries(value)) yield* walk(each, path === '' ? name : `${path}.${name}`);
}

interface References {
  readonly refs: readonly (readonly [string, string])[];
  readonly attributes: readonly (readonly [string, string, string])[];
  readonly conditions: readonly (readonly [string, string])[];
}

function inSub(path: string, value: Json): { refs: [string, string][]; attributes: [string, string, string][] } {
  const [text, own] = Array.isArray(value) ? (value as readonly Json[]) : [value, {}];
  const refs: [string, string][] = [];
  const attributes: [string, string, string][] = [];
  for (const [, name = ''] of nameOf(text).matchAll(/\$\{([^!}][^}]*)\}/g)) {
    if (name in table(own)) continue;
    const dot = name.indexOf('.');
    if (dot < 0) refs.push([path, name]);
    else attributes.push([path, name.slice(0, dot), name.slice(dot + 1)]);
  }
  return { refs, attributes };
}

function referencesIn(template: Table): References {
  const refs: [string, string][] = [];
  const attributes: [string, string, string][] = [];
  const conditions: [string, string][] = [];
  for (const [path, value] of walk(template)) {
    if (!isTable(value)) continue;
    if (typeof value['Ref'] === 'string') refs.push([path, value['Ref']]);
    const got = value['Fn::GetAtt'];
    if (Array.isArray(got)) attributes.push([path, String(got[0]), String(got[1])]);
    if (value['Fn::Sub'] !== undefined) {
      const found = inSub(path, value['Fn::Sub']);
      refs.push(...found.refs);
      attributes.push(...found.attributes);
    }
    const chosen = value['Fn::If'];
    if (Array.isArray(chosen)) conditions.push([path, String(chosen[0])]);
    // An IAM policy has a Condition, too, and there it is a table.
    if (typeof value['Condition'] === 'string') conditions.push([path, value['Condition']]);
  }
  return { refs, attributes, conditions };
}

function unresolved(template: Table): readonly string[] {
  const parameters = table(template['Parameters']);
  const resources = table(template['Resources']);
  const conditions = table(template['Conditions']);
  const found = referencesIn(template);
  const known = (name: string) => name in parameters || name in resources || PSEUDO.includes(name);
  const problems = found.refs
    .filter(([, name]) => !known(name))
    .map(([path, name]) => `${path}: refers to ${name}, which is nothing`);
  for (const [path, name, attribute] of found.attributes) {
    const type = nameOf(table(resources[name])['Type']);
    if (!words(TYPES[type]?.attributes ?? '').includes(attribute))
      problems.push(`${path}: ${name} has no attribute ${attribute}`);
  }
  for (const [path, name] of found.conditions) if (!(name in conditions)) problems.push(`${path}: there is no condition ${name}`);
  for (const [name, resource] of Object.entries(resources))
    for (const other of [table(resource)['DependsOn'] ?? []].flat().map(nameOf))
      if (!(other in resources)) problems.push(`${name}: depends on ${other}, which is nothing`);
  return problems;
}

function unused(template: Table): readonly string[] {
  const { refs, conditions } = referencesIn(template);
  const used = new Set(refs.map(([, name]) => name));
  const asked = new Set(conditions.map(([, name]) => name));
  return [
    ...Object.keys(table(template['Parameters']))
      .filter((name) => !used.has(name))
      .map((name) => `${name}: parameter of no use`),
    ...Object.keys(table(template['Conditions']))
      .filter((name) => !asked.has(name))
      .map((name) => `${name}: condition of no use`),
  ];
}

function unknownShapes(template: Table): readonly string[] {
  const problems = Object.keys(template)
    .filter((name) => !SECTIONS.includes(name))
    .map((name) => `${name}: no such section`);
  for (const [name, value] of Object.entries(table(template['Resources']))) {
    const resource = table(value);
    const type = TYPES[nameOf(resource['Type'])];
    const properties = Object.keys(table(resource['Properties']));
    problems.push(
      ...Object.keys(resource)
        .filter((key) => !RESOURCE_KEYS.includes(key))
        .map((key) => `${name}: no such key ${key}`),
    );
    if (type === undefined) {
      problems.push(`${name}: type ${nameOf(resource['Type'])} is not in the table of this check`);
      continue;
    }
    problems.push(
      ...properties.filter((key) => !words(type.properties).includes(key)).map((key) => `${name}: no property ${key}`),
    );
    problems.push(
      ...words(type.required)
        .filter((key) => !properties.includes(key))
        .map((key) => `${name}: lacks ${key}`),
    );
  }
  return problems;
}

const SECRET_NAME = /(?<!Arn)$/;
/** Access keys, private keys, tokens, and words of a name that say a value is one. */
const SECRET_TEXT =
  /AKIA[0-9A-Z]{16}|-----BEGIN|(?:password|passwd|secret_?(?:access_?)?key|pin)\s*[:=]\s*['"]?[A-Za-z0-9/+]{6,}/i;

function secrets(template: Table): readonly string[] {
  const problems: string[] = [];
  for (const [path, value] of walk(template))
    if (typeof value === 'string' && SECRET_TEXT.test(value)) problems.push(`${path}: looks like a secret`);
  for (const [name, parameter] of Object.entries(table(template['Parameters'])))
    if (/secret|password|pin\b|privatekey/i.test(name) && SECRET_NAME.test(name) && table(parameter)['NoEcho'] !== true)
      problems.push(`${name}: a parameter that may be a secret, without NoEcho`);
  return problems;
}

/**
 * Actions that cannot be limited to some resources (Service Authorization Reference: Amazon EC2, Amazon Message Gateway Service, Amazon
 * Message Delivery Service).
 */
const WITHOUT_RESOURCE = /^(ec2:Describe|ssmmessages:|ec2messages:)/;

/** Ingress from everywhere, IAM statements for everything, and policies of AWS, which grow without anybody here. */
function openDoors(template: Table): readonly string[] {
  const problems: string[] = [];
  for (const [name, value] of Object.entries(table(template['Resources']))) {
    const { Type, Properties } = table(value);
    const rules = [
      ...(Type === 'AWS::EC2::SecurityGroupIngress' ? [Properties ?? null] : []),
      ...[table(Properties)['SecurityGroupIngress'] ?? []].flat(),
    ];
    for (const rule of rules)
      if (['0.0.0.0/0', '::/0'].some((all) => JSON.stringify(rule).includes(`"${all}"`)))
        problems.push(`${name}: ingress from everywhere`);
    if (table(Properties)['ManagedPolicyArns'] !== undefined)
      problems.push(`${name}: a managed policy, which allows what is not written here`);
  }
  for (const [path, value] of walk(template)) {
    if (!isTable(value) || value['Effect'] !== 'Allow') continue;
    const actions = [value['Action'] ?? []].flat().map(String);
    const isAll = [value['Resource'] ?? []].flat().includes('*');
    if (actions.some((action) => action === '*' || action.endsWith(':*')))
      problems.push(`${path}: allows every action of a service`);
    if (isAll && !actions.every((action) => WITHOUT_RESOURCE.test(action)))
      problems.push(`${path}: allows its actions on everything`);
  }
  return problems;
}

/** Everything wrong with a template, empty where nothing is. */
export function cfnProblems(text: string): readonly string[] {
  const template = parseTemplate(text);
  return [unknownShapes, unresolved, unused, secrets, openDoors].flatMap((check) => check(template));
}

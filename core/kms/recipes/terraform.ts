import { hclMembers, hclString, hclText } from './hcl-text';
import { alarmFacts, headLines, policyOf, type RecipePlan } from './recipe-plan';

const PROVIDER = `terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.11" # key_spec and key_usage of aws_kms_external_key
    }
  }
}
`;

/** One block; values are expressions already. */
function resource(type: string, name: string, values: readonly (readonly [string, string])[], rest = ''): string {
  return `resource "${type}" "${name}" {\n${hclMembers(values, '  ')}${rest}}\n`;
}

// key_material_base64 would put the key into Terraform's state, in the clear. Without ignore_changes an apply after the import
// would undo what the import set: expiry and state.
const LIFECYCLE = `
  # The material is imported outside of Terraform: key_material_base64 would keep it in the state in the clear.
  lifecycle {
    prevent_destroy = true
    ignore_changes  = [key_material_base64, valid_to, enabled]
  }
`;

function keyResource(plan: RecipePlan): string {
  const { key } = plan;
  const policy = policyOf(plan);
  const tags = Object.fromEntries(key.tags.map(({ key: name, value }) => [name, value]));
  return resource(
    'aws_kms_external_key',
    'key',
    [
      ['description', hclString(key.description)],
      ['key_spec', hclString(key.spec)],
      ['key_usage', hclString(key.usage)],
      ['multi_region', String(key.multiRegion)],
      ['bypass_policy_lockout_safety_check', String(key.bypassPolicyLockoutSafetyCheck)],
      ['deletion_window_in_days', '30'],
      ...(policy === null ? [] : ([['policy', `jsonencode(${hclText(policy, '  ')})`]] as const)),
      ...(key.tags.length === 0 ? [] : ([['tags', hclText(tags, '  ')]] as const)),
    ],
    LIFECYCLE,
  );
}

function aliasResource(alias: string): string {
  return resource('aws_kms_alias', 'key', [
    ['name', hclString(alias)],
    ['target_key_id', 'aws_kms_external_key.key.id'],
  ]);
}

function alarmResource(alarm: NonNullable<RecipePlan['expiryAlarm']>): string {
  const facts = alarmFacts(alarm);
  return resource('aws_cloudwatch_metric_alarm', 'expiry', [
    ['alarm_name', '"key-material-expiry-${aws_kms_external_key.key.id}"'],
    ['alarm_description', hclString(facts.description)],
    ['namespace', hclString(facts.namespace)],
    ['metric_name', hclString(facts.metric)],
    ['dimensions', '{ KeyId = aws_kms_external_key.key.id }'],
    ['statistic', hclString(facts.statistic)],
    ['period', String(facts.periodSeconds)],
    ['evaluation_periods', '1'],
    ['comparison_operator', hclString(facts.comparison)],
    ['threshold', String(facts.thresholdSeconds)],
    ['treat_missing_data', hclString(facts.missingData)],
    ...(alarm.topicArn === '' ? [] : ([['alarm_actions', `[${hclString(alarm.topicArn)}]`]] as const)),
  ]);
}

/** Terraform that makes what the plan describes (provider hashicorp/aws: aws_kms_external_key since 6.11 of every importable spec). */
export function terraform(plan: RecipePlan): string {
  const parts = [
    headLines(plan)
      .map((line) => `# ${line}\n`)
      .join(''),
    PROVIDER,
    keyResource(plan),
    ...(plan.alias === null ? [] : [aliasResource(plan.alias)]),
    ...(plan.expiryAlarm === null ? [] : [alarmResource(plan.expiryAlarm)]),
  ];
  return parts.join('\n');
}

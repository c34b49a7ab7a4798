import { alarmFacts, headLines, policyOf, type RecipePlan } from './recipe-plan';
import { yamlText } from './yaml-text';

function keyResource(plan: RecipePlan): object {
  const { key } = plan;
  const policy = policyOf(plan);
  return {
    Type: 'AWS::KMS::Key',
    // A stack that is deleted must not take the key, and with it everything encrypted under it, along.
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      Description: key.description,
      Origin: 'EXTERNAL',
      KeySpec: key.spec,
      KeyUsage: key.usage,
      MultiRegion: key.multiRegion,
      ...(policy === null ? {} : { KeyPolicy: policy }),
      BypassPolicyLockoutSafetyCheck: key.bypassPolicyLockoutSafetyCheck,
      PendingWindowInDays: 30,
      ...(key.tags.length === 0 ? {} : { Tags: key.tags.map(({ key: Key, value: Value }) => ({ Key, Value })) }),
    },
  };
}

const KEY_ID = { Ref: 'Key' };

function aliasResource(alias: string): object {
  return { Type: 'AWS::KMS::Alias', Properties: { AliasName: alias, TargetKeyId: KEY_ID } };
}

function alarmResource(alarm: NonNullable<RecipePlan['expiryAlarm']>): object {
  const facts = alarmFacts(alarm);
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmDescription: facts.description,
      Namespace: facts.namespace,
      MetricName: facts.metric,
      Dimensions: [{ Name: 'KeyId', Value: KEY_ID }],
      Statistic: facts.statistic,
      Period: facts.periodSeconds,
      EvaluationPeriods: 1,
      ComparisonOperator: facts.comparison,
      Threshold: facts.thresholdSeconds,
      TreatMissingData: facts.missingData,
      ...(alarm.topicArn === '' ? {} : { AlarmActions: [alarm.topicArn] }),
    },
  };
}

/** A CloudFormation template, YAML, that makes what the plan describes (Template Reference: AWS::KMS::Key, Alias, CloudWatch::Alarm). */
export function cloudFormation(plan: RecipePlan): string {
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'KMS key for imported key material',
    Resources: {
      Key: keyResource(plan),
      ...(plan.alias === null ? {} : { Alias: aliasResource(plan.alias) }),
      ...(plan.expiryAlarm === null ? {} : { ExpiryAlarm: alarmResource(plan.expiryAlarm) }),
    },
    Outputs: { KeyArn: { Value: { 'Fn::GetAtt': ['Key', 'Arn'] } } },
  };
  return [...headLines(plan).map((line) => `# ${line}`), yamlText(template)].join('\n') + '\n';
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { cloudFormation } from '../../../../core/kms/recipes/cloud-formation';
import { hclString, hclText } from '../../../../core/kms/recipes/hcl-text';
import type { RecipePlan } from '../../../../core/kms/recipes/recipe-plan';
import { terraform } from '../../../../core/kms/recipes/terraform';
import { yamlText } from '../../../../core/kms/recipes/yaml-text';

const POLICY = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'Users',
      Effect: 'Allow',
      Principal: { AWS: ['arn:aws:iam::111122223333:role/app'] },
      Action: ['kms:Encrypt', 'kms:Decrypt'],
      Resource: '*',
      Condition: { StringEquals: { 'kms:ViaService': 's3.eu-central-1.amazonaws.com', 'aws:PrincipalTag/x': '${aws:username}' } },
    },
  ],
};

const PLAN: RecipePlan = {
  key: {
    spec: 'SYMMETRIC_DEFAULT',
    usage: 'ENCRYPT_DECRYPT',
    multiRegion: false,
    description: 'payments: "live"',
    policy: JSON.stringify(POLICY),
    bypassPolicyLockoutSafetyCheck: false,
    tags: [{ key: 'keyrite:ceremony', value: 'c-0007' }],
  },
  alias: 'alias/payments',
  expiryAlarm: { daysBefore: 30, topicArn: 'arn:aws:sns:eu-central-1:111122223333:keys' },
};

const BARE: RecipePlan = {
  key: { ...PLAN.key, spec: 'ECC_NIST_P256', usage: 'SIGN_VERIFY', multiRegion: true, policy: null, tags: [] },
  alias: null,
  expiryAlarm: null,
};

describe('a CloudFormation template', () => {
  it('makes the planned key, its alias and its alarm', () => {
    expect(parseYaml(cloudFormation(PLAN))).toEqual({
      AWSTemplateFormatVersion: '2010-09-09',
      Description: 'KMS key for imported key material',
      Resources: {
        Key: {
          Type: 'AWS::KMS::Key',
          DeletionPolicy: 'Retain',
          UpdateReplacePolicy: 'Retain',
          Properties: {
            Description: 'payments: "live"',
            Origin: 'EXTERNAL',
            KeySpec: 'SYMMETRIC_DEFAULT',
            KeyUsage: 'ENCRYPT_DECRYPT',
            MultiRegion: false,
            KeyPolicy: POLICY,
            BypassPolicyLockoutSafetyCheck: false,
            PendingWindowInDays: 30,
            Tags: [{ Key: 'keyrite:ceremony', Value: 'c-0007' }],
          },
        },
        Alias: { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/payments', TargetKeyId: { Ref: 'Key' } } },
        ExpiryAlarm: {
          Type: 'AWS::CloudWatch::Alarm',
          Properties: {
            AlarmDescription: 'Imported key material expires in 30 days or less: re-import it',
            Namespace: 'AWS/KMS',
            MetricName: 'SecondsUntilKeyMaterialExpiration',
            Dimensions: [{ Name: 'KeyId', Value: { Ref: 'Key' } }],
            Statistic: 'Minimum',
            Period: 300,
            EvaluationPeriods: 1,
            ComparisonOperator: 'LessThanOrEqualToThreshold',
            Threshold: 2_592_000,
            TreatMissingData: 'ignore',
            AlarmActions: ['arn:aws:sns:eu-central-1:111122223333:keys'],
          },
        },
      },
      Outputs: { KeyArn: { Value: { 'Fn::GetAtt': ['Key', 'Arn'] } } },
    });
  });

  it('leaves out what is not planned, and says what it cannot do', () => {
    const text = cloudFormation(BARE);
    const { Resources } = parseYaml(text) as { Resources: Record<string, { Properties: object }> };
    expect(Object.keys(Resources)).toEqual(['Key']);
    expect(Object.keys(Resources['Key']!.Properties)).toEqual([
      'Description',
      'Origin',
      'KeySpec',
      'KeyUsage',
      'MultiRegion',
      'BypassPolicyLockoutSafetyCheck',
      'PendingWindowInDays',
    ]);
    expect(text).toMatch(/^# .*nothing else\. Key material comes by GetParametersForImport and ImportKeyMaterial,\n# /);
    expect(text).toContain('# Replicas are made after the import');
    expect(cloudFormation(PLAN)).not.toContain('Replicas');
  });

  it('is read as it was meant by YAML 1.1 as well, which CloudFormation speaks', () => {
    expect(parseYaml(cloudFormation(PLAN), { version: '1.1' })).toEqual(parseYaml(cloudFormation(PLAN)));
  });
});

it('Any JSON value is the same when it is read from its YAML, 1.1 or 1.2', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const same = JSON.parse(JSON.stringify(value)) as unknown;
      expect(parseYaml(yamlText(value))).toEqual(same);
      expect(parseYaml(yamlText(value), { version: '1.1' })).toEqual(same);
    }),
    {
      examples: [
        [{ no: 'yes', '2012-10-17': '2012-10-17', 'a: b': [[], {}, [[1]], null], '': '# x', nested: [{ a: [{ b: 1 }] }] }],
      ],
    },
  );
});

describe('Terraform', () => {
  it('makes the planned key, its alias and its alarm', () => {
    expect(terraform(PLAN)).toMatchInlineSnapshot(`
      "# This makes the KMS key, its alias and the alarm, nothing else. Key material comes by GetParametersForImport and ImportKeyMaterial,
      # which no template can express: until then the key is PendingImport and cannot be used.

      terraform {
        required_providers {
          aws = {
            source  = "hashicorp/aws"
            version = ">= 6.11" # key_spec and key_usage of aws_kms_external_key
          }
        }
      }

      resource "aws_kms_external_key" "key" {
        description                        = "payments: \\"live\\""
        key_spec                           = "SYMMETRIC_DEFAULT"
        key_usage                          = "ENCRYPT_DECRYPT"
        multi_region                       = false
        bypass_policy_lockout_safety_check = false
        deletion_window_in_days            = 30
        policy = jsonencode({
          "Version" = "2012-10-17"
          "Statement" = [
            {
              "Sid"    = "Users"
              "Effect" = "Allow"
              "Principal" = {
                "AWS" = [
                  "arn:aws:iam::111122223333:role/app",
                ]
              }
              "Action" = [
                "kms:Encrypt",
                "kms:Decrypt",
              ]
              "Resource" = "*"
              "Condition" = {
                "StringEquals" = {
                  "kms:ViaService"     = "s3.eu-central-1.amazonaws.com"
                  "aws:PrincipalTag/x" = "$\${aws:username}"
                }
              }
            },
          ]
        })
        tags = {
          "keyrite:ceremony" = "c-0007"
        }

        # The material is imported outside of Terraform: key_material_base64 would keep it in the state in the clear.
        lifecycle {
          prevent_destroy = true
          ignore_changes  = [key_material_base64, valid_to, enabled]
        }
      }

      resource "aws_kms_alias" "key" {
        name          = "alias/payments"
        target_key_id = aws_kms_external_key.key.id
      }

      resource "aws_cloudwatch_metric_alarm" "expiry" {
        alarm_name          = "key-material-expiry-\${aws_kms_external_key.key.id}"
        alarm_description   = "Imported key material expires in 30 days or less: re-import it"
        namespace           = "AWS/KMS"
        metric_name         = "SecondsUntilKeyMaterialExpiration"
        dimensions          = { KeyId = aws_kms_external_key.key.id }
        statistic           = "Minimum"
        period              = 300
        evaluation_periods  = 1
        comparison_operator = "LessThanOrEqualToThreshold"
        threshold           = 2592000
        treat_missing_data  = "ignore"
        alarm_actions       = ["arn:aws:sns:eu-central-1:111122223333:keys"]
      }
      "
    `);
  });

  it('leaves out what is not planned', () => {
    const text = terraform(BARE);
    expect(text).toContain('key_spec                           = "ECC_NIST_P256"');
    expect(text.match(/^resource .*/gm)).toEqual(['resource "aws_kms_external_key" "key" {']);
    expect(text).not.toMatch(/policy +=|tags +=/);
  });

  it('brings no template in a value to life', () => {
    expect(hclString('${file("/etc/passwd")} %{ if true } $${x}')).toBe('"$${file(\\"/etc/passwd\\")} %%{ if true } $$${x}"');
    expect(hclText({ 'kms:${x}': 'a\b\f\\b' })).toBe('{\n  "kms:$${x}" = "a\\u0008\\u000c\\\\b"\n}');
  });
});

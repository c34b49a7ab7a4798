import { callOf, type KmsAct } from '../../kms/calls';
import type { CreateKeyRequest } from '../../kms/port';
import { awsCli, type InputFiles } from '../../kms/recipes/aws-cli';
import { cloudFormation } from '../../kms/recipes/cloud-formation';
import { terraform } from '../../kms/recipes/terraform';
import type { ShowBlock } from '../../keys/evidence';

/** Stands in a command for the id of a key that does not exist yet. */
export const KEY_TO_BE = 'KEY_ID';

/** An alarm rings this long before material expires, if it does. Days. */
const ALARM_DAYS = 30;

/** One act as a reviewer would type it: the same parameters, in this Region; `files` names where bytes are read from. */
export type AwsCommand = KmsAct & { readonly region: string; readonly files?: InputFiles };

/** What AWS is about to be asked for, as commands of its CLI. */
export function awsCommands(commands: readonly AwsCommand[]): ShowBlock {
  const text = commands
    .map((command) => awsCli(callOf(command), { region: command.region, profile: '', endpoint: '' }, command.files ?? {}))
    .join('\n');
  return { kind: 'code', title: 'The same with the AWS CLI', text };
}

/** The key, its alias and its alarm as templates; what no template can express is said in them. */
export function awsTemplates(key: CreateKeyRequest, alias: string): ShowBlock[] {
  const plan = { key, alias: alias === '' ? null : alias, expiryAlarm: { daysBefore: ALARM_DAYS, topicArn: '' } };
  return [
    { kind: 'code', title: 'The same as CloudFormation', text: cloudFormation(plan) },
    { kind: 'code', title: 'The same as Terraform', text: terraform(plan) },
  ];
}

import { z } from 'zod';
import { REHEARSAL_ACCOUNT, REHEARSAL_ROOT_ARN } from './identity';
import type { KeyHere } from './key-state';
import type { Call } from './operation';
import { no, yes, type Answer } from './refusal';

const some = z.union([z.string(), z.array(z.string())]);
const principalShape = z.union([z.literal('*'), z.record(z.string(), some)]);
const statementShape = z.looseObject({
  Effect: z.enum(['Allow', 'Deny']),
  Principal: principalShape.optional(),
  NotPrincipal: principalShape.optional(),
  Action: some.optional(),
  NotAction: some.optional(),
  Resource: some.optional(),
  Condition: z.record(z.string(), z.unknown()).optional(),
});
const documentShape = z.looseObject({
  Version: z.string().optional(),
  Statement: z.union([statementShape, z.array(statementShape).min(1)]),
});

type Statement = z.infer<typeof statementShape>;

const QUOTA_BYTES = 32_768;

/** The policy KMS gives a key that comes without one: everything to the account, which its IAM policies divide. */
export const DEFAULT_POLICY = JSON.stringify({
  Version: '2012-10-17',
  Id: 'key-default-1',
  Statement: [
    {
      Sid: 'Enable IAM User Permissions',
      Effect: 'Allow',
      Principal: { AWS: REHEARSAL_ROOT_ARN },
      Action: 'kms:*',
      Resource: '*',
    },
  ],
});

/**
 * May this policy become the key's? Errors: MalformedPolicyDocumentException where it is none, or where the caller could not change
 * it again (the lock-out check); LimitExceededException above 32 KiB.
 */
export function acceptPolicy(policy: string, callerArn: string, isBypassed: boolean): Answer<string> {
  if (Buffer.byteLength(policy) > QUOTA_BYTES) return no('LimitExceededException', 'The key policy exceeds 32768 bytes.');
  const statements = statementsOf(policy);
  if (statements === null) return no('MalformedPolicyDocumentException', 'Policy contains a statement that is not valid.');
  if (isBypassed || decide(statements, callerArn, 'kms:PutKeyPolicy') === 'allowed') return yes(policy);
  return no('MalformedPolicyDocumentException', 'The new key policy will not allow you to update the key policy in the future.');
}

/** Errors: AccessDeniedException where policies are enforced and the key's does not let the caller do this. */
export function authorize(call: Call, { here, arn }: KeyHere): Answer<null> {
  if (!call.isPolicyEnforced) return yes(null);
  const verdict = decide(statementsOf(here.policy) ?? [], call.callerArn, `kms:${call.operation}`);
  if (verdict === 'allowed') return yes(null);
  const because =
    verdict === 'denied'
      ? 'with an explicit deny in a resource-based policy'
      : `because no resource-based policy allows the kms:${call.operation} action`;
  return no(
    'AccessDeniedException',
    `User: ${call.callerArn} is not authorized to perform: kms:${call.operation} on resource: ${arn} ${because}`,
  );
}

function statementsOf(policy: string): readonly Statement[] | null {
  try {
    const read = documentShape.safeParse(JSON.parse(policy));
    return read.success ? [read.data.Statement].flat() : null;
  } catch {
    return null; // not JSON
  }
}

/**
 * Principal and action decide. The caller counts as an administrator in IAM, so that a statement for the account lets it in. A
 * condition is taken as fulfilled where it would allow and as not fulfilled where it would deny.
 */
function decide(statements: readonly Statement[], callerArn: string, action: string): 'allowed' | 'denied' | 'silent' {
  const fitting = statements.filter((statement) => isFor(statement, callerArn) && isAbout(statement, action));
  if (fitting.some(({ Effect, Condition }) => Effect === 'Deny' && Condition === undefined)) return 'denied';
  return fitting.some(({ Effect }) => Effect === 'Allow') ? 'allowed' : 'silent';
}

function isFor({ Principal, NotPrincipal }: Statement, callerArn: string): boolean {
  if (Principal !== undefined) return names(Principal, callerArn);
  return NotPrincipal !== undefined && !names(NotPrincipal, callerArn);
}

function names(principal: z.infer<typeof principalShape>, callerArn: string): boolean {
  if (principal === '*') return true;
  const accepted = ['*', callerArn, REHEARSAL_ROOT_ARN, REHEARSAL_ACCOUNT];
  return [principal['AWS'] ?? []].flat().some((name) => accepted.includes(name));
}

/** A statement without Resource has no effect (a key policy's Resource is always the key). */
function isAbout({ Action, NotAction, Resource }: Statement, action: string): boolean {
  if (Resource === undefined) return false;
  if (Action !== undefined) return [Action].flat().some((pattern) => fits(pattern, action));
  return NotAction !== undefined && ![NotAction].flat().some((pattern) => fits(pattern, action));
}

function fits(pattern: string, action: string): boolean {
  const expression = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 'i').test(action);
}

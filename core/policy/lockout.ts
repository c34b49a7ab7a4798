import type { Condition, KeyPolicy } from './document';
import type { Decision, Verdict } from './evaluate';
import { evaluatorFor } from './simulate';
import { accountOfPolicy, subjects, type Subject } from './subjects';

/** Somebody who could change the policy again. */
export interface Keeper {
  readonly subject: Subject;
  readonly verdict: Verdict;
  readonly statements: readonly number[];
  /** what can stop holding and would then keep them out, one sentence each; empty: only the loss of the principal itself */
  readonly fragile: readonly string[];
}

export interface Lockout {
  /** could the caller put a policy again, as KMS asks before it takes one? null when no caller was named */
  readonly caller: Verdict | null;
  readonly keepers: readonly Keeper[];
  /** named principals that one statement lets put policies and another forbids it, e.g. a Deny that meets break-glass */
  readonly denied: readonly { readonly subject: Subject; readonly statements: readonly number[] }[];
}

const PUT = 'kms:PutKeyPolicy';

/** Conditions that hold today and not tomorrow, by key: KMS's own check sees none of them. */
const FRAGILE: readonly (readonly [key: RegExp, sentence: string])[] = [
  [/^aws:multifactorauth/i, 'needs a session with MFA: a lost device or a role that is assumed without it keeps them out'],
  [/^aws:(currenttime|epochtime|tokenissuetime)$/i, 'hangs on the time: when it has run out nobody comes in'],
  [/^aws:(sourceip|vpcsourceip)$/i, 'hangs on the address calls come from: a changed network keeps them out'],
  [/^aws:(sourcevpce?|sourcevpcarn)$/i, 'hangs on a VPC or its endpoint: when it is deleted nobody comes in'],
  [/^aws:principaltag\//i, 'hangs on a tag of the principal, which others may change'],
  [/^aws:resourcetag\//i, 'hangs on a tag of the key, which others may change'],
  [/^aws:principalorg/i, 'hangs on the organization: when the account leaves it nobody comes in'],
  [/^kms:viaservice$/i, 'holds only for calls that an AWS service makes'],
];

function fragility(conditions: readonly Condition[]): readonly string[] {
  const sentences = conditions.flatMap(({ key }) =>
    FRAGILE.filter(([pattern]) => pattern.test(key)).map(([, text]) => `${key} ${text}`),
  );
  return [...new Set(sentences)];
}

/** A way in is as fragile as its Allow statement, and as every Deny that may match. */
function fragileWays(policy: KeyPolicy, { statements }: Decision): readonly string[] {
  const of = (effect: 'Allow' | 'Deny') =>
    statements.flatMap((index) => policy.statements[index] ?? []).filter((statement) => statement.effect === effect);
  const allows = of('Allow').map(({ conditions }) => fragility(conditions));
  const isFirm = allows.some((sentences) => sentences.length === 0);
  return [...(isFirm ? [] : allows.flat()), ...of('Deny').flatMap(({ conditions }) => fragility(conditions))];
}

/** The policy as it would be if no Deny were there. */
function withoutDenials(policy: KeyPolicy): KeyPolicy {
  return { ...policy, statements: policy.statements.filter(({ effect }) => effect === 'Allow') };
}

/**
 * Who could put a policy again once this one is in force (KMS's lock-out safety check asks that of the caller alone, and does not
 * look at what can stop holding).
 */
export function checkLockout(policy: KeyPolicy, callerArn: string | null, keyAccount: string | null = null): Lockout {
  const account = keyAccount ?? accountOfPolicy(policy, callerArn);
  const people = subjects(policy, account, callerArn).filter(
    ({ kind }) => kind === 'named' || kind === 'caller' || kind === 'account',
  );
  const asked = people.map((subject) => ({ subject, decision: evaluatorFor(policy, account, subject.arn).decide(PUT) }));
  const allows = withoutDenials(policy);
  const isTakenAway = ({ arn }: Subject) => evaluatorFor(allows, account, arn).decide(PUT).verdict !== 'no';
  const lets = ({ verdict }: Decision) => verdict === 'allow' || verdict === 'conditional' || verdict === 'iam';
  return {
    caller: callerArn === null ? null : evaluatorFor(policy, account, callerArn).decide(PUT).verdict,
    keepers: asked
      .filter(({ decision }) => lets(decision))
      .map(({ subject, decision }) => ({
        subject,
        verdict: decision.verdict,
        statements: decision.statements,
        fragile: fragileWays(policy, decision),
      })),
    denied: asked
      .filter(({ subject, decision }) => decision.verdict === 'deny' && subject.kind !== 'account' && isTakenAway(subject))
      .map(({ subject, decision }) => ({ subject, statements: decision.statements })),
  };
}

import { readPrincipal } from '../principal';
import type { LintSubject, Rule } from './rule';

function hasRoot({ policy, account }: LintSubject): boolean {
  return policy.statements.some(
    ({ effect, principal }) =>
      effect === 'Allow' &&
      (principal ?? []).some((entry) => {
        const reading = readPrincipal(entry);
        return reading.ok && reading.principal.kind === 'account' && (account === '' || reading.principal.account === account);
      }),
  );
}

/** Keepers without the caller's own row, which repeats what the account's or a named row says. */
function keepersOf({ lockout }: LintSubject) {
  return lockout.keepers.filter(({ subject }) => subject.kind !== 'caller');
}

export const lockoutRules: readonly Rule[] = [
  {
    id: 'KP-LOCKOUT',
    severity: 'error',
    title: 'somebody can put another policy',
    why: 'A key whose policy nobody can change stays as it is until AWS Support steps in. Its data is at the mercy of this text.',
    remedy: 'Allow kms:PutKeyPolicy to administrators, and to the account for a break-glass role.',
    find: ({ lockout }) =>
      lockout.keepers.length === 0 ? [{ at: ['Statement'], says: 'No principal is left who can call PutKeyPolicy.' }] : [],
  },
  {
    id: 'KP-CALLER-LOCKED-OUT',
    severity: 'error',
    title: 'who puts the policy can put another',
    why: 'KMS refuses a policy that locks its caller out (MalformedPolicyDocumentException) unless told not to check.',
    remedy: 'Have it put by one of its administrators, or keep the caller among them.',
    find: ({ lockout, callerArn }) =>
      lockout.caller === 'no' || lockout.caller === 'deny'
        ? [{ at: ['Statement'], says: `${callerArn ?? ''} could not call PutKeyPolicy afterwards.` }]
        : [],
  },
  {
    id: 'KP-SINGLE-ADMIN',
    severity: 'warning',
    title: 'more than one principal can put another policy',
    why: 'When it is deleted, even by mistake and made anew under the same name, the key can be administered by nobody.',
    remedy: 'Name a second administrator, or delegate PutKeyPolicy to the account for a break-glass role.',
    find: (subject) => {
      const [only, ...others] = keepersOf(subject);
      if (only === undefined || others.length > 0 || only.subject.kind === 'account') return [];
      return [
        { at: ['Statement', only.statements[0] ?? 0], says: `${only.subject.name} is the only one who can change this policy.` },
      ];
    },
  },
  {
    id: 'KP-FRAGILE-ADMIN',
    severity: 'warning',
    title: 'a way to put another policy does not hang on what can stop holding',
    why: 'KMS checks for lock-out once, now. A condition on MFA, time, network, tag or organization that stops holding locks everybody out later.',
    remedy: 'Let one administrator, or break-glass, come in without such a condition.',
    find: (subject) => {
      const keepers = keepersOf(subject);
      if (keepers.length === 0 || keepers.some(({ fragile }) => fragile.length === 0)) return [];
      return keepers.map(({ statements, fragile, subject: { name } }) => ({
        at: ['Statement', statements[0] ?? 0],
        says: `${name}: ${fragile.join('; ')}.`,
      }));
    },
  },
  {
    id: 'KP-DENIED-ADMIN',
    severity: 'warning',
    title: 'no Deny takes back what an administrator or break-glass was allowed',
    why: 'Deny wins. The way in that somebody counts on in an emergency is shut, and KMS’s own check does not see it.',
    remedy: 'Take them out of the Deny, or out of the Allow.',
    find: ({ lockout }) =>
      lockout.denied.map(({ subject, statements }) => ({
        at: ['Statement', statements[0] ?? 0],
        says: `${subject.name} is allowed PutKeyPolicy elsewhere and refused it here.`,
      })),
  },
  {
    id: 'KP-NO-ROOT',
    severity: 'warning',
    title: 'the account itself is in the policy',
    why: 'Without a statement for the account’s root no IAM policy can give anything on this key, not even the sight of it, and a deleted administrator cannot be replaced.',
    remedy: 'Add a statement for arn:aws:iam::ACCOUNT:root with what shows the key and, for break-glass, PutKeyPolicy.',
    find: (subject) => (hasRoot(subject) ? [] : [{ at: ['Statement'], says: 'No statement allows the account anything.' }]),
  },
];

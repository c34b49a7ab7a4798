import { nearest } from '../../contract/nearest';
import { ALL_KEY_ACTIONS, expand, IAM_ONLY_ACTIONS, KEY_ACTIONS, matchesAction } from '../actions';
import type { Statement } from '../document';
import { readPrincipal } from '../principal';
import { perStatement, type Rule, type Spot } from './rule';

const isWild = (pattern: string) => /[*?]/.test(pattern);
const SEEING: ReadonlySet<string> = new Set(KEY_ACTIONS.see.map((name) => `kms:${name}`));

function actionSpots(statement: Statement, at: Spot['at'], says: (pattern: string) => string | null): readonly Spot[] {
  const [name, list] = statement.action ? ['Action', statement.action] : ['NotAction', statement.notAction ?? []];
  return list.flatMap((pattern, i) => {
    const sentence = says(pattern);
    return sentence === null ? [] : [{ at: [...at, name, i], says: sentence }];
  });
}

const isIamOnly = (pattern: string) =>
  expand(pattern).length === 0 && IAM_ONLY_ACTIONS.some((name) => matchesAction(pattern, `kms:${name}`));

/** People, roles, accounts: everybody who is no AWS service. */
function hasHumans({ principal }: Statement): boolean {
  return (principal ?? []).some((entry) => {
    const reading = readPrincipal(entry);
    return reading.ok && reading.principal.kind !== 'service';
  });
}

/** `A, B, C, D, E and 40 more`: the first of some actions, those that only show the key last. */
function firstOf(actions: readonly string[]): string {
  const telling = actions.filter((action) => !SEEING.has(action));
  const shown = telling.slice(0, 5).map((action) => action.replace('kms:', ''));
  const more = actions.length - shown.length;
  return `${shown.join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
}

function broad(pattern: string): string | null {
  const covered = expand(pattern);
  if (!isWild(pattern) || covered.length === 0) return null;
  const among = covered.some((action) => !SEEING.has(action)) ? `, among them ${firstOf(covered)}` : '';
  return `${pattern} is ${covered.length === 1 ? '1 action' : `${covered.length} actions`}${among}.`;
}

function unknown(pattern: string): string | null {
  if (expand(pattern).length > 0 || isIamOnly(pattern)) return null;
  const meant = nearest(
    pattern,
    [...ALL_KEY_ACTIONS, ...IAM_ONLY_ACTIONS].map((name) => `kms:${name}`),
  );
  return `No action of KMS is "${pattern}".${meant === null ? '' : ` Is "${meant}" meant?`}`;
}

function delegates({ effect, principal, conditions }: Statement, account: string): boolean {
  const named = conditions.some(({ key }) => key.toLowerCase() === 'aws:principalarn');
  const isAccount = (principal ?? []).some((entry) => {
    const reading = readPrincipal(entry);
    return reading.ok && reading.principal.kind === 'account' && reading.principal.account === account;
  });
  return effect === 'Allow' && isAccount && !named;
}

const POWERS: ReadonlySet<string> = new Set(
  [...KEY_ACTIONS.use, ...KEY_ACTIONS.grant, ...KEY_ACTIONS.fetch, ...KEY_ACTIONS.import, ...KEY_ACTIONS.withdraw].map(
    (name) => `kms:${name}`,
  ),
);

/** A wildcard delegates what it covers. */
function delegated(pattern: string): string | null {
  const powers = expand(pattern).filter((action) => POWERS.has(action));
  if (powers.length === 0) return null;
  return `Leaves ${pattern}${isWild(pattern) ? `, with ${firstOf(powers)},` : ''} to IAM policies of the account.`;
}

export const actionRules: readonly Rule[] = [
  {
    id: 'KP-WILDCARD',
    severity: 'warning',
    title: 'no wildcards in what people may do',
    why: 'kms:Get* fetches import parameters, kms:Delete* takes material out, kms:Create* grants; and what AWS adds later comes with it.',
    remedy: 'List the actions.',
    find: ({ policy }) =>
      perStatement(policy, (statement, at) =>
        statement.effect === 'Allow' && hasHumans(statement) ? actionSpots(statement, at, broad) : [],
      ),
  },
  {
    id: 'KP-UNKNOWN-ACTION',
    severity: 'warning',
    title: 'every action exists',
    why: 'KMS takes an action that does not exist and never applies it: a misspelt Deny denies nothing.',
    remedy: 'Correct the name. If it is newer than this version of Keyrite, have it confirmed in the AWS documentation.',
    find: ({ policy }) => perStatement(policy, (statement, at) => actionSpots(statement, at, unknown)),
  },
  {
    id: 'KP-IAM-ONLY-ACTION',
    severity: 'warning',
    title: 'no actions that work in IAM policies only',
    why: 'They are not about one key. In a key policy they have no effect, and who reads it believes otherwise.',
    remedy: 'Remove it here and write it in an IAM policy.',
    find: ({ policy }) =>
      perStatement(policy, (statement, at) =>
        actionSpots(statement, at, (pattern) =>
          // A Deny of RetireGrant does hold: it is the one way to keep a grantee from retiring.
          isIamOnly(pattern) && !(statement.effect === 'Deny' && /retiregrant/i.test(pattern))
            ? `${pattern} has no effect in a key policy.`
            : null,
        ),
      ),
  },
  {
    id: 'KP-DELEGATED-USE',
    severity: 'warning',
    title: 'the account is not delegated the use of the key',
    why: 'Whoever can write IAM policies of the account can then give the key to anybody, themselves included, and this policy never shows it.',
    remedy:
      'Name the users of the key; delegate to the account only what shows the key and, with aws:PrincipalArn, what repairs the policy.',
    find: ({ policy, account }) =>
      perStatement(policy, (statement, at) => (delegates(statement, account) ? actionSpots(statement, at, delegated) : [])),
  },
];

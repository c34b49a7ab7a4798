import { operatorName, type Condition, type Statement } from '../document';
import { readPrincipal } from '../principal';
import { asksForKey, entriesOf, isEveryone, perStatement, type Rule, type Spot } from './rule';

const POSITIVE = ['StringEquals', 'StringEqualsIgnoreCase', 'StringLike', 'ArnEquals', 'ArnLike'];

/** Values that narrow "everybody" down to known accounts; a wildcard in their place narrows nothing. */
const RESTRICTING: Readonly<Record<string, RegExp>> = {
  'kms:calleraccount': /^\d{12}$/,
  'aws:principalaccount': /^\d{12}$/,
  'aws:principalorgid': /^o-[a-z0-9]{10,32}$/,
  'aws:principalorgpaths': /^o-[a-z0-9]{10,32}\//,
  'aws:principalarn': /^arn:[a-z-]+:(?:iam|sts)::\d{12}:/,
};

/** Does a condition say whose principals are meant, in a way that also asks for the key to be there? */
function restricts(statement: Statement, { set, operator, ifExists, key, values }: Condition): boolean {
  const wanted = RESTRICTING[key.toLowerCase()];
  if (wanted === undefined || !POSITIVE.includes(operator) || ifExists) return false;
  return values.every((value) => wanted.test(value)) && (set !== 'ForAllValues' || asksForKey(statement, key));
}

function isOpen(statement: Statement): boolean {
  const isForAll = statement.effect === 'Allow' && statement.principal?.some(isEveryone) === true;
  return isForAll && !statement.conditions.some((condition) => restricts(statement, condition));
}

function everyoneSpots(statement: Statement, at: Spot['at'], says: string): readonly Spot[] {
  return entriesOf(statement, at)
    .filter(isEveryone)
    .slice(0, 1)
    .map((entry) => ({ at: entry.at, says }));
}

const hasViaService = ({ conditions }: Statement) => conditions.some(({ key }) => key.toLowerCase() === 'kms:viaservice');

/** Entries of Principal and NotPrincipal that name nobody. */
function flawedEntries(statement: Statement, at: Spot['at'], isGroup: boolean): readonly Spot[] {
  return entriesOf(statement, at).flatMap((entry) => {
    const reading = readPrincipal({ kind: entry.kind as 'AWS', value: entry.value });
    return reading.ok || (reading.flaw === 'group') !== isGroup ? [] : [{ at: entry.at, says: reading.problem }];
  });
}

const ACCOUNT_KEYS = ['kms:calleraccount', 'aws:principalaccount'];

/** Principals of other accounts, and other accounts that "everybody" is narrowed down to. */
function otherAccounts(statement: Statement, at: Spot['at'], account: string): readonly Spot[] {
  const named = entriesOf(statement, at).flatMap((entry) => {
    const reading = readPrincipal({ kind: entry.kind as 'AWS', value: entry.value });
    const other = reading.ok && 'account' in reading.principal ? reading.principal.account : account;
    return other === account ? [] : [{ at: entry.at, says: `${entry.value} is of account ${other}, the key of ${account}.` }];
  });
  const narrowed = statement.conditions.filter(
    ({ key, operator }) => ACCOUNT_KEYS.includes(key.toLowerCase()) && POSITIVE.includes(operator),
  );
  return [
    ...named,
    ...narrowed.flatMap((condition) =>
      condition.values
        .filter((value) => /^\d{12}$/.test(value) && value !== account)
        .map((value) => ({
          at: [...at, 'Condition', operatorName(condition), condition.key],
          says: `Lets in account ${value}, the key is of ${account}.`,
        })),
    ),
  ];
}

export const principalRules: readonly Rule[] = [
  {
    id: 'KP-EVERYONE',
    severity: 'error',
    title: 'no Allow for everybody without an account or organization',
    why: '"*" is every identity of every AWS account. Each of them can use the key whose own account lets it; this account is not asked.',
    remedy: 'Name the principals, or add StringEquals kms:CallerAccount (or aws:PrincipalOrgID) with your own.',
    find: ({ policy }) =>
      perStatement(policy, (statement, at) =>
        isOpen(statement) && !hasViaService(statement) ? everyoneSpots(statement, at, 'Allows everybody, in any account.') : [],
      ),
  },
  {
    id: 'KP-VIA-SERVICE',
    severity: 'error',
    title: 'kms:ViaService is not the only restriction of "*"',
    why: 'kms:ViaService says through which service a call comes, not whose call it is: anybody of any account can use that service.',
    remedy: 'Add StringEquals kms:CallerAccount with the account that is meant.',
    find: ({ policy }) =>
      perStatement(policy, (statement, at) =>
        isOpen(statement) && hasViaService(statement)
          ? everyoneSpots(statement, at, 'Allows everybody, in any account, who comes through the service.')
          : [],
      ),
  },
  {
    id: 'KP-NOT-PRINCIPAL',
    severity: 'error',
    title: 'no NotPrincipal with Allow',
    why: 'It allows everybody in the world who is not listed, anonymous callers and other accounts included.',
    remedy: 'Name under Principal who is meant.',
    find: ({ policy }) =>
      perStatement(policy, ({ effect, notPrincipal }, at) =>
        effect === 'Allow' && notPrincipal
          ? [{ at: [...at, 'NotPrincipal'], says: 'Allows everybody who is not listed here.' }]
          : [],
      ),
  },
  {
    id: 'KP-NOT-PRINCIPAL-DENY',
    severity: 'warning',
    title: 'no NotPrincipal with Deny',
    why: 'A role is spared only if its account and each of its sessions are listed too; who is forgotten is locked out, and AWS advises against it.',
    remedy: 'Deny Principal "*" with the condition ArnNotEquals aws:PrincipalArn instead.',
    find: ({ policy }) =>
      perStatement(policy, ({ effect, notPrincipal }, at) =>
        effect === 'Deny' && notPrincipal
          ? [{ at: [...at, 'NotPrincipal'], says: 'Denies everybody who is not listed here.' }]
          : [],
      ),
  },
  {
    id: 'KP-GROUP',
    severity: 'error',
    title: 'no IAM group as a principal',
    why: 'A group is a way to attach policies to users and cannot be a principal in any policy; KMS refuses it.',
    remedy: 'Name the users, or better a role that they assume.',
    find: ({ policy }) => perStatement(policy, (statement, at) => flawedEntries(statement, at, true)),
  },
  {
    id: 'KP-PRINCIPAL',
    severity: 'error',
    title: 'every principal is one that can exist',
    why: 'KMS refuses a policy with a principal that does not exist, and a deleted one (it shows as AIDA... or AROA...) never comes back.',
    remedy: 'Write the ARN of a user, a role or an account’s root, or the name of a service.',
    find: ({ policy }) => perStatement(policy, (statement, at) => flawedEntries(statement, at, false)),
  },
  {
    id: 'KP-OTHER-ACCOUNT',
    severity: 'warning',
    title: 'no principals of other accounts',
    why: 'Whoever rules the other account decides who there uses the key, without asking here.',
    remedy: 'Keep it only if the other account is meant and its owner is known; name roles, not the account.',
    find: ({ policy, account }) =>
      account === ''
        ? []
        : perStatement(policy, (statement, at) => (statement.effect === 'Deny' ? [] : otherAccounts(statement, at, account))),
  },
];

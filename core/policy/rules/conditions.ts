import { nearest } from '../../contract/nearest';
import { expand, KEY_ACTIONS, matchesAction } from '../actions';
import { comesWith, CONDITION_KEYS, conditionKey, isMultivalued } from '../condition-keys';
import { operatorName, type Condition, type Path, type Statement } from '../document';
import { asksForKey, perStatement, type Rule, type Spot } from './rule';

function conditionSpots(statement: Statement, at: Path, says: (condition: Condition) => string | null): readonly Spot[] {
  return statement.conditions.flatMap((condition) => {
    const sentence = says(condition);
    return sentence === null ? [] : [{ at: [...at, 'Condition', operatorName(condition), condition.key], says: sentence }];
  });
}

function setOnSingle({ set, key }: Condition): string | null {
  return set !== null && isMultivalued(key) === false ? `${set} stands before ${key}, of which a request has one value.` : null;
}

function emptySet(statement: Statement, condition: Condition): string | null {
  if (statement.effect === 'Deny' || condition.set !== 'ForAllValues' || isMultivalued(condition.key) === false) return null;
  return asksForKey(statement, condition.key) ? null : `A request without ${condition.key} passes.`;
}

function unknownKey({ key }: Condition): string | null {
  if (!/^kms:/i.test(key) || conditionKey(key) !== null) return null;
  const meant = nearest(key, Object.keys(CONDITION_KEYS));
  return `KMS knows no condition key "${key}".${meant === null ? '' : ` Is "${meant}" meant?`}`;
}

function neverComes(statement: Statement, { key, operator, ifExists }: Condition): string | null {
  if (conditionKey(key) === null || ifExists || operator === 'Null') return null;
  if (conditionKey(key)?.actions === 'iam') return `${key} works in IAM policies only.`;
  const without = (statement.action ?? []).filter((pattern) => {
    const covered = expand(pattern);
    return covered.length > 0 && !covered.some((action) => comesWith(key, action));
  });
  return without.length === 0 ? null : `${key} never comes with ${without.join(', ')}.`;
}

const PLACES = ['aws:sourceip', 'aws:vpcsourceip', 'aws:sourcevpc', 'aws:sourcevpce', 'aws:sourcevpcarn'];
const SERVICE_AWARE = [
  'aws:viaawsservice',
  'aws:principalisawsservice',
  'aws:calledvia',
  'aws:calledviafirst',
  'aws:calledvialast',
];

function breaksServices(statement: Statement, { key }: Condition): string | null {
  if (!PLACES.includes(key.toLowerCase())) return null;
  if (statement.conditions.some((other) => SERVICE_AWARE.includes(other.key.toLowerCase()))) return null;
  const isUse = (statement.action ?? []).some((pattern) => KEY_ACTIONS.use.some((name) => matchesAction(pattern, `kms:${name}`)));
  return isUse ? `${key} is not yours when an AWS service makes the call.` : null;
}

export const conditionRules: readonly Rule[] = [
  {
    id: 'KP-SET-OPERATOR',
    severity: 'warning',
    title: 'set operators only on keys with several values',
    why: 'On a key with one value ForAllValues lets pass whoever does not send it, and ForAnyValue says nothing more than the operator alone.',
    remedy: 'Remove ForAllValues: or ForAnyValue:.',
    find: ({ policy }) => perStatement(policy, (statement, at) => conditionSpots(statement, at, setOnSingle)),
  },
  {
    id: 'KP-FOR-ALL-VALUES',
    severity: 'warning',
    title: 'ForAllValues in an Allow comes with a Null check',
    why: 'ForAllValues holds for a request that does not carry the key at all: leaving it out is the way around.',
    remedy: 'Add "Null": { the same key: "false" }.',
    find: ({ policy }) =>
      perStatement(policy, (statement, at) => conditionSpots(statement, at, (condition) => emptySet(statement, condition))),
  },
  {
    id: 'KP-UNKNOWN-KEY',
    severity: 'warning',
    title: 'every kms: condition key exists',
    why: 'KMS takes a key it does not know. The condition then never holds, or with a negated operator always.',
    remedy: 'Correct the name. If it is newer than this version of Keyrite, have it confirmed in the AWS documentation.',
    find: ({ policy }) => perStatement(policy, (statement, at) => conditionSpots(statement, at, unknownKey)),
  },
  {
    id: 'KP-KEY-NOT-CARRIED',
    severity: 'warning',
    title: 'condition keys come with the actions of their statement',
    why: 'Where a request does not carry the key the condition fails, so an Allow never matches and a Deny never denies (a negated one always does).',
    remedy: 'Give the actions the key belongs to a statement of their own.',
    find: ({ policy }) =>
      perStatement(policy, (statement, at) => conditionSpots(statement, at, (condition) => neverComes(statement, condition))),
  },
  {
    id: 'KP-SOURCE-ADDRESS',
    severity: 'warning',
    title: 'no source address or endpoint on the use of the key',
    why: 'When S3, EBS or RDS uses the key for somebody, the call comes from AWS and not from that network: such calls fail, or the Deny hits them.',
    remedy: 'Add Bool aws:ViaAWSService "false", or use kms:ViaService for what comes through services.',
    find: ({ policy }) =>
      perStatement(policy, (statement, at) => conditionSpots(statement, at, (condition) => breaksServices(statement, condition))),
  },
];

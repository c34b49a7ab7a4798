import { REHEARSAL_ACCOUNT } from './identity';
import type { KeyHere } from './key-state';
import type { Call } from './operation';

/** Members of a request that are condition keys of the same name, with `kms:` before it. */
const SAME_NAME = [
  'WrappingAlgorithm',
  'WrappingKeySpec',
  'ExpirationModel',
  'ReplicaRegion',
  'PrimaryRegion',
  'GranteePrincipal',
  'RetiringPrincipal',
  'EncryptionAlgorithm',
  'SigningAlgorithm',
  'MacAlgorithm',
  'MessageType',
];

type Context = Readonly<Record<string, string | readonly string[]>>;

/** The condition keys of a call, as far as this KMS knows them (KMS Developer Guide, "Condition keys for AWS KMS"). */
export function policyContext(call: Call, { key, region }: KeyHere): Context {
  return {
    'kms:CallerAccount': REHEARSAL_ACCOUNT,
    'kms:KeyOrigin': key.origin,
    'kms:KeySpec': key.spec,
    'kms:KeyUsage': key.usage,
    'kms:MultiRegion': String(key.isMultiRegion),
    ...(key.isMultiRegion ? { 'kms:MultiRegionKeyType': region === key.primaryRegion ? 'PRIMARY' : 'REPLICA' } : {}),
    ...sameNames(call),
    ...otherNames(call),
    ...encryptionContext(call),
  };
}

function sameNames({ input }: Call): Context {
  const given = SAME_NAME.map((name) => ({ name, value: input[name] }));
  return Object.fromEntries(given.flatMap(({ name, value }) => (typeof value === 'string' ? [[`kms:${name}`, value]] : [])));
}

function otherNames({ input, operation }: Call): Context {
  const { ValidTo, PendingWindowInDays, Operations, KeyId, BypassPolicyLockoutSafetyCheck } = input;
  return {
    // Times in policies are Unix seconds.
    ...(typeof ValidTo === 'number' ? { 'kms:ValidTo': String(Math.floor(ValidTo / 1000)) } : {}),
    ...(typeof PendingWindowInDays === 'number'
      ? { 'kms:ScheduleKeyDeletionPendingWindowInDays': String(PendingWindowInDays) }
      : {}),
    ...(Array.isArray(Operations) ? { 'kms:GrantOperations': Operations.map(String) } : {}),
    ...(typeof KeyId === 'string' && KeyId.startsWith('alias/') ? { 'kms:RequestAlias': KeyId } : {}),
    ...(operation === 'PutKeyPolicy'
      ? { 'kms:BypassPolicyLockoutSafetyCheck': String(BypassPolicyLockoutSafetyCheck === true) }
      : {}),
  };
}

function encryptionContext({ input }: Call): Context {
  const context = input['EncryptionContext'];
  if (typeof context !== 'object' || context === null) return {};
  const pairs = Object.entries(context);
  return {
    'kms:EncryptionContextKeys': pairs.map(([name]) => name),
    ...Object.fromEntries(pairs.map(([name, value]) => [`kms:EncryptionContext:${name}`, String(value)])),
  };
}

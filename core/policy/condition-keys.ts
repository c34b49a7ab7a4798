import { KEY_ACTIONS } from './actions';

/** A condition key of KMS: whether a request carries several values of it, and with which actions it comes at all. */
export interface ConditionKey {
  readonly multivalued: boolean;
  /** action names without `kms:`; `key`: every action on a key; `iam`: no action of a key policy */
  readonly actions: 'key' | 'iam' | readonly string[];
}

const SYMMETRIC_AND_RSA = [
  'Decrypt',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
  'GenerateDataKeyWithoutPlaintext',
  'ReEncryptFrom',
  'ReEncryptTo',
];
const ALIASED = [...KEY_ACTIONS.use, 'DescribeKey', 'GetPublicKey'];
const ATTESTED = ['Decapsulate', 'Decrypt', 'DeriveSharedSecret', 'GenerateDataKey', 'GenerateDataKeyPair'];
const single = (actions: ConditionKey['actions']): ConditionKey => ({ multivalued: false, actions });
const multi = (actions: ConditionKey['actions']): ConditionKey => ({ multivalued: true, actions });

/** Condition keys of KMS (developer guide, "AWS KMS condition keys"; service authorization reference of `kms`). */
export const CONDITION_KEYS: Readonly<Record<string, ConditionKey>> = {
  'kms:BypassPolicyLockoutSafetyCheck': single(['PutKeyPolicy']),
  'kms:CallerAccount': single('key'),
  'kms:DataKeyPairSpec': single(['GenerateDataKeyPair', 'GenerateDataKeyPairWithoutPlaintext']),
  'kms:EncryptionAlgorithm': single(SYMMETRIC_AND_RSA),
  'kms:EncryptionContextKeys': multi([...SYMMETRIC_AND_RSA, 'CreateGrant']),
  'kms:ExpirationModel': single(['ImportKeyMaterial']),
  'kms:GrantConstraintSourceArn': single(['CreateGrant']),
  'kms:GrantConstraintType': single(['CreateGrant']),
  'kms:GrantIsForAWSResource': single(['CreateGrant', 'ListGrants', 'RevokeGrant']),
  'kms:GrantOperations': multi(['CreateGrant']),
  'kms:GranteePrincipal': single(['CreateGrant']),
  'kms:GranteeServicePrincipal': single(['CreateGrant']),
  'kms:KeyAgreementAlgorithm': single(['DeriveSharedSecret']),
  'kms:KeyOrigin': single('key'),
  'kms:KeySpec': single('key'),
  'kms:KeyUsage': single('key'),
  'kms:MacAlgorithm': single(['GenerateMac', 'VerifyMac']),
  'kms:MessageType': single(['Sign', 'Verify']),
  'kms:MultiRegion': single('key'),
  'kms:MultiRegionKeyType': single('key'),
  'kms:PrimaryRegion': single(['UpdatePrimaryRegion']),
  'kms:ReEncryptOnSameKey': single(['ReEncryptFrom', 'ReEncryptTo']),
  'kms:ReplicaRegion': single(['ReplicateKey']),
  'kms:RequestAlias': single(ALIASED),
  'kms:ResourceAliases': multi('iam'),
  'kms:RetiringPrincipal': single(['CreateGrant']),
  'kms:RetiringServicePrincipal': single(['CreateGrant']),
  'kms:RotationPeriodInDays': single(['EnableKeyRotation']),
  'kms:ScheduleKeyDeletionPendingWindowInDays': single(['ScheduleKeyDeletion']),
  'kms:SigningAlgorithm': single(['Sign', 'Verify']),
  'kms:TrailingDaysWithoutKeyUsage': single(['DisableKey', 'ScheduleKeyDeletion']),
  'kms:ValidTo': single(['ImportKeyMaterial']),
  'kms:ViaService': single('key'),
  'kms:WrappingAlgorithm': single(['GetParametersForImport']),
  'kms:WrappingKeySpec': single(['GetParametersForImport']),
};

/** Keys that go on after a colon or slash with a name of the caller's own. */
const FAMILIES: readonly (readonly [prefix: string, key: ConditionKey])[] = [
  ['kms:EncryptionContext:', single([...SYMMETRIC_AND_RSA, 'CreateGrant'])],
  ['kms:RecipientAttestation:', single(ATTESTED)],
];

/** Keys of AWS as a whole that carry several values. */
const MULTIVALUED_GLOBAL: ReadonlySet<string> = new Set([
  'aws:calledvia',
  'aws:principalorgpaths',
  'aws:principalservicenameslist',
  'aws:sourceorgpaths',
  'aws:tagkeys',
]);

const BY_LOWER_CASE = new Map(Object.entries(CONDITION_KEYS).map(([name, key]) => [name.toLowerCase(), key]));

/** What is known of a condition key of KMS; null when none is. Letter case means nothing, as in the policy language. */
export function conditionKey(name: string): ConditionKey | null {
  const lower = name.toLowerCase();
  const family = FAMILIES.find(([prefix]) => lower.startsWith(prefix.toLowerCase()) && lower.length > prefix.length);
  return BY_LOWER_CASE.get(lower) ?? family?.[1] ?? null;
}

/** Does a request carry several values of this key? null: nobody knows. */
export function isMultivalued(name: string): boolean | null {
  const known = conditionKey(name);
  if (known !== null) return known.multivalued;
  const lower = name.toLowerCase();
  return lower.startsWith('aws:') ? MULTIVALUED_GLOBAL.has(lower) : null;
}

/** Does a request for `action` (`kms:Name`) carry the key? Keys that are not of KMS are taken to come with every request. */
export function comesWith(name: string, action: string): boolean {
  const actions = conditionKey(name)?.actions ?? 'key';
  if (actions === 'key') return true;
  return actions !== 'iam' && actions.some((known) => `kms:${known}`.toLowerCase() === action.toLowerCase());
}

import type { GrantListEntry, KeyMetadata, RotationsListEntry } from '@aws-sdk/client-kms';
import type { OutputOf } from './operations';
import { KEY_STATES, type Expiration, type Grant, type KeyMaterial, type KeyState, type KmsKey, type LastUsage } from './port';

/** An answer of KMS without a part that the API Reference promises. */
export class Incomplete extends Error {
  override readonly name = 'Incomplete';
}

/** @throws Incomplete */
export function present<T>(value: T | null | undefined, member: string): T {
  if (value === undefined || value === null || value === '') throw new Incomplete(`${member} is missing in the answer`);
  return value;
}

export function isoOf(date: Date | undefined): string | null {
  return date === undefined || Number.isNaN(date.getTime()) ? null : date.toISOString();
}

function stateOf(state: string | undefined): KeyState {
  const known = KEY_STATES.find((one) => one === state);
  if (known === undefined) throw new Incomplete(`KeyState "${state ?? ''}" is none that Keyrite knows`);
  return known;
}

function expirationOf(model: string | undefined, validTo: Date | undefined): Expiration | null {
  if (model === 'KEY_MATERIAL_DOES_NOT_EXPIRE') return { model: 'never' };
  if (model === 'KEY_MATERIAL_EXPIRES') return { model: 'expires', validTo: present(isoOf(validTo), 'ValidTo') };
  return null;
}

function multiRegionOf({ MultiRegionConfiguration: configuration }: KeyMetadata): KmsKey['multiRegion'] {
  const type = configuration?.MultiRegionKeyType;
  if (type !== 'PRIMARY' && type !== 'REPLICA') return null;
  return {
    type,
    primaryArn: present(configuration?.PrimaryKey?.Arn, 'PrimaryKey'),
    replicaArns: (configuration?.ReplicaKeys ?? []).map(({ Arn }) => present(Arn, 'ReplicaKeys')),
  };
}

/** Keys of CloudHSM key stores have a store as well, and no external key. */
function keyStoreOf({ CustomKeyStoreId, XksKeyConfiguration }: KeyMetadata): KmsKey['keyStore'] {
  if (XksKeyConfiguration === undefined) return null;
  return {
    storeId: present(CustomKeyStoreId, 'CustomKeyStoreId'),
    xksKeyId: present(XksKeyConfiguration.Id, 'XksKeyConfiguration'),
  };
}

/** @throws Incomplete */
export function keyOf(answer: KeyMetadata | undefined): KmsKey {
  const metadata = present(answer, 'KeyMetadata');
  return {
    keyId: present(metadata.KeyId, 'KeyId'),
    arn: present(metadata.Arn, 'Arn'),
    account: present(metadata.AWSAccountId, 'AWSAccountId'),
    state: stateOf(metadata.KeyState),
    spec: metadata.KeySpec ?? '',
    usage: metadata.KeyUsage ?? '',
    origin: metadata.Origin ?? '',
    description: metadata.Description ?? '',
    createdAt: isoOf(metadata.CreationDate),
    deletionAt: isoOf(metadata.DeletionDate),
    expiration: expirationOf(metadata.ExpirationModel, metadata.ValidTo),
    currentMaterialId: metadata.CurrentKeyMaterialId ?? null,
    multiRegion: multiRegionOf(metadata),
    keyStore: keyStoreOf(metadata),
  };
}

const MATERIAL_STATES = ['CURRENT', 'NON_CURRENT', 'PENDING_ROTATION', 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION'] as const;
const IMPORT_STATES = ['IMPORTED', 'PENDING_IMPORT'] as const;
const ROTATION_TYPES = ['AUTOMATIC', 'ON_DEMAND'] as const;

/** @throws Incomplete */
export function materialOf(entry: RotationsListEntry): KeyMaterial {
  return {
    materialId: present(entry.KeyMaterialId, 'KeyMaterialId'),
    description: entry.KeyMaterialDescription ?? '',
    materialState: present(
      MATERIAL_STATES.find((state) => state === entry.KeyMaterialState),
      'KeyMaterialState',
    ),
    importState: IMPORT_STATES.find((state) => state === entry.ImportState) ?? null,
    expiration: expirationOf(entry.ExpirationModel, entry.ValidTo),
    rotatedAt: isoOf(entry.RotationDate),
    rotationType: ROTATION_TYPES.find((type) => type === entry.RotationType) ?? null,
  };
}

/** @throws Incomplete */
export function grantOf(entry: GrantListEntry): Grant {
  return {
    grantId: present(entry.GrantId, 'GrantId'),
    name: entry.Name ?? '',
    grantee: entry.GranteePrincipal ?? entry.GranteeServicePrincipal ?? '',
    retiring: entry.RetiringPrincipal ?? entry.RetiringServicePrincipal ?? '',
    operations: entry.Operations ?? [],
    createdAt: isoOf(entry.CreationDate),
  };
}

export function lastUsageOf({ KeyLastUsage: usage, TrackingStartDate }: OutputOf<'GetKeyLastUsage'>): LastUsage {
  return {
    operation: usage?.Operation ?? null,
    at: isoOf(usage?.Timestamp),
    kmsRequestId: usage?.KmsRequestId ?? null,
    trackingSince: isoOf(TrackingStartDate),
  };
}

import { algorithmsOf } from './algorithms';
import { keyArn, REHEARSAL_ACCOUNT } from './identity';
import { currentMaterial, isHeld, permanentMaterials, replicaRegions, stateOf, type KeyHere } from './key-state';

import type { Key } from './state';
import { seconds, type Output } from './wire';

/** KeyMetadata, with the members and only the members AWS gives for such a key. */
export function metadataOf(found: KeyHere, now: number): Output {
  const { key, here, region, arn } = found;
  const state = stateOf(found, now);
  return {
    AWSAccountId: REHEARSAL_ACCOUNT,
    KeyId: key.keyId,
    Arn: arn,
    CreationDate: seconds(here.createdAtMs),
    Enabled: state === 'Enabled' || state === 'Updating',
    Description: here.description,
    KeyUsage: key.usage,
    KeyState: state,
    ...deletionOf(found),
    Origin: key.origin,
    ...externalOf(key),
    ...expirationOf(found),
    KeyManager: 'CUSTOMER',
    CustomerMasterKeySpec: key.spec,
    KeySpec: key.spec,
    ...algorithmsOf(key.spec, key.usage),
    MultiRegion: key.isMultiRegion,
    ...(key.isMultiRegion ? { MultiRegionConfiguration: multiRegionOf(key, region) } : {}),
    ...materialOf(key),
  };
}

/** A date where the window runs; the window itself where the key waits for its replicas. */
function deletionOf({ here: { deletion } }: KeyHere): Output {
  if (deletion === null) return {};
  return deletion.atMs === null ? { PendingDeletionWindowInDays: deletion.days } : { DeletionDate: seconds(deletion.atMs) };
}

/** While anything is held: the earliest end among the materials the key depends on. */
function expirationOf(found: KeyHere): Output {
  const { key, here } = found;
  if (key.origin !== 'EXTERNAL') return {};
  const held = permanentMaterials(key).filter((material) => isHeld(found, material));
  if (held.length === 0) return {};
  const ends = held.map(({ id }) => here.holdings[id]?.expiresAtMs ?? null).filter((at) => at !== null);
  return ends.length === 0
    ? { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' }
    : { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: seconds(Math.min(...ends)) };
}

function externalOf({ external }: Key): Output {
  return external === null ? {} : { CustomKeyStoreId: external.storeId, XksKeyConfiguration: { Id: external.xksKeyId } };
}

/** Stays when the material is deleted; only symmetric keys tell it, and none of an external key store. */
function materialOf(key: Key): Output {
  const current = currentMaterial(key);
  return key.spec === 'SYMMETRIC_DEFAULT' && key.external === null && current ? { CurrentKeyMaterialId: current.id } : {};
}

function multiRegionOf(key: Key, region: string): Output {
  const place = (of: string): Output => ({ Arn: keyArn(of, key.keyId), Region: of });
  return {
    MultiRegionKeyType: region === key.primaryRegion ? 'PRIMARY' : 'REPLICA',
    PrimaryKey: place(key.primaryRegion),
    ReplicaKeys: replicaRegions(key).map(place),
  };
}

import type { KeyState } from '../../kms/port';
import { keyArn } from './identity';
import { no, yes, type Answer } from './refusal';
import type { StoredKeyStore } from './key-store-state';
import type { Key, Material, Regional, State } from './state';

/** A key as one Region has it. */
export interface KeyHere {
  readonly key: Key;
  readonly here: Regional;
  readonly region: string;
  readonly arn: string;
  /** the external key store it lives in; null for every other key */
  readonly store: StoredKeyStore | null;
}

export function keyIn({ keyStores }: State, key: Key, region: string): KeyHere | null {
  const here = key.regions[region];
  const store = keyStores.find(({ storeId }) => storeId === key.external?.storeId) ?? null;
  return here ? { key, here, region, arn: keyArn(region, key.keyId), store } : null;
}

/** Materials a key cannot do without; one that waits for rotation may still go. */
export function permanentMaterials(key: Key): readonly Material[] {
  return key.materials.filter(({ state }) => state !== 'PENDING_ROTATION');
}

export function currentMaterial(key: Key): Material | null {
  return key.materials.find(({ state }) => state === 'CURRENT') ?? null;
}

export function pendingMaterial(key: Key): Material | null {
  return key.materials.find(({ state }) => state === 'PENDING_ROTATION') ?? null;
}

export function isHeld({ here }: Pick<KeyHere, 'here'>, material: Material): boolean {
  return typeof here.holdings[material.id]?.bytes === 'string';
}

/** An EXTERNAL key works only while every material it ever depended on is there. */
export function isComplete(found: KeyHere): boolean {
  const permanent = permanentMaterials(found.key);
  return permanent.length > 0 && permanent.every((material) => isHeld(found, material));
}

export function replicaRegions(key: Key): readonly string[] {
  return Object.keys(key.regions).filter((region) => region !== key.primaryRegion);
}

export function stateOf(found: KeyHere, now: number): KeyState {
  const { key, here, region, store } = found;
  if (here.deletion)
    return region === key.primaryRegion && here.deletion.atMs === null ? 'PendingReplicaDeletion' : 'PendingDeletion';
  if (now < here.creatingUntilMs) return 'Creating';
  if (now < here.updatingUntilMs) return 'Updating';
  if (key.external && store?.connection.state !== 'CONNECTED') return 'Unavailable';
  if (!isComplete(found)) return 'PendingImport';
  return here.isEnabled ? 'Enabled' : 'Disabled';
}

const IN_WORDS: Readonly<Record<KeyState, string>> = {
  Creating: 'is creating',
  Enabled: 'is enabled',
  Disabled: 'is disabled',
  PendingDeletion: 'is pending deletion',
  PendingImport: 'is pending import',
  PendingReplicaDeletion: 'is pending replica deletion',
  Unavailable: 'is unavailable',
  Updating: 'is updating',
};

/** `is pending import` */
export function inWords(state: KeyState): string {
  return IN_WORDS[state];
}

/**
 * Is the key in one of `states`? Errors: KMSInvalidStateException `<arn> is pending import.`, or DisabledException where the key is
 * disabled and that is what stands in the way.
 */
export function requireState(found: KeyHere, now: number, states: readonly KeyState[]): Answer<null> {
  const state = stateOf(found, now);
  if (states.includes(state)) return yes(null);
  const text = `${found.arn} ${IN_WORDS[state]}.`;
  return state === 'Disabled' ? no('DisabledException', text) : no('KMSInvalidStateException', text);
}

/** Cryptographic use: an enabled key; one whose primary is just changing goes on working. */
export const USABLE: readonly KeyState[] = ['Enabled', 'Updating'];
/** Descriptions, tags, aliases: everything but what is being deleted. */
export const NOT_DELETED: readonly KeyState[] = ['Creating', 'Enabled', 'Disabled', 'PendingImport', 'Unavailable', 'Updating'];

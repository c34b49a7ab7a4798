import { keyArn } from './identity';
import { currentMaterial, pendingMaterial, replicaRegions } from './key-state';
import { daysMs } from './days';
import { isConnectionDue, settleConnection } from './key-store-state';
import type { Key, State } from './state';

/** Something KMS does by itself (CloudTrail: AwsServiceEvent; what it does in another Region is written as a call there). */
export interface ServiceEvent {
  readonly name: 'CreateKey' | 'DeleteExpiredKeyMaterial' | 'DeleteKey' | 'RotateKey' | 'SynchronizeMultiRegionKey';
  readonly region: string;
  readonly keyArn: string;
  readonly atMs: number;
  readonly details: Readonly<Record<string, string>>;
}

/** Has anything come due that `settle` would do? */
export function isSomethingDue(state: State, now: number): boolean {
  return (
    state.keyStores.some((store) => isConnectionDue(store, now)) ||
    Object.values(state.keys).some((key) => isRotationDue(key, now) || isKeyDue(key, now))
  );
}

function isKeyDue(key: Key, now: number): boolean {
  return Object.values(key.regions).some(
    ({ deletion, holdings }) =>
      (deletion !== null && deletion.atMs !== null && deletion.atMs <= now) ||
      Object.values(holdings).some(({ bytes, expiresAtMs }) => bytes !== null && expiresAtMs !== null && expiresAtMs <= now),
  );
}

function isRotationDue({ rotation }: Key, now: number): boolean {
  return rotation !== null && rotation.endsAtMs <= now;
}

/** Does what time brings: connects and disconnects, ends rotations, lets materials expire, deletes keys. Changes `draft`; answers what happened. */
export function settle(draft: State, now: number): readonly ServiceEvent[] {
  for (const store of draft.keyStores) settleConnection(store, now);
  return Object.values(draft.keys).flatMap((key) => [
    ...finishRotation(key, now),
    ...expireMaterials(key, now),
    ...deleteRegions(draft, key, now),
  ]);
}

function finishRotation(key: Key, now: number): readonly ServiceEvent[] {
  const { rotation } = key;
  if (rotation === null || rotation.endsAtMs > now) return [];
  const [current, next] = [currentMaterial(key), pendingMaterial(key)];
  key.rotation = null;
  if (!current || !next) return [];
  current.state = 'NON_CURRENT';
  next.state = 'CURRENT';
  next.rotatedAtMs = rotation.endsAtMs;
  key.rotations += 1;
  return Object.keys(key.regions).map((region) => ({
    name: 'RotateKey',
    region,
    keyArn: keyArn(region, key.keyId),
    atMs: rotation.endsAtMs,
    details: {
      keyId: key.keyId,
      rotationType: 'ON_DEMAND',
      keyOrigin: key.origin,
      previousKeyMaterialId: current.id,
      currentKeyMaterialId: next.id,
    },
  }));
}

function expireMaterials(key: Key, now: number): readonly ServiceEvent[] {
  const events: ServiceEvent[] = [];
  for (const [region, here] of Object.entries(key.regions))
    for (const [keyMaterialId, holding] of Object.entries(here.holdings)) {
      const { bytes, expiresAtMs } = holding;
      if (bytes === null || expiresAtMs === null || expiresAtMs > now) continue;
      holding.bytes = null;
      holding.expiresAtMs = null;
      const details = { keyId: key.keyId, keyMaterialId };
      events.push({ name: 'DeleteExpiredKeyMaterial', region, keyArn: keyArn(region, key.keyId), atMs: expiresAtMs, details });
    }
  return events;
}

/** Replicas go before their primary; with the last of them the primary's own window begins. */
function deleteRegions(draft: State, key: Key, now: number): readonly ServiceEvent[] {
  const events: ServiceEvent[] = [];
  for (const region of [...replicaRegions(key), key.primaryRegion]) {
    const atMs = key.regions[region]?.deletion?.atMs ?? null;
    if (atMs === null || atMs > now) continue;
    events.push({ name: 'DeleteKey', region, keyArn: keyArn(region, key.keyId), atMs, details: { keyId: key.keyId } });
    forget(draft, key, region);
    startPrimaryWindow(key, atMs);
  }
  return events;
}

function forget(draft: State, key: Key, region: string): void {
  draft.aliases = draft.aliases.filter((alias) => alias.keyId !== key.keyId || alias.region !== region);
  key.regions = Object.fromEntries(Object.entries(key.regions).filter(([name]) => name !== region));
  if (Object.keys(key.regions).length === 0)
    draft.keys = Object.fromEntries(Object.entries(draft.keys).filter(([keyId]) => keyId !== key.keyId));
}

function startPrimaryWindow(key: Key, now: number): void {
  const deletion = key.regions[key.primaryRegion]?.deletion;
  if (deletion && deletion.atMs === null && replicaRegions(key).length === 0) deletion.atMs = now + daysMs(deletion.days);
}

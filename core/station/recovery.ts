import { failure, success, type Result } from '../contract/result';
import type { CeremonyState } from '../ceremony/state';
import type { EventData } from '../ceremony/events';
import { expiryOf } from '../keys/expiry';
import type { Expiration, KmsKey, KmsPort } from '../kms/port';
import type { TokenPort } from '../pkcs11/port';
import { isOursByPlan } from './acts/ours-by-plan';
import type { ActContext } from './acts/act';
import { CEREMONY_TAG, kmsKeyArn, kmsPlan } from './acts/kms-plan';
import { plannedReplicas } from './acts/aws-replicate';
import { isOurStore } from './acts/store-create';
import { isOurStoreKey } from './acts/store-key';
import { storePlan } from './acts/store-plan';
import { newTokenLabel } from './acts/token-initialise';

/** How often the effect of an interrupted act is found in the world, and what goes into its result if it is adopted. */
export interface Traces {
  readonly hits: number;
  readonly found: EventData<'inspected'>['found'];
}

type Inspection = Pick<ActContext, 'state' | 'kms' | 'port' | 'packFolder'>;

/** Looks instead of guessing: at the token, or at what AWS has. One look per kind of act that must not happen twice. */
export async function inspectTraces(context: Inspection): Promise<Result<Traces>> {
  const { state } = context;
  switch (state.pending?.operation) {
    case 'token.generate':
      return onToken(context, generatedObjects);
    case 'token.destroy':
      return onToken(context, destroyedObjects);
    case 'token.initialise':
      return onToken(context, initialisedTokens);
    case 'token.setUserPin':
      return onToken(context, pinSet);
    case 'aws.createKey':
      return createdKeys(context);
    case 'aws.createStore':
      return createdStores(context);
    case 'aws.createStoreKey':
      return createdStoreKeys(context);
    case 'aws.import':
      return importedMaterial(context);
    case 'aws.replicate':
      return madeReplicas(context);
    case 'aws.rotate':
      return rotated(context);
    case 'aws.deleteMaterial':
      return inState(context, ['PendingImport']);
    case 'aws.scheduleDeletion':
      return inState(context, ['PendingDeletion', 'PendingReplicaDeletion']);
    default:
      return failure('ceremony.notNow');
  }
}

async function onToken(
  { state, port }: Inspection,
  look: (state: CeremonyState, port: TokenPort) => Promise<Result<Traces>>,
): Promise<Result<Traces>> {
  const token = await port();
  return token.ok ? look(state, token.value) : token;
}

function plannedId(state: CeremonyState): string {
  const ckaId = state.pending?.details['ckaId'];
  return typeof ckaId === 'string' ? ckaId : '';
}

/** Whole and alone is one hit; a half pair or a second object with the id is more than one: nobody can say what it is. */
async function generatedObjects(state: CeremonyState, port: TokenPort): Promise<Result<Traces>> {
  const objects = await port.find({ ckaId: plannedId(state) });
  if (!objects.ok) return objects;
  const plan = state.data['token.plan']?.['plan'] as { objects?: readonly unknown[] } | undefined;
  const planned = plan?.objects?.length ?? 1;
  const whole = objects.value.length === planned;
  return success({ hits: objects.value.length === 0 ? 0 : whole ? 1 : 2, found: { objects: objects.value.length } });
}

async function destroyedObjects(state: CeremonyState, port: TokenPort): Promise<Result<Traces>> {
  const objects = await port.find({ ckaId: plannedId(state) });
  return objects.ok ? success({ hits: objects.value.length === 0 ? 1 : 0, found: { objects: objects.value.length } }) : objects;
}

async function initialisedTokens(state: CeremonyState, port: TokenPort): Promise<Result<Traces>> {
  const { token, ceremonyId } = state.genesis.data;
  const tokens = await port.list({ modulePath: token.modulePath, profile: token.profile });
  if (!tokens.ok) return tokens;
  const label = newTokenLabel(ceremonyId);
  const ours = tokens.value.filter((one) => one.label === label);
  return success({ hits: ours.length, found: { label, serial: ours[0]?.serial ?? '' } });
}

async function pinSet(state: CeremonyState, port: TokenPort): Promise<Result<Traces>> {
  const { token } = state.genesis.data;
  const opened = await port.open({ ...token, serial: state.token.serial, label: state.token.label });
  return opened.ok
    ? success({ hits: opened.value.token.userPinSet ? 1 : 0, found: { pinState: opened.value.token.userPin } })
    : opened;
}

async function planned({ state, kms }: Inspection): Promise<Result<KmsPort>> {
  const region = state.genesis.data.inputs['awsRegion'] ?? '';
  return kms(region, 'administrator');
}

/** CreateKey has no idempotency token. The ceremony's tag finds what may be its key; what it is, and its policy, tell whether it is. */
async function createdKeys(context: Inspection): Promise<Result<Traces>> {
  const kms = await planned(context);
  if (!kms.ok) return kms;
  const keys = await kms.value.findByTag({ key: CEREMONY_TAG, value: context.state.genesis.data.ceremonyId });
  if (!keys.ok) return keys;
  const plan = kmsPlan(context.state);
  if (!plan.ok) return plan;
  const ours: KmsKey[] = [];
  for (const key of keys.value.value) {
    const isOurs = await isOursByPlan(context, kms.value, key, plan.value);
    if (!isOurs.ok) return isOurs;
    if (isOurs.value && key.state === 'PendingImport') ours.push(key);
  }
  const [first] = ours;
  const found = {
    keyId: first?.keyId ?? '',
    keyArn: first?.arn ?? '',
    state: first?.state ?? '',
    requestId: keys.value.requestId,
    tagged: keys.value.value.length,
  };
  return success({ hits: ours.length, found });
}

/** CreateCustomKeyStore has no idempotency token either; its name is unique in the account and Region. */
async function createdStores(context: Inspection): Promise<Result<Traces>> {
  const kms = await planned(context);
  if (!kms.ok) return kms;
  const name = storePlan(context.state).storeName;
  const store = await kms.value.keyStore({ name });
  if (!store.ok) return store;
  const found = store.value.value;
  const isOurs = found !== null && isOurStore(context, found);
  return success({
    // somebody else's store under our name is no trace of ours, and making one is refused by AWS
    hits: isOurs ? 1 : 0,
    found: {
      storeId: found?.storeId ?? '',
      storeName: found?.name ?? '',
      connectionState: found?.connectionState ?? '',
      requestId: store.value.requestId,
    },
  });
}

async function createdStoreKeys(context: Inspection): Promise<Result<Traces>> {
  const kms = await planned(context);
  if (!kms.ok) return kms;
  const keys = await kms.value.findByTag({ key: CEREMONY_TAG, value: context.state.genesis.data.ceremonyId });
  if (!keys.ok) return keys;
  const ours: KmsKey[] = [];
  for (const key of keys.value.value) {
    const isOurs = await isOurStoreKey(context, kms.value, key);
    if (!isOurs.ok) return isOurs;
    if (isOurs.value) ours.push(key);
  }
  const [first] = ours;
  return success({
    hits: ours.length,
    found: {
      keyId: first?.keyId ?? '',
      keyArn: first?.arn ?? '',
      state: first?.state ?? '',
      requestId: keys.value.requestId,
      xksKeyId: first?.keyStore?.xksKeyId ?? '',
      tagged: keys.value.value.length,
    },
  });
}

/** What an import leaves behind: a key that waits no longer; for a rotation, a material of this ceremony that waits to become the current one. */
async function importedMaterial(context: Inspection): Promise<Result<Traces>> {
  const kms = await planned(context);
  if (!kms.ok) return kms;
  const plan = kmsPlan(context.state);
  if (!plan.ok) return plan;
  const keyArn = kmsKeyArn(context.state);
  if (plan.value.importAs === 'next') return pendingMaterial(kms.value, keyArn, context.state.genesis.data.ceremonyId);
  const key = await kms.value.describeKey(keyArn);
  if (!key.ok) return key;
  const { state: now, currentMaterialId, expiration } = key.value.value;
  // a key may be enabled as it was before, or by somebody else: the expiry must be the approved one, and a repeat with the same blob is harmless
  const told = isExpiry(expiration, context.state.values['expiry'] ?? '');
  const done = now !== 'PendingImport' && told;
  return success({ hits: done ? 1 : 0, found: { keyArn, state: now, materialId: currentMaterialId } });
}

function isExpiry(found: Expiration | null, entry: string): boolean {
  const wanted = expiryOf(entry);
  if (found?.model !== 'expires' || wanted?.model !== 'expires') return found?.model === wanted?.model;
  return Date.parse(found.validTo) === Date.parse(wanted.validTo);
}

async function pendingMaterial(kms: KmsPort, keyArn: string, ceremonyId: string): Promise<Result<Traces>> {
  const materials = await kms.listKeyMaterials(keyArn);
  if (!materials.ok) return materials;
  const ours = materials.value.value.filter(({ description }) => description === ceremonyId);
  return success({ hits: ours.length, found: { keyArn, materialId: ours[0]?.materialId ?? '' } });
}

async function madeReplicas(context: Inspection): Promise<Result<Traces>> {
  const plan = kmsPlan(context.state);
  if (!plan.ok) return plan;
  const replicas = await plannedReplicas(context, plan.value);
  if (!replicas.ok) return replicas;
  // a Region without a replica yet is no reason to stop: the act makes only what is missing
  const whole = plan.value.replicaRegions.every((region) => replicas.value.some((one) => one.region === region));
  return success({ hits: whole ? 1 : 0, found: { replicas: replicas.value.map(({ region, keyArn }) => ({ region, keyArn })) } });
}

async function rotated(context: Inspection): Promise<Result<Traces>> {
  const kms = await planned(context);
  if (!kms.ok) return kms;
  const key = await kms.value.describeKey(kmsKeyArn(context.state));
  if (!key.ok) return key;
  const wanted = context.state.data['aws.planRotation']?.['to'];
  const current = key.value.value.currentMaterialId;
  return success({ hits: current !== null && current === wanted ? 1 : 0, found: { current } });
}

async function inState(context: Inspection, states: readonly string[]): Promise<Result<Traces>> {
  const kms = await planned(context);
  if (!kms.ok) return kms;
  const keyArn = context.state.genesis.data.inputs['kmsKeyArn'] ?? '';
  const key = await kms.value.describeKey(keyArn);
  if (!key.ok) return key;
  const { state: now, deletionAt } = key.value.value;
  return success({ hits: states.includes(now) ? 1 : 0, found: { keyArn, state: now, deletionAt: deletionAt ?? '' } });
}

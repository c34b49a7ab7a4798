import { canonical } from '../../evidence/canonical';
import { failure, success, type Result } from '../../contract/result';
import type { ShowBlock } from '../../keys/evidence';
import type { Connectivity, CreateKeyStoreRequest, KeyStore } from '../../kms/key-store';
import { sha256Text } from '../../pack/sha256';
import { check, facts, jsonArtefact, outcome, type Act, type ActContext } from './act';
import { awsCommands } from './aws-commands';
import { inDoubt } from './in-doubt';
import { credentialOf } from './proxy-credential';
import { storeIdOf, storePlan, type StorePlan } from './store-plan';

function connectivityOf({ connectivity, vpcServiceName, vpcServiceOwner }: StorePlan): Connectivity {
  return connectivity === 'public'
    ? { kind: 'PUBLIC_ENDPOINT' }
    : { kind: 'VPC_ENDPOINT_SERVICE', serviceName: vpcServiceName, serviceOwner: vpcServiceOwner };
}

/** What CreateCustomKeyStore is asked for, without the credential. */
function storeRequest(plan: StorePlan): Omit<CreateKeyStoreRequest, 'credential'> {
  return {
    name: plan.storeName,
    uriEndpoint: plan.endpoint,
    uriPath: plan.uriPath,
    connectivity: connectivityOf(plan),
  };
}

/** The key store as it will be asked for. The secret of its credential is in no plan, no command and no digest. */
export const awsPlanStore: Act = (context) => {
  const plan = storePlan(context.state);
  const accessKeyId = accessKeyIdOf(context);
  const request = storeRequest(plan);
  const text = canonical({
    format: 'keyrite-key-store-plan-1',
    region: plan.region,
    accessKeyId,
    name: request.name,
    uriEndpoint: request.uriEndpoint,
    uriPath: request.uriPath,
    connectivity: { ...request.connectivity },
  });
  const credential = { accessKeyId, secret: new Uint8Array() };
  return Promise.resolve(
    success(
      outcome({
        values: { 'keyStore.digest': sha256Text(text) },
        show: [
          facts('Key store to be created', [
            ['Account', plan.account, true],
            ['Region', plan.region],
            ['Name', plan.storeName],
            ['Type', 'EXTERNAL_KEY_STORE; this cannot be changed'],
            ['Reached by', plan.connectivity === 'public' ? 'public endpoint' : `VPC endpoint service ${plan.vpcServiceName}`],
            ['Account of the service', plan.vpcServiceOwner, true],
            ['XksProxyUriEndpoint', plan.endpoint, true],
            ['XksProxyUriPath', plan.uriPath, true],
            ['Access key id', accessKeyId, true],
          ]),
          awsCommands([{ act: 'createKeyStore', region: plan.region, request: { ...request, credential } }]),
        ],
        artefacts: [jsonArtefact('key-store-plan.json', text)],
      }),
    ),
  );
};

function accessKeyIdOf({ state }: ActContext): string {
  const id = state.data['proxy.credential']?.['accessKeyId'];
  return typeof id === 'string' ? id : '';
}

/** CreateCustomKeyStore, once. Its name is how a store is found again whose answer was lost. */
export const awsCreateStore: Act = async (context) => {
  const plan = storePlan(context.state);
  const kms = await context.kms(plan.region, 'administrator');
  if (!kms.ok) return kms;
  const credential = await credentialOf(context);
  if (!credential.ok) return credential;
  try {
    const made = await kms.value.createKeyStore({ ...storeRequest(plan), credential: credential.value });
    if (!made.ok) return made;
    const { storeId } = made.value.value;
    const seen = await kms.value.keyStore({ storeId });
    if (!seen.ok) return inDoubt('aws.createStore', seen.error);
    if (seen.value.value === null) return inDoubt('aws.createStore', failure('aws.storeNotFound', { storeId }).error);
    return success(described('Key store created', seen.value.value, plan, made.value.requestId));
  } finally {
    credential.value.secret.fill(0);
  }
};

/** Is a key store that was found under the planned name the one this ceremony asked for? */
export function isOurStore(context: Pick<ActContext, 'state'>, store: KeyStore): boolean {
  const plan = storePlan(context.state);
  const credential = context.state.data['proxy.credential']?.['accessKeyId'];
  return (
    store.name === plan.storeName &&
    store.uriEndpoint === plan.endpoint &&
    store.uriPath === plan.uriPath &&
    store.connectivity === connectivityOf(plan).kind &&
    serviceOf(store) === (plan.connectivity === 'vpc' ? plan.vpcServiceName : '') &&
    store.accessKeyId === credential
  );
}

/** Through another endpoint service, another proxy answers under the same name. '' for a public endpoint. */
function serviceOf({ connectivity, vpcServiceName }: KeyStore): string {
  return connectivity === 'VPC_ENDPOINT_SERVICE' ? (vpcServiceName ?? '') : '';
}

/** DescribeCustomKeyStores by name: what every ceremony about a store that exists begins with. */
export const awsFindStore: Act = async (context) => {
  const plan = storePlan(context.state);
  const kms = await context.kms(plan.region, 'administrator');
  if (!kms.ok) return kms;
  const found = await kms.value.keyStore({ name: plan.storeName });
  if (!found.ok) return found;
  if (found.value.value === null) return failure('aws.storeNotFound', { store: plan.storeName });
  return success(described('Key store', found.value.value, null, found.value.requestId));
};

/** DescribeKey of the KMS key that the plan names: it must be one of the store that was found. */
export const awsFindStoreKey: Act = async (context) => {
  const kms = await context.kms(storePlan(context.state).region, 'administrator');
  if (!kms.ok) return kms;
  const key = await kms.value.describeKey(context.state.genesis.data.inputs['kmsKeyArn'] ?? '');
  if (!key.ok) return key;
  const { arn, state, keyStore } = key.value.value;
  const wanted = storeIdOf(context.state);
  const got = keyStore?.storeId ?? 'no external key store';
  return success(
    outcome({
      data: { keyArn: arn, state, xksKeyId: keyStore?.xksKeyId ?? '' },
      values: { 'kms.keyArn': arn },
      checks: [check('CER-STORE-KEY', got === wanted, wanted, got)],
      show: [
        facts('KMS key', [
          ['ARN', arn, true],
          ['State', state],
          ['Key store', got, true],
          ['XksKeyId', keyStore?.xksKeyId ?? '', true],
          ['Request id', key.value.requestId, true],
        ]),
      ],
    }),
  );
};

function described(title: string, store: KeyStore, plan: StorePlan | null, requestId: string) {
  const made = plan === null ? [] : [isAsPlanned(store, plan)];
  return outcome({
    data: { storeId: store.storeId, storeName: store.name, connectionState: store.connectionState, requestId },
    values: { 'keyStore.id': store.storeId },
    checks: made,
    show: [storeFacts(title, store, requestId)],
  });
}

function isAsPlanned(store: KeyStore, plan: StorePlan) {
  const by = (kind: string, service: string): string => (service === '' ? kind : `${kind} ${service}`);
  const reached = by(connectivityOf(plan).kind, plan.connectivity === 'vpc' ? plan.vpcServiceName : '');
  const wanted = `${plan.endpoint}${plan.uriPath}, ${reached}, DISCONNECTED`;
  const got = `${store.uriEndpoint}${store.uriPath}, ${by(store.connectivity, serviceOf(store))}, ${store.connectionState}`;
  return check('CER-STORE-MADE', wanted === got, wanted, got);
}

/** A key store as people read it aloud. */
export function storeFacts(title: string, store: KeyStore, requestId: string): ShowBlock {
  return facts(title, [
    ['CustomKeyStoreId', store.storeId, true],
    ['Name', store.name],
    ['Connection', store.connectionState],
    ['ConnectionErrorCode', store.connectionErrorCode ?? '', true],
    ['XksProxyUriEndpoint', store.uriEndpoint, true],
    ['XksProxyUriPath', store.uriPath, true],
    ['Access key id', store.accessKeyId, true],
    ['Request id', requestId, true],
  ]);
}

/** The store of this ceremony by its id, or why it cannot be had. */
export async function storeOf(context: ActContext, storeId: string): Promise<Result<KeyStore>> {
  const kms = await context.kms(storePlan(context.state).region, 'administrator');
  if (!kms.ok) return kms;
  const seen = await kms.value.keyStore({ storeId });
  if (!seen.ok) return seen;
  return seen.value.value === null ? failure('aws.storeNotFound', { storeId }) : success(seen.value.value);
}

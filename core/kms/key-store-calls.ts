import type { CustomKeyStoresListEntry } from '@aws-sdk/client-kms';
import { failure, success } from '../contract/result';
import type { Ask } from './ask';
import { Incomplete, isoOf, keyOf, present } from './answers';
import { CALLS } from './calls';
import { CONNECTION_STATES, type KeyStore, type KeyStoreName, type ProxyCredential } from './key-store';
import type { Asked } from './answered';
import type { KmsPort } from './port';

type KeyStoreCalls = Pick<
  KmsPort,
  | 'createKeyStore'
  | 'keyStores'
  | 'keyStore'
  | 'connectKeyStore'
  | 'disconnectKeyStore'
  | 'updateKeyStore'
  | 'deleteKeyStore'
  | 'createXksKey'
>;

const CONNECTIVITIES = ['PUBLIC_ENDPOINT', 'VPC_ENDPOINT_SERVICE'] as const;

function oneOf<T extends string>(known: readonly T[], value: string | undefined, member: string): T {
  const found = known.find((one) => one === value);
  if (found === undefined) throw new Incomplete(`${member} "${value ?? ''}" is none that Keyrite knows`);
  return found;
}

/** @throws Incomplete */
function storeOf(entry: CustomKeyStoresListEntry): KeyStore {
  const proxy = present(entry.XksProxyConfiguration, 'XksProxyConfiguration');
  return {
    storeId: present(entry.CustomKeyStoreId, 'CustomKeyStoreId'),
    name: present(entry.CustomKeyStoreName, 'CustomKeyStoreName'),
    connectionState: oneOf(CONNECTION_STATES, entry.ConnectionState, 'ConnectionState'),
    connectionErrorCode: entry.ConnectionErrorCode ?? null,
    createdAt: isoOf(entry.CreationDate),
    connectivity: oneOf(CONNECTIVITIES, proxy.Connectivity, 'Connectivity'),
    uriEndpoint: present(proxy.UriEndpoint, 'UriEndpoint'),
    uriPath: present(proxy.UriPath, 'UriPath'),
    vpcServiceName: proxy.VpcEndpointServiceName ?? null,
    vpcServiceOwner: proxy.VpcEndpointServiceOwner ?? null,
    accessKeyId: proxy.AccessKeyId ?? '',
  };
}

const isExternal = ({ CustomKeyStoreType }: CustomKeyStoresListEntry): boolean => CustomKeyStoreType === 'EXTERNAL_KEY_STORE';

const SECRET_BYTES: ReadonlySet<number> = new Set(
  Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/+=', 'latin1'),
);

const nothing = (): null => null;

/** Of one store KMS answers a list of one; of one there is not, an exception. */
async function keyStore({ all }: Ask, which: KeyStoreName, signal?: AbortSignal): Asked<KeyStore | null> {
  const input = 'storeId' in which ? { CustomKeyStoreId: which.storeId } : { CustomKeyStoreName: which.name };
  const listed = await all(
    { operation: 'DescribeCustomKeyStores', input },
    ({ CustomKeyStores = [] }) => CustomKeyStores.map((entry) => (isExternal(entry) ? storeOf(entry) : null)),
    signal,
  );
  if (!listed.ok && listed.error.code === 'aws.storeNotFound')
    return success({ value: null, requestId: String(listed.error.detail['requestId'] ?? ''), at: '' });
  if (!listed.ok) return listed;
  const [store] = listed.value.value;
  if (store === null)
    return failure('aws.unsupported', {
      operation: 'DescribeCustomKeyStores',
      requestId: listed.value.requestId,
      message: 'It is a key store of AWS CloudHSM and not an external one.',
    });
  return success({ ...listed.value, value: store ?? null });
}

/** What would not be the text the proxy was given does not leave the station (CreateCustomKeyStore, XksProxyAuthenticationCredential). */
function refuseCredential({ accessKeyId, secret }: ProxyCredential): ReturnType<typeof failure> | null {
  const isId = /^[A-Z2-7]{20,30}$/.test(accessKeyId);
  const isSecret = secret.length >= 43 && secret.length <= 64 && secret.every((byte) => SECRET_BYTES.has(byte));
  if (isId && isSecret) return null;
  const problem = isId
    ? 'its secret is not 43 to 64 characters of a-z A-Z 0-9 / + ='
    : 'its access key id is not 20 to 30 characters of A-Z 2-7';
  return failure('input.invalid', { field: 'credential', problem });
}

/** External key stores: their way from registration to the end, and the keys made in them. */
export function keyStoreCalls(ask: Ask): KeyStoreCalls {
  const { one, all } = ask;
  return {
    createKeyStore: async (request) =>
      refuseCredential(request.credential) ??
      one(CALLS.createKeyStore(request), ({ CustomKeyStoreId }) => ({ storeId: present(CustomKeyStoreId, 'CustomKeyStoreId') })),
    keyStores: (signal) =>
      all(
        { operation: 'DescribeCustomKeyStores', input: {} },
        ({ CustomKeyStores = [] }) => CustomKeyStores.filter(isExternal).map(storeOf),
        signal,
      ),
    keyStore: (which, signal) => keyStore(ask, which, signal),
    connectKeyStore: (storeId) => one(CALLS.connectKeyStore({ storeId }), nothing),
    disconnectKeyStore: (storeId) => one(CALLS.disconnectKeyStore({ storeId }), nothing),
    updateKeyStore: async (storeId, changes) =>
      (changes.credential && refuseCredential(changes.credential)) ?? one(CALLS.updateKeyStore({ storeId, changes }), nothing),
    deleteKeyStore: (storeId) => one(CALLS.deleteKeyStore({ storeId }), nothing),
    createXksKey: (request) => one(CALLS.createXksKey(request), ({ KeyMetadata }) => keyOf(KeyMetadata)),
  };
}

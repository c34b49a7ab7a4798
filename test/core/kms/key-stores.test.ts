import { afterEach, describe, expect, it } from 'vitest';
import type { Result } from '../../../core/contract/result';
import { openKms } from '../../../core/kms/open';
import type { Answered, Asked } from '../../../core/kms/answered';
import type { KmsPort } from '../../../core/kms/port';
import { untilConnection } from '../../../core/kms/until-connection';
import { cleanUp } from '../rehearsal/kms/ground';
import {
  CREDENTIAL,
  ENDPOINT,
  kmsWithProxy,
  PATH,
  placeOf,
  deadPort,
  proxyBehindTls,
  STORE_REGION,
} from '../rehearsal/kms/store-ground';
import { endAll, json, rehearsal, standIn, TIMEOUT_MS } from './stand-in';

afterEach(async () => {
  endAll();
  await cleanUp();
});

async function valueOf<T>(asked: Asked<T>): Promise<T> {
  const answer: Result<Answered<T>> = await asked;
  if (!answer.ok) throw new Error(JSON.stringify(answer.error));
  return answer.value.value;
}

async function portAtProxy() {
  const { place, proxy } = await proxyBehindTls();
  const { kms, at } = await kmsWithProxy(place);
  const opened = openKms({
    region: STORE_REGION,
    endpoint: kms.endpoint(STORE_REGION),
    profile: '',
    credentials: kms.credentials,
    runMode: 'rehearsal',
    timeoutMs: TIMEOUT_MS,
  });
  if (!opened.ok) throw new Error(opened.error.code);
  return { port: opened.value, at, proxy, kms };
}

const request = (over = {}): Parameters<KmsPort['createKeyStore']>[0] => ({
  name: 'payments',
  uriEndpoint: ENDPOINT,
  uriPath: PATH,
  connectivity: { kind: 'PUBLIC_ENDPOINT' },
  credential: { accessKeyId: CREDENTIAL.accessKeyId, secret: Buffer.from(CREDENTIAL.secret) },
  ...over,
});

const PATIENCE = { everyMs: 5, withinMs: TIMEOUT_MS };

describe('the port to KMS, with an external key store in a rehearsal', () => {
  it('registers, connects, makes a key, uses it, lets it be found by its tag, and takes all that away', async () => {
    const { port, proxy } = await portAtProxy();
    const { storeId } = await valueOf(port.createKeyStore(request()));
    expect(await valueOf(port.keyStore({ name: 'payments' }))).toMatchObject({
      storeId,
      name: 'payments',
      connectionState: 'DISCONNECTED',
      connectionErrorCode: null,
      connectivity: 'PUBLIC_ENDPOINT',
      uriEndpoint: ENDPOINT,
      uriPath: PATH,
      vpcServiceName: null,
      vpcServiceOwner: null,
      accessKeyId: CREDENTIAL.accessKeyId,
    });
    expect(await valueOf(port.keyStores())).toHaveLength(1);
    expect(await valueOf(port.keyStore({ name: 'none' }))).toBeNull();
    await valueOf(port.connectKeyStore(storeId));
    expect(await valueOf(untilConnection(port, storeId, PATIENCE))).toMatchObject({
      isSettled: true,
      store: { connectionState: 'CONNECTED' },
    });
    const tag = { key: 'keyrite:ceremony', value: 'c-1' };
    const key = await valueOf(
      port.createXksKey({ storeId, xksKeyId: 'foo', description: 'payments', policy: null, tags: [tag] }),
    );
    expect(key).toMatchObject({ origin: 'EXTERNAL_KEY_STORE', state: 'Enabled', keyStore: { storeId, xksKeyId: 'foo' } });
    expect(await valueOf(port.findByTag(tag))).toEqual([key]);

    const context = { purpose: 'proof' };
    const sealed = await valueOf(port.generateDataKeyWithoutPlaintext(key.keyId, context));
    const asked = { keyId: key.keyId, ciphertext: sealed, context, algorithm: 'SYMMETRIC_DEFAULT' };
    expect(await valueOf(port.decrypt(asked))).toHaveLength(32);
    expect(proxy.records.at(-1)).toMatchObject({ api: 'Decrypt', outcome: 'ok' });

    expect(await port.deleteKeyStore(storeId)).toMatchObject({ ok: false, error: { code: 'aws.storeState' } });
    await valueOf(port.updateKeyStore(storeId, { name: 'renamed' }));
    await valueOf(port.disconnectKeyStore(storeId));
    expect(await valueOf(untilConnection(port, storeId, { ...PATIENCE, wanted: 'DISCONNECTED' }))).toMatchObject({
      store: { connectionState: 'DISCONNECTED', name: 'renamed' },
    });
    expect(await port.deleteKeyStore(storeId)).toMatchObject({ ok: false, error: { code: 'aws.storeHasKeys' } });
    expect((await valueOf(port.describeKey(key.keyId))).state).toBe('Unavailable');
  });

  it('says what went wrong by codes of its own, and with the code of the connection', async () => {
    const { port, at } = await portAtProxy();
    const codeOf = async (asked: Asked<unknown>): Promise<string> => {
      const answer = await asked;
      return answer.ok ? 'none' : answer.error.code;
    };
    const good = at.place;
    at.place = placeOf(await deadPort());
    expect(await codeOf(port.createKeyStore(request()))).toBe('aws.proxyUnreachable');
    at.place = good;
    const wrong = { accessKeyId: CREDENTIAL.accessKeyId, secret: Buffer.alloc(43, 'x') };
    expect(await codeOf(port.createKeyStore(request({ credential: wrong })))).toBe('aws.proxyCredential');
    expect(await codeOf(port.createKeyStore(request({ uriPath: '/x/kms/xks/v1' })))).toBe('aws.proxyConfiguration');
    const { storeId } = await valueOf(port.createKeyStore(request()));
    expect(await codeOf(port.createKeyStore(request()))).toBe('aws.storeNameInUse');
    expect(await codeOf(port.createKeyStore(request({ name: 'b' })))).toBe('aws.proxyUriInUse');
    const key = { storeId, xksKeyId: 'foo', description: '', policy: null, tags: [] };
    expect(await codeOf(port.createXksKey(key))).toBe('aws.storeState');
    expect(await codeOf(port.connectKeyStore('cks-none'))).toBe('aws.storeNotFound');
    at.place = placeOf(await deadPort());
    await valueOf(port.connectKeyStore(storeId));
    expect(await valueOf(untilConnection(port, storeId, PATIENCE))).toMatchObject({
      store: { connectionState: 'FAILED', connectionErrorCode: 'XKS_PROXY_NOT_REACHABLE' },
    });
    at.place = good;
    await valueOf(port.disconnectKeyStore(storeId));
    await valueOf(port.connectKeyStore(storeId));
    await valueOf(untilConnection(port, storeId, PATIENCE));
    expect(await codeOf(port.createXksKey({ ...key, xksKeyId: 'unheard-of' }))).toBe('aws.xksKeyNotFound');
    expect(await codeOf(port.createXksKey({ ...key, xksKeyId: 'decrypt-only' }))).toBe('aws.xksKeyInvalid');
    await valueOf(port.createXksKey(key));
    expect(await codeOf(port.createXksKey(key))).toBe('aws.xksKeyInUse');
  });
});

it('A credential that KMS cannot take does not leave the station, and is in no error', async () => {
  const { url, asked } = await standIn((_, response) => json(response, {}));
  const port = rehearsal(url);
  const secrets = [Buffer.alloc(42, 'x'), Buffer.alloc(65, 'x'), Buffer.from(`${'x'.repeat(43)}\n`), Buffer.alloc(43, 0xe9)];
  const wrong = [
    ...secrets.map((secret) => ({ accessKeyId: CREDENTIAL.accessKeyId, secret })),
    { accessKeyId: 'lower-case', secret: Buffer.from(CREDENTIAL.secret) },
  ];
  for (const credential of wrong)
    for (const answer of [
      await port.createKeyStore(request({ credential })),
      await port.updateKeyStore('cks-1', { credential }),
    ]) {
      expect(answer).toMatchObject({ ok: false, error: { code: 'input.invalid', detail: { field: 'credential' } } });
      expect(JSON.stringify(answer)).not.toContain('xxxx');
    }
  expect(asked).toEqual([]);
});

describe('an answer of DescribeCustomKeyStores', () => {
  const external = {
    CustomKeyStoreId: 'cks-1',
    CustomKeyStoreName: 'ours',
    CustomKeyStoreType: 'EXTERNAL_KEY_STORE',
    ConnectionState: 'FAILED',
    ConnectionErrorCode: 'XKS_PROXY_TIMED_OUT',
    CreationDate: 1_764_300_000,
    XksProxyConfiguration: { Connectivity: 'PUBLIC_ENDPOINT', AccessKeyId: 'A', UriEndpoint: ENDPOINT, UriPath: PATH },
  };
  const cloudHsm = {
    CustomKeyStoreId: 'cks-2',
    CustomKeyStoreName: 'hsm',
    CustomKeyStoreType: 'AWS_CLOUDHSM',
    ConnectionState: 'CONNECTED',
  };

  it('is read page by page, without the key stores of CloudHSM', async () => {
    const { url, asked } = await standIn((one, response) => {
      const { Marker } = JSON.parse(one.body) as { Marker?: string };
      const page =
        Marker === undefined
          ? { CustomKeyStores: [cloudHsm], NextMarker: 'm', Truncated: true }
          : { CustomKeyStores: [external] };
      json(response, page);
    });
    const stores = await valueOf(rehearsal(url).keyStores());
    expect(stores).toEqual([
      expect.objectContaining({
        storeId: 'cks-1',
        connectionErrorCode: 'XKS_PROXY_TIMED_OUT',
        createdAt: '2025-11-28T03:20:00.000Z',
      }),
    ]);
    expect(asked.filter(({ operation }) => operation === 'DescribeCustomKeyStores')).toHaveLength(2);
  });

  it('about one store that is of CloudHSM is not told as none', async () => {
    const { url } = await standIn((_, response) => json(response, { CustomKeyStores: [cloudHsm] }));
    expect(await rehearsal(url).keyStore({ name: 'hsm' })).toMatchObject({ ok: false, error: { code: 'aws.unsupported' } });
  });

  it('in which something is missing or unheard of is not taken', async () => {
    const odd = { ...external, ConnectionState: 'DREAMING' };
    const { url } = await standIn((_, response) => json(response, { CustomKeyStores: [odd] }));
    expect(await rehearsal(url).keyStore({ name: 'ours' })).toMatchObject({ ok: false, error: { code: 'aws.unknown' } });
  });
});

it('A store that changes to a public endpoint takes back its endpoint service, and one behind a service names it', async () => {
  const { url, asked } = await standIn((_, response) => json(response, {}));
  const port = rehearsal(url);
  await port.updateKeyStore('cks-1', { connectivity: { kind: 'PUBLIC_ENDPOINT' }, uriEndpoint: ENDPOINT });
  const vpc = { kind: 'VPC_ENDPOINT_SERVICE', serviceName: 'com.amazonaws.vpce.x', serviceOwner: '' } as const;
  await port.updateKeyStore('cks-1', { connectivity: vpc });
  await port.updateKeyStore('cks-1', { connectivity: { ...vpc, serviceOwner: '111122223333' } });
  const bodies = asked
    .filter(({ operation }) => operation === 'UpdateCustomKeyStore')
    .map(({ body }) => JSON.parse(body) as unknown);
  expect(bodies).toEqual([
    {
      CustomKeyStoreId: 'cks-1',
      XksProxyConnectivity: 'PUBLIC_ENDPOINT',
      XksProxyUriEndpoint: ENDPOINT,
      XksProxyVpcEndpointServiceName: '',
    },
    { CustomKeyStoreId: 'cks-1', XksProxyConnectivity: vpc.kind, XksProxyVpcEndpointServiceName: vpc.serviceName },
    {
      CustomKeyStoreId: 'cks-1',
      XksProxyConnectivity: vpc.kind,
      XksProxyVpcEndpointServiceName: vpc.serviceName,
      XksProxyVpcEndpointServiceOwner: '111122223333',
    },
  ]);
});

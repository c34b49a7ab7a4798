import { createHash, randomBytes } from 'node:crypto';
import {
  ConnectCustomKeyStoreCommand,
  CreateCustomKeyStoreCommand,
  DecryptCommand,
  DescribeCustomKeyStoresCommand,
  DisconnectCustomKeyStoreCommand,
  EncryptCommand,
  UpdateCustomKeyStoreCommand,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { afterEach, describe, expect, it } from 'vitest';
import { CONNECTION_ERRORS, type ConnectionErrorCode } from '../../../../core/contract/connection-errors';
import type { ProxyPlace } from '../../../../core/rehearsal/kms/proxies';
import { practiceService } from '../../../../core/rehearsal/practice-service';
import { refusal, type XksErrorName } from '../../../../core/xks/errors';
import { fakeHsm, fakeKey } from '../../../proxy/fake-hsm';
import { HEALTH, serving } from '../../../proxy/server-ground';
import { issue } from '../../as-kms/certificates';
import { cleanUp } from './ground';
import {
  connect,
  connectedStore,
  CREDENTIAL,
  deadPort,
  HEALTHY,
  HOST,
  hsmWith,
  kmsWithProxy,
  lookAt,
  makeStore,
  makeXksKey,
  placeOf,
  proxyBehindTls,
  sayingProxy,
  serverCertificate,
  settled,
  storeInput,
  STORE_REGION,
  type Said,
} from './store-ground';

afterEach(cleanUp);

const named = (name: string) => expect.objectContaining({ name }) as unknown;
const SECRET = Buffer.from('the secret of the day');

const nonsense = (): Said => ({ contentType: 'text/html', body: '<h1>502 Bad Gateway</h1>', status: 502 });
const unavailable = { ...HEALTH, ekmFleetDetails: [{ id: '1', model: 'Fake HSM', healthStatus: 'UNAVAILABLE' as const }] };

interface Ending {
  readonly why: string;
  readonly place: () => Promise<ProxyPlace | null>;
  readonly timeoutMs?: number;
  readonly exception: string;
  readonly code: ConnectionErrorCode;
}

const answering = (said: Said | 'silence') => async () => (await sayingProxy(() => said)).place;

/** What is really wrong with a proxy, and how KMS says so: at registration, and at connecting. */
const ENDINGS: readonly Ending[] = [
  {
    why: 'there is nobody',
    place: async () => null,
    exception: 'XksProxyUriUnreachableException',
    code: 'XKS_PROXY_NOT_REACHABLE',
  },
  {
    why: 'the proxy is down',
    place: async () => placeOf(await deadPort()),
    exception: 'XksProxyUriUnreachableException',
    code: 'XKS_PROXY_NOT_REACHABLE',
  },
  {
    why: 'the credential is another one',
    place: async () => (await proxyBehindTls({ credentials: [{ ...CREDENTIAL, secret: 'x'.repeat(43) }] })).place,
    exception: 'XksProxyIncorrectAuthenticationCredentialException',
    code: 'INVALID_CREDENTIALS',
  },
  {
    why: 'the path is another one',
    place: async () => (await proxyBehindTls({ stores: [storeAt('/elsewhere')] })).place,
    exception: 'XksProxyInvalidConfigurationException',
    code: 'XKS_PROXY_INVALID_CONFIGURATION',
  },
  {
    why: 'the certificate is of another authority',
    place: async () => ({
      ...(await proxyBehindTls()).place,
      ca: issue({ commonName: 'Other Root', isAuthority: true }).certPem,
    }),
    exception: 'XksProxyUriUnreachableException',
    code: 'XKS_PROXY_INVALID_TLS_CONFIGURATION',
  },
  {
    why: 'the certificate has expired',
    // our own proxy does not even start with it
    place: async () => (await sayingProxy(() => ({ body: HEALTHY }), serverCertificate({ days: -2 }))).place,
    exception: 'XksProxyUriUnreachableException',
    code: 'XKS_PROXY_INVALID_TLS_CONFIGURATION',
  },
  {
    why: 'the certificate is for another name, and the address it is called at does not help',
    place: async () => (await proxyBehindTls({}, serverCertificate({ dnsNames: ['other.example.com'] }))).place,
    exception: 'XksProxyUriUnreachableException',
    code: 'XKS_PROXY_INVALID_TLS_CONFIGURATION',
  },
  {
    why: 'the proxy does not answer in time',
    place: answering('silence'),
    timeoutMs: 600,
    exception: 'XksProxyUriUnreachableException',
    code: 'XKS_PROXY_TIMED_OUT',
  },
  {
    why: 'a load balancer answers in its place',
    place: answering(nonsense()),
    exception: 'XksProxyInvalidResponseException',
    code: 'XKS_PROXY_INVALID_RESPONSE',
  },
  {
    why: 'the answer is JSON and no health',
    place: answering({ body: '{"ok":true}' }),
    exception: 'XksProxyInvalidResponseException',
    code: 'XKS_PROXY_INVALID_RESPONSE',
  },
  {
    why: 'the proxy cannot reach its key manager',
    place: answering({ status: 500, body: '{"errorName":"InternalException"}' }),
    exception: 'XksProxyInvalidResponseException',
    code: 'XKS_PROXY_INVALID_RESPONSE',
  },
  {
    why: 'the proxy throttles',
    place: answering({ status: 429, body: '{"errorName":"ThrottlingException"}' }),
    exception: 'XksProxyUriUnreachableException',
    code: 'XKS_PROXY_NOT_REACHABLE',
  },
  {
    why: 'the key manager is too slow',
    place: answering({ status: 503, body: '{"errorName":"DependencyTimeoutException"}' }),
    exception: 'XksProxyUriUnreachableException',
    code: 'XKS_PROXY_TIMED_OUT',
  },
  {
    why: 'a policy of the proxy denies KMS',
    place: answering({ status: 403, body: '{"errorName":"AccessDeniedException"}' }),
    exception: 'XksProxyInvalidResponseException',
    code: 'XKS_PROXY_ACCESS_DENIED',
  },
  {
    why: 'every HSM is unavailable, as behind a proxy that was killed',
    place: async () => (await proxyBehindTls({ parts: { health: () => unavailable } })).place,
    exception: 'XksProxyUriUnreachableException',
    code: 'XKS_PROXY_NOT_REACHABLE',
  },
];

function storeAt(prefix: string) {
  return { name: 'x', prefix, region: STORE_REGION, credentials: [], keys: new Set(['foo']), foreignFramings: [] } as const;
}

describe('a proxy with which something is wrong', () => {
  it.each(ENDINGS)('$why: neither registered nor connected, for the reason that is true', async (ending) => {
    const well = await sayingProxy(() => ({ body: HEALTHY }));
    const bad = await ending.place();
    const timeout = ending.timeoutMs === undefined ? {} : { proxyTimeoutMs: ending.timeoutMs };
    const { client, at } = await kmsWithProxy(bad, timeout);
    await expect(makeStore(client)).rejects.toEqual(named(ending.exception));
    expect((await client.send(new DescribeCustomKeyStoresCommand({}))).CustomKeyStores).toEqual([]);

    at.place = well.place;
    const storeId = await persistently(() => makeStore(client), ending.timeoutMs !== undefined);
    at.place = bad;
    expect(await connect(client, storeId)).toMatchObject({ ConnectionState: 'FAILED', ConnectionErrorCode: ending.code });

    const again = new ConnectCustomKeyStoreCommand({ CustomKeyStoreId: storeId });
    await expect(client.send(again)).rejects.toEqual(named('CustomKeyStoreInvalidStateException'));
    await client.send(new DisconnectCustomKeyStoreCommand({ CustomKeyStoreId: storeId }));
    expect((await lookAt(client, storeId)).ConnectionErrorCode).toBeUndefined();
  });

  it('gets one more attempt after a time-out, with the same request id, and no other', async () => {
    const silent = await sayingProxy(() => 'silence');
    const { client } = await kmsWithProxy(silent.place, { proxyTimeoutMs: 600 });
    await expect(makeStore(client)).rejects.toEqual(named('XksProxyUriUnreachableException'));
    expect(silent.asked).toHaveLength(2);
    const ids = silent.asked.map(({ body }) => (body['requestMetadata'] as { kmsRequestId: string }).kmsRequestId);
    expect(new Set(ids).size).toBe(1);
  });

  it('that this KMS cannot look up is a fault of its own', async () => {
    let isLost = false;
    const { place } = await proxyBehindTls();
    const { client } = await kmsWithProxy(place, {
      proxyAt: () => {
        if (isLost) throw new Error('the list of proxies is lost');
        return place;
      },
    });
    const storeId = await makeStore(client);
    isLost = true;
    expect(await connect(client, storeId)).toMatchObject({ ConnectionState: 'FAILED', ConnectionErrorCode: 'INTERNAL_ERROR' });
    await expect(makeStore(client, { CustomKeyStoreName: 'b', XksProxyUriPath: '/b/kms/xks/v1' })).rejects.toEqual(
      named('KMSInternalException'),
    );
  });

  it('is asked where it is now: a proxy that moved is found without a word to KMS', async () => {
    const hsm = hsmWith('foo');
    const [one, other] = [await proxyBehindTls({ hsm }), await proxyBehindTls({ hsm })];
    const { client, at } = await kmsWithProxy(one.place);
    const storeId = await makeStore(client);
    await connect(client, storeId);
    const { KeyId } = await makeXksKey(client, storeId);
    const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId, Plaintext: SECRET }));
    at.place = other.place;
    const { Plaintext } = await client.send(new DecryptCommand({ CiphertextBlob }));
    expect(Buffer.from(Plaintext!)).toEqual(SECRET);
    expect(other.proxy.records.map(({ api }) => api)).toEqual(['Decrypt']);
  });
});

/** With the short time-out of a test about time-outs, a good proxy may be late on a busy machine. */
async function persistently<T>(act: () => Promise<T>, isBusyExcuse: boolean): Promise<T> {
  for (let left = isBusyExcuse ? 20 : 0; ; left--)
    try {
      return await act();
    } catch (error) {
      if (left === 0) throw error;
    }
}

describe('a connected store whose proxy fails', () => {
  const used = (client: KMSClient, KeyId: string | undefined) => client.send(new EncryptCommand({ KeyId, Plaintext: SECRET }));

  it('stays connected, and every use says KMSInvalidStateException with the reason in words', async () => {
    const { client, hsm, storeId, proxy, at } = await connectedStore({ hsm: hsmWith('foo') });
    const { KeyId } = await makeXksKey(client, storeId);
    const reasons: readonly (readonly [XksErrorName, RegExp])[] = [
      ['InvalidStateException', /not enabled/],
      ['InvalidKeyUsageException', /does not support/],
      ['InvalidCiphertextException', /corrupted/],
      ['AccessDeniedException', /denied access/],
      ['KeyNotFoundException', /could not find/],
      ['ThrottlingException', /very high request rate/],
      ['InternalException', /external key manager/],
      ['UnsupportedOperationException', /does not support/],
      ['DependencyTimeoutException', /in the time allotted/],
      ['ValidationException', /cannot interpret/],
    ];
    for (const [name, words] of reasons) {
      hsm.failNext('encrypt', refusal(name, 'test', 'made to fail').error, 2);
      await expect(used(client, KeyId), name).rejects.toMatchObject({
        name: 'KMSInvalidStateException',
        message: expect.stringMatching(words) as string,
      });
      hsm.failAlways('encrypt', null);
    }
    proxy.serving = serving({ credentials: [{ ...CREDENTIAL, secret: 'y'.repeat(43) }] });
    await expect(used(client, KeyId)).rejects.toMatchObject({ message: expect.stringMatching(/authenticate/) as string });
    at.place = placeOf(await deadPort());
    await expect(used(client, KeyId)).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
      message: expect.stringMatching(/cannot communicate/) as string,
    });
    expect(await lookAt(client, storeId)).toMatchObject({ ConnectionState: 'CONNECTED' });
  });

  it('that was killed refuses every key, and a new one too', async () => {
    const { client, storeId, proxy, hsm } = await connectedStore({ hsm: hsmWith('foo', 'bar') });
    const { KeyId } = await makeXksKey(client, storeId);
    const killed = refusal('InvalidStateException', 'killed', 'This proxy was switched off.').error;
    for (const operation of ['encrypt', 'decrypt', 'describe'] as const) hsm.failAlways(operation, killed);
    await expect(used(client, KeyId)).rejects.toMatchObject({ message: expect.stringMatching(/not enabled/) as string });
    await expect(makeXksKey(client, storeId, 'bar')).rejects.toMatchObject({ name: 'XksKeyInvalidConfigurationException' });
    expect(proxy.faults).toEqual([]);
  });
});

describe('an answer that KMS cannot take', () => {
  const metadata = { keySpec: 'AES_256', keyUsage: ['ENCRYPT', 'DECRYPT'], keyStatus: 'ENABLED' };
  /** What a right answer to Encrypt is made of, before one part of it is spoilt. */
  async function storeThatAnswers(spoil: (right: Record<string, unknown>) => Record<string, unknown>) {
    const { certified } = certifiedAnswers();
    const proxy = await sayingProxy((path, body) => {
      if (path.endsWith('/health')) return { body: HEALTHY };
      if (path.endsWith('/metadata')) return { body: JSON.stringify(metadata) };
      return { body: JSON.stringify(spoil(certified(body))) };
    });
    const { client } = await kmsWithProxy(proxy.place);
    const storeId = await makeStore(client);
    await connect(client, storeId);
    return { client, KeyId: (await makeXksKey(client, storeId)).KeyId };
  }

  function certifiedAnswers() {
    const certified = (body: Record<string, unknown>): Record<string, unknown> => {
      const ciphertext = Buffer.from(String(body['plaintext']), 'base64').map((byte) => byte ^ 0x55);
      const [iv, tag] = [randomBytes(12), randomBytes(16)];
      const integrity = createHash('sha256')
        .update(Buffer.concat([iv, ciphertext, tag]))
        .digest('base64');
      return {
        ciphertext: Buffer.from(ciphertext).toString('base64'),
        initializationVector: iv.toString('base64'),
        authenticationTag: tag.toString('base64'),
        ciphertextDataIntegrityValue: integrity,
      };
    };
    return { certified };
  }

  it('is any whose integrity value is missing or wrong, or whose parts have other lengths', async () => {
    const right = await storeThatAnswers((answer) => answer);
    await right.client.send(new EncryptCommand({ KeyId: right.KeyId, Plaintext: SECRET }));
    const zeros = (length: number) => Buffer.alloc(length).toString('base64');
    const spoilt: readonly Record<string, unknown>[] = [
      { ciphertextDataIntegrityValue: zeros(32) },
      { ciphertextDataIntegrityValue: undefined },
      { ciphertext: zeros(3) },
      { initializationVector: zeros(8) },
      { authenticationTag: zeros(12) },
      { ciphertextMetadata: zeros(21) },
      { ciphertext: 'not base64!' },
    ];
    for (const change of spoilt) {
      const { client, KeyId } = await storeThatAnswers((answer) => ({ ...answer, ...change }));
      await expect(client.send(new EncryptCommand({ KeyId, Plaintext: SECRET })), JSON.stringify(change)).rejects.toMatchObject({
        name: 'KMSInvalidStateException',
        message: expect.stringMatching(/cannot interpret/) as string,
      });
    }
  });

  it('is a decryption that does not give back what KMS had encrypted itself', async () => {
    const { client, KeyId } = await storeThatAnswers((answer) => ({
      ...answer,
      plaintext: Buffer.alloc(Buffer.from(String(answer['ciphertext']), 'base64').length || 1).toString('base64'),
    }));
    const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId, Plaintext: SECRET }));
    await expect(client.send(new DecryptCommand({ CiphertextBlob }))).rejects.toMatchObject({ name: 'KMSInvalidStateException' });
  });
});

describe('an external key that KMS does not take', () => {
  const half = { ...fakeKey('half'), usages: ['ENCRYPT'] };
  const short = { ...fakeKey('short'), secret: Buffer.alloc(16) };

  it.each([
    ['half', half, /key usage: ENCRYPT/],
    ['short', short, /key spec: AES_128/],
  ])('is told by what does not fit: %s', async (label, key, words) => {
    const keys = new Set([label]);
    const store = { ...storeAt('/example/uri/path/prefix'), keys };
    const { client, storeId } = await connectedStore({ hsm: fakeHsm({ keys: [key] }), stores: [store] });
    await expect(makeXksKey(client, storeId, label)).rejects.toMatchObject({
      name: 'XksKeyInvalidConfigurationException',
      message: expect.stringMatching(words) as string,
    });
  });

  it.each([
    ['InvalidStateException', 400, 'XksKeyInvalidConfigurationException'],
    ['InvalidKeyUsageException', 400, 'XksKeyInvalidConfigurationException'],
    ['AuthenticationFailedException', 401, 'CustomKeyStoreInvalidStateException'],
    ['AccessDeniedException', 403, 'KMSInvalidStateException'],
    ['KeyNotFoundException', 404, 'XksKeyNotFoundException'],
    ['InvalidUriPathException', 404, 'CustomKeyStoreInvalidStateException'],
    ['ThrottlingException', 429, 'CustomKeyStoreInvalidStateException'],
    ['InternalException', 500, 'CustomKeyStoreInvalidStateException'],
    ['UnsupportedOperationException', 501, 'XksKeyInvalidResponseException'],
    ['DependencyTimeoutException', 503, 'CustomKeyStoreInvalidStateException'],
    ['ValidationException', 400, 'CustomKeyStoreInvalidStateException'],
    ['NeverHeardOfException', 400, 'CustomKeyStoreInvalidStateException'],
  ])('or one about which the proxy says %s', async (errorName, status, exception) => {
    const proxy = await sayingProxy((path) =>
      path.endsWith('/health') ? { body: HEALTHY } : { status, body: JSON.stringify({ errorName }) },
    );
    const { client } = await kmsWithProxy(proxy.place);
    const storeId = await makeStore(client);
    await connect(client, storeId);
    await expect(makeXksKey(client, storeId)).rejects.toEqual(named(exception));
  });
});

describe('a VPC endpoint service', () => {
  const GOOD = practiceService(STORE_REGION, HOST);
  const NAME = GOOD.name;
  const INPUT = { XksProxyConnectivity: 'VPC_ENDPOINT_SERVICE', XksProxyVpcEndpointServiceName: NAME } as const;
  const [NOT_FOUND, INVALID] = ['NotFound', 'InvalidConfiguration'];

  it('that is as it should be leads to the proxy, which is asked at connecting and not before', async () => {
    const { place, proxy } = await proxyBehindTls();
    const { client } = await kmsWithProxy(place, { endpointServices: () => [GOOD] });
    const storeId = await makeStore(client, INPUT);
    expect(proxy.records).toEqual([]);
    expect(await connect(client, storeId)).toMatchObject({
      ConnectionState: 'CONNECTED',
      XksProxyConfiguration: { Connectivity: 'VPC_ENDPOINT_SERVICE', VpcEndpointServiceName: NAME },
    });
    expect(proxy.records.map(({ kmsOperation }) => kmsOperation)).toEqual(['ConnectCustomKeyStore']);
  });

  it('of another account is found by its owner', async () => {
    const { place } = await proxyBehindTls();
    const { client } = await kmsWithProxy(place, { endpointServices: () => [{ ...GOOD, owner: '111122223333' }] });
    await expect(makeStore(client, INPUT)).rejects.toEqual(named('XksProxyVpcEndpointServiceNotFoundException'));
    const storeId = await makeStore(client, { ...INPUT, XksProxyVpcEndpointServiceOwner: '111122223333' });
    expect((await connect(client, storeId)).XksProxyConfiguration?.VpcEndpointServiceOwner).toBe('111122223333');
  });

  it.each([
    ['is not there', null, NOT_FOUND],
    ['is going', { state: 'Deleting' }, NOT_FOUND],
    ['does not allow KMS', { allowedPrincipals: ['cks.kms.eu-west-1.amazonaws.com'] }, NOT_FOUND],
    ['is one of a gateway load balancer', { type: 'GatewayLoadBalancer' }, INVALID],
    ['knows IPv6 only', { ipAddressTypes: ['ipv6'] }, INVALID],
    ['has its balancer in one zone', { zones: [`${STORE_REGION}a`] }, INVALID],
    ['wants connections to be accepted', { isAcceptanceRequired: true }, INVALID],
    ['has a name that is not verified', { isDnsNameVerified: false }, INVALID],
    ['has another name than the store', { privateDnsName: 'other.example.com' }, INVALID],
  ])('that %s is refused at registration, and fails a connection', async (_, change, what) => {
    const { place, proxy } = await proxyBehindTls();
    const services = { now: change === null ? [] : [{ ...GOOD, ...(change as object) }] };
    const { client } = await kmsWithProxy(place, { endpointServices: () => services.now });
    await expect(makeStore(client, INPUT)).rejects.toEqual(named(`XksProxyVpcEndpointService${what}Exception`));
    const bad = services.now;
    services.now = [GOOD];
    const storeId = await makeStore(client, INPUT);
    services.now = bad;
    const code = what === NOT_FOUND ? 'XKS_VPC_ENDPOINT_SERVICE_NOT_FOUND' : 'XKS_VPC_ENDPOINT_SERVICE_INVALID_CONFIGURATION';
    expect(await connect(client, storeId)).toMatchObject({ ConnectionState: 'FAILED', ConnectionErrorCode: code });
    expect(proxy.records).toEqual([]);
  });
});

describe('a VPC endpoint service that is as it should be', () => {
  const GOOD = practiceService(STORE_REGION, HOST);
  const INPUT = { XksProxyConnectivity: 'VPC_ENDPOINT_SERVICE', XksProxyVpcEndpointServiceName: GOOD.name } as const;

  it.each([
    ['no listener', []],
    ['a listener on another port', [{ port: 8443, protocol: 'TCP', targets: ['healthy'] }]],
    ['a listener for UDP', [{ port: 443, protocol: 'UDP', targets: ['healthy'] }]],
    ['nobody behind its listener', [{ port: 443, protocol: 'TLS', targets: [] }]],
  ] as const)('and has %s is registered, and leads nowhere', async (_, listeners) => {
    const { place, proxy } = await proxyBehindTls();
    const { client } = await kmsWithProxy(place, { endpointServices: () => [{ ...GOOD, listeners }] });
    const storeId = await makeStore(client, INPUT);
    expect(await connect(client, storeId)).toMatchObject({
      ConnectionState: 'FAILED',
      ConnectionErrorCode: 'XKS_PROXY_NOT_REACHABLE',
    });
    expect(proxy.records).toEqual([]);
  });
});

describe('an ending on demand', () => {
  it.each(Object.keys(CONNECTION_ERRORS) as ConnectionErrorCode[])('of a connection: %s', async (connectionError) => {
    const { place, proxy } = await proxyBehindTls();
    const { client, kms } = await kmsWithProxy(place);
    const storeId = await makeStore(client);
    kms.fail({ operation: 'ConnectCustomKeyStore', times: 1, kind: { connectionError } });
    expect(await connect(client, storeId)).toMatchObject({ ConnectionState: 'FAILED', ConnectionErrorCode: connectionError });
    expect(proxy.records).toHaveLength(1);
    await client.send(new DisconnectCustomKeyStoreCommand({ CustomKeyStoreId: storeId }));
    expect(await connect(client, storeId)).toMatchObject({ ConnectionState: 'CONNECTED' });
  });

  it.each(
    [
      'IncorrectAuthenticationCredential InvalidConfiguration InvalidResponse UriEndpointInUse UriInUse UriUnreachable',
      'VpcEndpointServiceInUse VpcEndpointServiceInvalidConfiguration VpcEndpointServiceNotFound',
    ]
      .join(' ')
      .split(' '),
  )('of a registration or a change: XksProxy%sException', async (what) => {
    const name = `XksProxy${what}Exception`;
    const { client, kms } = await kmsWithProxy(null);
    for (const operation of ['CreateCustomKeyStore', 'UpdateCustomKeyStore'])
      kms.fail({ operation, times: 1, kind: { error: { name } } });
    await expect(client.send(new CreateCustomKeyStoreCommand(storeInput()))).rejects.toEqual(named(name));
    await expect(client.send(new UpdateCustomKeyStoreCommand({ CustomKeyStoreId: 'cks-0' }))).rejects.toEqual(named(name));
  });

  it('a connection on its way takes as long as it is told, and can be given up meanwhile', async () => {
    const { place } = await proxyBehindTls();
    const { client, kms } = await kmsWithProxy(place, { connectLagMs: 300_000 });
    const storeId = await makeStore(client);
    const asked = { CustomKeyStoreId: storeId };
    const stateNow = async () => (await lookAt(client, storeId)).ConnectionState;
    await client.send(new ConnectCustomKeyStoreCommand(asked));
    await client.send(new ConnectCustomKeyStoreCommand(asked));
    expect(await stateNow()).toBe('CONNECTING');
    await client.send(new DisconnectCustomKeyStoreCommand(asked));
    expect(await stateNow()).toBe('DISCONNECTING');
    await expect(client.send(new ConnectCustomKeyStoreCommand(asked))).rejects.toEqual(
      named('CustomKeyStoreInvalidStateException'),
    );
    await expect(client.send(new DisconnectCustomKeyStoreCommand(asked))).rejects.toEqual(
      named('CustomKeyStoreInvalidStateException'),
    );
    await kms.advance(300_000);
    expect(await stateNow()).toBe('DISCONNECTED');
    kms.fail({ operation: 'ConnectCustomKeyStore', times: 1, kind: { lagMs: 1_000 } });
    await client.send(new ConnectCustomKeyStoreCommand(asked));
    await kms.advance(1_000);
    expect(await settled(client, storeId)).toMatchObject({ ConnectionState: 'CONNECTED' });
  });
});

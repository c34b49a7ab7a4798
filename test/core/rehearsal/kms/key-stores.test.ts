import { createDecipheriv, createHash } from 'node:crypto';
import {
  CancelKeyDeletionCommand,
  CreateKeyCommand,
  DecryptCommand,
  DeleteCustomKeyStoreCommand,
  DescribeCustomKeyStoresCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  DisconnectCustomKeyStoreCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyPairCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  GetKeyRotationStatusCommand,
  GetParametersForImportCommand,
  ReEncryptCommand,
  ReplicateKeyCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  UpdateCustomKeyStoreCommand,
} from '@aws-sdk/client-kms';
import { afterEach, describe, expect, it } from 'vitest';
import { readExternal } from '../../../../core/rehearsal/kms/external-ciphertext';
import { practiceService } from '../../../../core/rehearsal/practice-service';
import { hsmAad } from '../../../../core/xks/aad';
import { fakeHsm, fakeKey } from '../../../proxy/fake-hsm';
import { serving } from '../../../proxy/server-ground';
import { cleanUp, clientOf, makeKey, ABROAD, trailOf } from './ground';
import {
  connect,
  connectedStore,
  CREDENTIAL,
  ENDPOINT,
  hsmWith,
  kmsWithProxy,
  lookAt,
  makeStore,
  makeXksKey,
  PATH,
  proxyBehindTls,
  settled,
  STORE_REGION,
  storeInput,
} from './store-ground';

afterEach(cleanUp);

const named = (name: string) => expect.objectContaining({ name }) as unknown;
const DAY_MS = 86_400_000;
const SECRET = Buffer.from('the secret of the day');

describe('an external key store', () => {
  it('lives from registration to deletion as one of AWS does', async () => {
    const { proxy, place } = await proxyBehindTls();
    const { kms, client } = await kmsWithProxy(place);
    const storeId = await makeStore(client);
    expect(storeId).toMatch(/^cks-[0-9a-f]{17}$/);
    const store = await lookAt(client, storeId);
    expect(store).toMatchObject({
      CustomKeyStoreName: 'payments',
      CustomKeyStoreType: 'EXTERNAL_KEY_STORE',
      ConnectionState: 'DISCONNECTED',
      XksProxyConfiguration: {
        Connectivity: 'PUBLIC_ENDPOINT',
        AccessKeyId: CREDENTIAL.accessKeyId,
        UriEndpoint: ENDPOINT,
        UriPath: PATH,
      },
    });
    expect(store.ConnectionErrorCode).toBeUndefined();
    expect(JSON.stringify(store)).not.toContain(CREDENTIAL.secret);

    expect(await connect(client, storeId)).toMatchObject({ ConnectionState: 'CONNECTED' });
    const key = await makeXksKey(client, storeId);
    expect(key).toMatchObject({
      Origin: 'EXTERNAL_KEY_STORE',
      KeyState: 'Enabled',
      KeySpec: 'SYMMETRIC_DEFAULT',
      CustomKeyStoreId: storeId,
      XksKeyConfiguration: { Id: 'foo' },
    });
    expect(key.CurrentKeyMaterialId).toBeUndefined();

    const only = new DeleteCustomKeyStoreCommand({ CustomKeyStoreId: storeId });
    await expect(client.send(only)).rejects.toEqual(named('CustomKeyStoreInvalidStateException'));
    await client.send(new DisconnectCustomKeyStoreCommand({ CustomKeyStoreId: storeId }));
    expect(await settled(client, storeId)).toMatchObject({ ConnectionState: 'DISCONNECTED' });
    await expect(client.send(only)).rejects.toEqual(named('CustomKeyStoreHasCMKsException'));
    await client.send(new ScheduleKeyDeletionCommand({ KeyId: key.KeyId, PendingWindowInDays: 7 }));
    await expect(client.send(only)).rejects.toEqual(named('CustomKeyStoreHasCMKsException'));
    await kms.advance(7 * DAY_MS);
    await client.send(only);
    const all = await client.send(new DescribeCustomKeyStoresCommand({}));
    expect(all.CustomKeyStores).toEqual([]);
    await expect(lookAt(client, storeId)).rejects.toEqual(named('CustomKeyStoreNotFoundException'));
    expect(proxy.records.map(({ api }) => api)).toEqual(['GetHealthStatus', 'GetHealthStatus', 'GetKeyMetadata']);
  });

  it('is found by id and by name, by the page, and in its own Region only', async () => {
    const { place } = await proxyBehindTls();
    const { kms, client } = await kmsWithProxy(place);
    const ids = [
      await makeStore(client),
      await makeStore(client, { CustomKeyStoreName: 'other', XksProxyUriEndpoint: `${ENDPOINT}.` }),
    ];
    const page = await client.send(new DescribeCustomKeyStoresCommand({ Limit: 1 }));
    expect([page.CustomKeyStores?.[0]?.CustomKeyStoreId, page.Truncated]).toEqual([ids[0], true]);
    const rest = await client.send(new DescribeCustomKeyStoresCommand({ Limit: 1, Marker: page.NextMarker }));
    expect(rest.CustomKeyStores?.[0]?.CustomKeyStoreId).toBe(ids[1]);
    const byName = await client.send(new DescribeCustomKeyStoresCommand({ CustomKeyStoreName: 'other' }));
    expect(byName.CustomKeyStores?.map(({ CustomKeyStoreId }) => CustomKeyStoreId)).toEqual([ids[1]]);
    await expect(
      client.send(new DescribeCustomKeyStoresCommand({ CustomKeyStoreName: 'other', CustomKeyStoreId: ids[0] })),
    ).rejects.toEqual(named('ValidationException'));
    await expect(lookAt(clientOf(kms, ABROAD), ids[0]!)).rejects.toEqual(named('CustomKeyStoreNotFoundException'));
  });

  it('of AWS CloudHSM is none that this KMS makes, and that is what KMS takes where it is not told', async () => {
    const { client } = await kmsWithProxy(null);
    await expect(makeStore(client, { CustomKeyStoreType: undefined })).rejects.toEqual(named('UnsupportedOperationException'));
  });
});

describe('a key of an external key store', () => {
  it('encrypts and decrypts through the proxy: bytes, data keys, and from key to key', async () => {
    const { client, proxy, storeId } = await connectedStore();
    const { KeyId, Arn } = await makeXksKey(client, storeId);
    const context = { purpose: 'test', department: 'payments' };
    const sealed = await client.send(new EncryptCommand({ KeyId, Plaintext: SECRET, EncryptionContext: context }));
    expect(sealed.KeyId).toBe(Arn);
    const turned = { department: 'payments', purpose: 'test' };
    const opened = await client.send(new DecryptCommand({ CiphertextBlob: sealed.CiphertextBlob, EncryptionContext: turned }));
    expect(Buffer.from(opened.Plaintext!)).toEqual(SECRET);
    expect(opened.KeyId).toBe(Arn);

    const largest = Buffer.alloc(4096, 7);
    const large = await client.send(new EncryptCommand({ KeyId, Plaintext: largest }));
    expect(large.CiphertextBlob!.length).toBeLessThanOrEqual(6144);
    expect(Buffer.from((await client.send(new DecryptCommand({ CiphertextBlob: large.CiphertextBlob }))).Plaintext!)).toEqual(
      largest,
    );

    const made = await client.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }));
    const again = await client.send(new DecryptCommand({ CiphertextBlob: made.CiphertextBlob }));
    expect(Buffer.from(again.Plaintext!)).toEqual(Buffer.from(made.Plaintext!));
    const unseen = await client.send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId, KeySpec: 'AES_128' }));
    expect((await client.send(new DecryptCommand({ CiphertextBlob: unseen.CiphertextBlob }))).Plaintext).toHaveLength(16);
    expect([made.KeyMaterialId, unseen.KeyMaterialId, opened.KeyMaterialId]).toEqual([undefined, undefined, undefined]);

    const inside = await makeKey(client, { Origin: 'AWS_KMS' });
    const out = await makeXksKey(client, storeId, 'bar');
    for (const DestinationKeyId of [inside.KeyId, out.KeyId]) {
      const moved = await client.send(new ReEncryptCommand({ CiphertextBlob: large.CiphertextBlob, DestinationKeyId }));
      const read = await client.send(new DecryptCommand({ CiphertextBlob: moved.CiphertextBlob }));
      expect(Buffer.from(read.Plaintext!)).toEqual(largest);
    }
    const operations = proxy.records.map(({ api, kmsOperation }) => `${api} ${kmsOperation}`);
    expect(operations).toContain('Encrypt GenerateDataKey');
    expect(operations).toContain('Encrypt GenerateDataKeyWithoutPlaintext');
    expect(operations.filter((one) => one === 'Decrypt ReEncrypt')).toHaveLength(2);
    expect(operations.filter((one) => one === 'Encrypt ReEncrypt')).toHaveLength(1);
    expect(proxy.faults).toEqual([]);
  });

  it('is known to proxy, answer and CloudTrail by one request id, with caller, key and store', async () => {
    const { kms, client, proxy, storeId } = await connectedStore();
    const { KeyId, Arn } = await makeXksKey(client, storeId);
    const { $metadata } = await client.send(new EncryptCommand({ KeyId, Plaintext: SECRET }));
    const record = proxy.records.at(-1)!;
    expect(record).toMatchObject({
      api: 'Encrypt',
      kmsOperation: 'Encrypt',
      kmsRequestId: $metadata.requestId,
      caller: kms.callerArn,
      kmsKeyArn: Arn,
    });
    const trail = await trailOf(kms);
    const event = trail.find(({ requestID }) => requestID === $metadata.requestId);
    expect(event).toMatchObject({ eventName: 'Encrypt', additionalEventData: { customKeyStoreId: storeId, xksKeyId: 'foo' } });
    expect(trail.find(({ eventName }) => eventName === 'ConnectCustomKeyStore')).toMatchObject({
      requestParameters: { customKeyStoreId: storeId },
      additionalEventData: { customKeyStoreName: 'payments' },
      readOnly: false,
    });
    expect(trail.find(({ eventName }) => eventName === 'CreateKey')).toMatchObject({
      requestParameters: { origin: 'EXTERNAL_KEY_STORE', customKeyStoreId: storeId, xksKeyId: 'foo' },
      responseElements: { keyMetadata: { xksKeyConfiguration: { id: 'foo' } } },
    });
    expect(JSON.stringify(trail)).not.toContain(CREDENTIAL.secret);
    expect(JSON.stringify(trail)).not.toContain(SECRET.toString('base64'));
    const connected = trail.find(({ eventName }) => eventName === 'ConnectCustomKeyStore')?.['requestID'];
    const health = proxy.records.filter(({ api }) => api === 'GetHealthStatus');
    expect(health.map(({ kmsOperation }) => kmsOperation)).toEqual(['CreateCustomKeyStore', 'ConnectCustomKeyStore']);
    expect(health[1]?.kmsRequestId).toBe(connected);
  });

  it('is encrypted twice: who has the external key has no plaintext', async () => {
    const key = fakeKey('foo');
    const { client, storeId } = await connectedStore({ hsm: fakeHsm({ keys: [key] }) });
    const { KeyId } = await makeXksKey(client, storeId);
    const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId, Plaintext: SECRET }));
    const { sealed } = readExternal(CiphertextBlob!)!;
    const opener = createDecipheriv('aes-256-gcm', key.secret, sealed.iv);
    const sha256 = (...parts: readonly Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
    opener.setAAD(hsmAad('spec', null, sealed.metadata ?? new Uint8Array(), sha256)).setAuthTag(sealed.tag);
    const outerOpened = Buffer.concat([opener.update(sealed.ciphertext), opener.final()]);
    expect(outerOpened.includes(SECRET)).toBe(false);
    expect(outerOpened.length).toBeGreaterThan(SECRET.length);
  });

  it('does not open what is of another key, another context, or of a store that was made anew', async () => {
    const { kms, client, storeId } = await connectedStore();
    const [foo, bar] = [await makeXksKey(client, storeId), await makeXksKey(client, storeId, 'bar')];
    const sealed = await client.send(new EncryptCommand({ KeyId: foo.KeyId, Plaintext: SECRET, EncryptionContext: { a: '1' } }));
    const CiphertextBlob = sealed.CiphertextBlob!;
    const opening = (more: object) => client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: { a: '1' }, ...more }));
    await expect(opening({ KeyId: bar.KeyId })).rejects.toEqual(named('IncorrectKeyException'));
    for (const EncryptionContext of [undefined, { a: '2' }, { a: '1', b: '1' }])
      await expect(opening({ EncryptionContext })).rejects.toMatchObject({
        name: 'KMSInvalidStateException',
        message: expect.stringContaining('additional authenticated data') as string,
      });
    const changed = Uint8Array.from(CiphertextBlob);
    changed[changed.length - 1]! ^= 1;
    await expect(opening({ CiphertextBlob: changed })).rejects.toEqual(named('KMSInvalidStateException'));
    await expect(opening({ CiphertextBlob: CiphertextBlob.subarray(0, -1) })).rejects.toEqual(
      named('InvalidCiphertextException'),
    );

    for (const { KeyId } of [foo, bar]) await client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    await kms.advance(7 * DAY_MS);
    await client.send(new DisconnectCustomKeyStoreCommand({ CustomKeyStoreId: storeId }));
    await client.send(new DeleteCustomKeyStoreCommand({ CustomKeyStoreId: storeId }));
    const next = await makeStore(client);
    await connect(client, next);
    const anew = await makeXksKey(client, next);
    await expect(opening({})).rejects.toEqual(named('NotFoundException'));
    await expect(opening({ KeyId: anew.KeyId })).rejects.toEqual(named('IncorrectKeyException'));
  });

  it('is unavailable while its store is not connected, and can be switched off meanwhile', async () => {
    const { client, storeId, proxy } = await connectedStore();
    const { KeyId } = await makeXksKey(client, storeId);
    const using = () => client.send(new EncryptCommand({ KeyId, Plaintext: SECRET }));
    await using();
    await client.send(new DisconnectCustomKeyStoreCommand({ CustomKeyStoreId: storeId }));
    const stateNow = async () => (await client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState;
    expect(await stateNow()).toBe('Unavailable');
    const before = proxy.records.length;
    await expect(using()).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
      message: expect.stringContaining('is unavailable') as string,
    });
    expect(proxy.records.length).toBe(before);
    await client.send(new DisableKeyCommand({ KeyId }));
    expect(await stateNow()).toBe('Unavailable');
    await connect(client, storeId);
    expect(await stateNow()).toBe('Disabled');
    await expect(using()).rejects.toEqual(named('DisabledException'));
    await client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    await client.send(new DisconnectCustomKeyStoreCommand({ CustomKeyStoreId: storeId }));
    expect(await stateNow()).toBe('PendingDeletion');
    await client.send(new CancelKeyDeletionCommand({ KeyId }));
    expect(await stateNow()).toBe('Unavailable');
  });

  it('takes no import, no rotation, no replica and makes no key pairs', async () => {
    const { client, storeId } = await connectedStore();
    const { KeyId } = await makeXksKey(client, storeId);
    const wrapping = { WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' } as const;
    const refused: readonly (() => Promise<unknown>)[] = [
      () => client.send(new GetParametersForImportCommand({ KeyId, ...wrapping })),
      () => client.send(new RotateKeyOnDemandCommand({ KeyId })),
      () => client.send(new GetKeyRotationStatusCommand({ KeyId })),
      () => client.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: ABROAD })),
      () => client.send(new GenerateDataKeyPairCommand({ KeyId, KeyPairSpec: 'RSA_2048' })),
    ];
    for (const act of refused) await expect(act()).rejects.toEqual(named('UnsupportedOperationException'));
  });

  it('is made only once per external key, symmetric, in one Region, and with everything said', async () => {
    const { client, storeId } = await connectedStore();
    await makeXksKey(client, storeId);
    await expect(makeXksKey(client, storeId)).rejects.toEqual(named('XksKeyAlreadyInUseException'));
    const place = { CustomKeyStoreId: storeId, XksKeyId: 'bar' };
    const origin = { Origin: 'EXTERNAL_KEY_STORE' } as const;
    const refusals = [
      [{ ...origin, ...place, MultiRegion: true }, 'UnsupportedOperationException'],
      [{ ...origin, ...place, KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' }, 'UnsupportedOperationException'],
      [{ ...origin, ...place, KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }, 'UnsupportedOperationException'],
      [{ ...origin, CustomKeyStoreId: storeId }, 'ValidationException'],
      [{ ...origin, XksKeyId: 'bar' }, 'ValidationException'],
      [{ Origin: 'EXTERNAL', ...place }, 'ValidationException'],
      [{ ...place }, 'ValidationException'],
      [{ ...origin, ...place, CustomKeyStoreId: 'cks-00000000000000000' }, 'CustomKeyStoreNotFoundException'],
      [{ ...origin, ...place, XksKeyId: 'no spaces' }, 'ValidationException'],
    ] as const;
    for (const [input, name] of refusals)
      await expect(client.send(new CreateKeyCommand(input)), name).rejects.toEqual(named(name));
    await client.send(new DisconnectCustomKeyStoreCommand({ CustomKeyStoreId: storeId }));
    await expect(makeXksKey(client, storeId, 'bar')).rejects.toEqual(named('CustomKeyStoreInvalidStateException'));
  });

  it('says what it could do without asking the proxy, where that is all that is asked', async () => {
    const { client, storeId, proxy } = await connectedStore();
    const { KeyId } = await makeXksKey(client, storeId);
    const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId, Plaintext: SECRET }));
    const before = proxy.records.length;
    await expect(client.send(new EncryptCommand({ KeyId, Plaintext: SECRET, DryRun: true }))).rejects.toEqual(
      named('DryRunOperationException'),
    );
    await expect(client.send(new DecryptCommand({ CiphertextBlob, DryRun: true }))).rejects.toEqual(
      named('DryRunOperationException'),
    );
    expect(proxy.records.length).toBe(before);
  });
});

describe('what two stores cannot share', () => {
  it('is name, address with path, a name behind an endpoint service, and the service', async () => {
    const { place } = await proxyBehindTls();
    const service = (suffix: string) => `com.amazonaws.vpce.${STORE_REGION}.vpce-svc-0123456789abcdef${suffix}`;
    const dnsNames: Record<string, string> = { [service('0')]: 'xks0.example.com', [service('1')]: 'xks1.example.com' };
    const endpointServices = () =>
      Object.entries(dnsNames).map(([name, privateDnsName]) => ({ ...practiceService(STORE_REGION, privateDnsName), name }));
    const { client } = await kmsWithProxy(place, { endpointServices });
    await makeStore(client);
    const vpc = (nth: string, over = {}) => ({
      CustomKeyStoreName: `vpc ${nth}`,
      XksProxyConnectivity: 'VPC_ENDPOINT_SERVICE' as const,
      XksProxyUriEndpoint: `https://xks${nth}.example.com`,
      XksProxyVpcEndpointServiceName: service(nth),
      ...over,
    });
    await makeStore(client, vpc('0'));
    const refusals = [
      [{}, 'CustomKeyStoreNameInUseException'],
      [{ CustomKeyStoreName: 'b' }, 'XksProxyUriInUseException'],
      [vpc('1', { XksProxyUriEndpoint: ENDPOINT, XksProxyUriPath: '/kms/xks/v1' }), 'XksProxyUriEndpointInUseException'],
      [
        vpc('1', { XksProxyUriEndpoint: 'https://xks0.example.com', XksProxyUriPath: '/kms/xks/v1' }),
        'XksProxyUriEndpointInUseException',
      ],
      [
        { CustomKeyStoreName: 'b', XksProxyUriEndpoint: 'https://xks0.example.com', XksProxyUriPath: '/kms/xks/v1' },
        'XksProxyUriEndpointInUseException',
      ],
      [vpc('1', { XksProxyVpcEndpointServiceName: service('0') }), 'XksProxyVpcEndpointServiceInUseException'],
    ] as const;
    for (const [over, name] of refusals) await expect(makeStore(client, over), name).rejects.toEqual(named(name));
    await makeStore(client, vpc('1'));
  });

  it('leaves a public address to several stores by path, and room for ten', async () => {
    const { place } = await proxyBehindTls({
      stores: Array.from({ length: 11 }, (_, nth) => ({
        name: `s${nth}`,
        prefix: `/s${nth}`,
        region: STORE_REGION,
        credentials: [],
        keys: new Set(['foo']),
        foreignFramings: [],
      })),
    });
    const { client } = await kmsWithProxy(place);
    const numbered = (nth: number) =>
      makeStore(client, { CustomKeyStoreName: `s${nth}`, XksProxyUriPath: `/s${nth}/kms/xks/v1` });
    for (let nth = 0; nth < 10; nth++) await numbered(nth);
    await expect(numbered(10)).rejects.toEqual(named('LimitExceededException'));
  });
});

describe('a store that is changed', () => {
  it('takes name, path and credential while it is connected, after the proxy has answered to them', async () => {
    const next = { accessKeyId: 'NEXTNEXTNEXTNEXTNEXT', secret: 'next/secret+0123456789abcdefghijklmnopqrstuvw', since: null };
    const { client, proxy, storeId } = await connectedStore();
    const update = (input: object) => client.send(new UpdateCustomKeyStoreCommand({ CustomKeyStoreId: storeId, ...input }));
    const credential = { XksProxyAuthenticationCredential: { AccessKeyId: next.accessKeyId, RawSecretAccessKey: next.secret } };
    await expect(update(credential)).rejects.toEqual(named('XksProxyIncorrectAuthenticationCredentialException'));
    await expect(update({ XksProxyUriPath: '/elsewhere/kms/xks/v1' })).rejects.toEqual(
      named('XksProxyInvalidConfigurationException'),
    );
    expect((await lookAt(client, storeId)).XksProxyConfiguration).toMatchObject({
      AccessKeyId: CREDENTIAL.accessKeyId,
      UriPath: PATH,
    });
    proxy.serving = serving({ credentials: [CREDENTIAL, next] });
    await update(credential);
    expect(proxy.records.at(-1)).toMatchObject({ api: 'GetHealthStatus', kmsOperation: 'UpdateCustomKeyStore' });
    expect((await lookAt(client, storeId)).XksProxyConfiguration?.AccessKeyId).toBe(next.accessKeyId);
    const asked = proxy.records.length;
    await update({ NewCustomKeyStoreName: 'renamed' });
    expect(proxy.records.length).toBe(asked);
    expect(await lookAt(client, storeId)).toMatchObject({ CustomKeyStoreName: 'renamed', ConnectionState: 'CONNECTED' });
    const { KeyId } = await makeXksKey(client, storeId);
    await client.send(new EncryptCommand({ KeyId, Plaintext: SECRET }));
  });

  it('takes another address only while it is disconnected, and another way only with another address', async () => {
    const { client, storeId } = await connectedStore();
    const update = (input: object) => client.send(new UpdateCustomKeyStoreCommand({ CustomKeyStoreId: storeId, ...input }));
    const elsewhere = { XksProxyUriEndpoint: `${ENDPOINT}.` };
    await expect(update(elsewhere)).rejects.toEqual(named('CustomKeyStoreInvalidStateException'));
    await client.send(new DisconnectCustomKeyStoreCommand({ CustomKeyStoreId: storeId }));
    await update(elsewhere);
    const service = `com.amazonaws.vpce.${STORE_REGION}.vpce-svc-0123456789abcdef0`;
    const vpc = { XksProxyConnectivity: 'VPC_ENDPOINT_SERVICE', XksProxyVpcEndpointServiceName: service };
    await expect(update(vpc)).rejects.toEqual(named('ValidationException'));
    await expect(update({ ...vpc, ...{ XksProxyUriEndpoint: ENDPOINT } })).rejects.toEqual(
      named('XksProxyVpcEndpointServiceNotFoundException'),
    );
    await expect(update({ XksProxyVpcEndpointServiceName: service })).rejects.toEqual(named('ValidationException'));
    await update({ XksProxyConnectivity: 'PUBLIC_ENDPOINT', XksProxyVpcEndpointServiceName: '', XksProxyUriEndpoint: ENDPOINT });
    await expect(client.send(new UpdateCustomKeyStoreCommand({ CustomKeyStoreId: 'cks-00000000000000000' }))).rejects.toEqual(
      named('CustomKeyStoreNotFoundException'),
    );
  });
});

describe('a request about a store', () => {
  it('is refused in words that repeat no credential', async () => {
    const { client } = await kmsWithProxy(null);
    const lower = CREDENTIAL.accessKeyId.toLowerCase();
    const wrong = [
      { AccessKeyId: lower, RawSecretAccessKey: CREDENTIAL.secret },
      { AccessKeyId: CREDENTIAL.accessKeyId, RawSecretAccessKey: `${CREDENTIAL.secret}!` },
    ];
    for (const XksProxyAuthenticationCredential of wrong) {
      const refused: unknown = await makeStore(client, { XksProxyAuthenticationCredential }).catch((error: unknown) => error);
      expect(refused).toEqual(named('ValidationException'));
      expect((refused as Error).message).not.toContain(lower);
      expect((refused as Error).message).not.toContain(CREDENTIAL.secret);
    }
  });

  it.each([
    [{ XksProxyUriEndpoint: 'http://xks.example.com' }, 'ValidationException'],
    [{ XksProxyUriEndpoint: 'https://xks.example.com:8443' }, 'ValidationException'],
    [{ XksProxyUriPath: '/a/kms/xks' }, 'ValidationException'],
    [{ XksProxyUriPath: '/kms/xks/v2' }, 'XksProxyInvalidConfigurationException'],
    [{ XksProxyConnectivity: 'VPC_ENDPOINT_SERVICE' as const }, 'ValidationException'],
    [{ XksProxyVpcEndpointServiceName: 'com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0' }, 'ValidationException'],
    [{ XksProxyAuthenticationCredential: undefined }, 'ValidationException'],
  ])('has to be one KMS takes: %j', async (over, name) => {
    const { client } = await kmsWithProxy(null);
    expect(storeInput(over)).toMatchObject({ CustomKeyStoreName: 'payments' });
    await expect(makeStore(client, over)).rejects.toEqual(named(name));
  });
});

it('An HSM without the key is told as the external key that was not found', async () => {
  const { client, storeId } = await connectedStore({ hsm: hsmWith('foo') });
  await expect(makeXksKey(client, storeId, 'gone')).rejects.toEqual(named('XksKeyNotFoundException'));
});

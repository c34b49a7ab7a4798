import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ConnectCustomKeyStoreCommand,
  DecryptCommand,
  DescribeCustomKeyStoresCommand,
  DescribeKeyCommand,
  EncryptCommand,
} from '@aws-sdk/client-kms';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { STATE_FILE } from '../../../../core/rehearsal/kms/store';
import { cleanUp, clientOf, makeKey, startKms, temporaryFolder } from './ground';
import {
  connect,
  CREDENTIAL,
  HEALTHY,
  kmsWithProxy,
  lookAt,
  makeStore,
  makeXksKey,
  proxyBehindTls,
  sayingProxy,
  settled,
  STORE_REGION,
} from './store-ground';

afterEach(cleanUp);

const SECRET = Buffer.from('the secret of the day');

describe('the state of a rehearsal KMS with external key stores', () => {
  it('outlives a restart: store, credential, connection, keys and ciphertexts', async () => {
    const folder = await temporaryFolder();
    const { place } = await proxyBehindTls();
    const first = await kmsWithProxy(place, { folder });
    const storeId = await makeStore(first.client);
    await connect(first.client, storeId);
    const { KeyId } = await makeXksKey(first.client, storeId);
    const { CiphertextBlob } = await first.client.send(new EncryptCommand({ KeyId, Plaintext: SECRET }));
    await first.kms.stop();
    if (process.platform !== 'win32') expect((await stat(join(folder, STATE_FILE))).mode & 0o077).toBe(0);

    const { client } = await kmsWithProxy(place, { folder });
    expect(await lookAt(client, storeId)).toMatchObject({
      ConnectionState: 'CONNECTED',
      XksProxyConfiguration: { AccessKeyId: CREDENTIAL.accessKeyId },
    });
    const { Plaintext } = await client.send(new DecryptCommand({ CiphertextBlob }));
    expect(Buffer.from(Plaintext!)).toEqual(SECRET);
  });

  it('goes on with a connection that was on its way when it ended', async () => {
    const folder = await temporaryFolder();
    const { place } = await proxyBehindTls();
    const hanging = await sayingProxy((_, body) =>
      (body['requestMetadata'] as { kmsOperation: string }).kmsOperation === 'ConnectCustomKeyStore'
        ? 'silence'
        : { body: HEALTHY },
    );
    const first = await kmsWithProxy(hanging.place, { folder });
    const storeId = await makeStore(first.client);
    await first.client.send(new ConnectCustomKeyStoreCommand({ CustomKeyStoreId: storeId }));
    expect(await lookAt(first.client, storeId)).toMatchObject({ ConnectionState: 'CONNECTING' });
    await first.kms.stop();

    const { client } = await kmsWithProxy(place, { folder });
    expect(await settled(client, storeId)).toMatchObject({ ConnectionState: 'CONNECTED' });
  });

  it('of before there were such stores still opens, with its keys', async () => {
    const folder = await temporaryFolder();
    const first = await startKms({ folder, regions: [STORE_REGION] });
    const { KeyId } = await makeKey(clientOf(first, STORE_REGION), { Origin: 'AWS_KMS' });
    await first.stop();
    const path = join(folder, STATE_FILE);
    const state = JSON.parse(await readFile(path, 'utf8')) as {
      keyStores?: unknown;
      keys: Record<string, { external?: unknown }>;
    };
    expect(state.keyStores).toEqual([]);
    delete state.keyStores;
    for (const key of Object.values(state.keys)) delete key.external;
    await writeFile(path, JSON.stringify(state));

    const client = clientOf(await startKms({ folder, regions: [STORE_REGION] }), STORE_REGION);
    expect((await client.send(new DescribeCustomKeyStoresCommand({}))).CustomKeyStores).toEqual([]);
    expect((await client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata).toMatchObject({ KeyState: 'Enabled' });
    await client.send(new EncryptCommand({ KeyId, Plaintext: SECRET }));
  });
});

it('The health of connected proxies is asked for in between, where that is wished', async () => {
  let polled = (): void => undefined;
  const twice = new Promise<void>((resolve) => (polled = resolve));
  const operations: string[] = [];
  const proxy = await sayingProxy((_, body) => {
    operations.push((body['requestMetadata'] as { kmsOperation: string }).kmsOperation);
    if (operations.filter((one) => one === 'KmsHealthCheck').length === 2) polled();
    return { body: HEALTHY };
  });
  const { kms, client } = await kmsWithProxy(proxy.place, { healthPollMs: 20 });
  onTestFinished(() => kms.stop());
  const storeId = await makeStore(client);
  expect(operations).toEqual(['CreateCustomKeyStore']);
  await connect(client, storeId);
  await twice;
  expect(operations.slice(0, 2)).toEqual(['CreateCustomKeyStore', 'ConnectCustomKeyStore']);
});

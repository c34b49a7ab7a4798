import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateKeyCommand, DecryptCommand, EncryptCommand, GenerateDataKeyCommand } from '@aws-sdk/client-kms';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { cleanUp, trailOf } from '../core/rehearsal/kms/ground';
import {
  connect,
  HOST,
  kmsWithProxy,
  makeStore,
  makeXksKey,
  placeOf,
  serverCertificate,
} from '../core/rehearsal/kms/store-ground';
import { buildEntries, type BuiltEntries } from './build-child';
import { hasSoftHsm } from './ground';
import {
  FIRST,
  isServing,
  KEY,
  makeServiceToken,
  OTHER_KEY,
  REGION,
  startService,
  until,
  writeServiceSettings,
  type Token,
} from './service-ground';

const SECRET = Buffer.from('the secret of the day');
const CREDENTIAL = { AccessKeyId: FIRST.accessKeyId, RawSecretAccessKey: FIRST.secret };

describe.skipIf(!hasSoftHsm)('a key store of the rehearsal KMS over the whole proxy and SoftHSM', () => {
  let built: BuiltEntries;
  let token: Token;

  beforeAll(async () => {
    built = await buildEntries({ 'hsm-process': 'proxy/hsm/process/main.ts' });
    token = makeServiceToken();
  });

  afterEach(cleanUp);

  afterAll(async () => {
    token.remove();
    await built.remove();
  });

  async function serve() {
    const folder = join(token.folder, 'key-store');
    mkdirSync(folder, { mode: 0o700 });
    const certificate = serverCertificate();
    const tls = { certificateFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
    writeFileSync(tls.certificateFile, certificate.certPem);
    writeFileSync(tls.keyFile, certificate.keyPem, { mode: 0o600 });
    const proxy = await startService(writeServiceSettings(token, folder, { tls }), built.path('hsm-process'));
    onTestFinished(() => proxy.stop());
    await until(() => isServing(proxy));
    return proxy;
  }

  it('is registered, connected and used; the kill switch ends every use at once, and arming gives them back', async () => {
    const proxy = await serve();
    const { kms, client } = await kmsWithProxy(placeOf(proxy.server.port), { regions: [REGION] }, REGION);
    const storeId = await makeStore(client, {
      XksProxyUriEndpoint: `https://${HOST}`,
      XksProxyUriPath: '/kms/xks/v1',
      XksProxyAuthenticationCredential: CREDENTIAL,
    });
    expect(await connect(client, storeId)).toMatchObject({ ConnectionState: 'CONNECTED' });
    const { KeyId } = await makeXksKey(client, storeId, KEY);
    const context = { project: 'nile' };
    const sealed = await client.send(new EncryptCommand({ KeyId, Plaintext: SECRET, EncryptionContext: context }));
    const opening = new DecryptCommand({ CiphertextBlob: sealed.CiphertextBlob, EncryptionContext: context });
    expect(Buffer.from((await client.send(opening)).Plaintext!)).toEqual(SECRET);
    const made = await client.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }));
    const again = await client.send(new DecryptCommand({ CiphertextBlob: made.CiphertextBlob }));
    expect(Buffer.from(again.Plaintext!)).toEqual(Buffer.from(made.Plaintext!));

    await proxy.handlers.kill({ who: 'a test', why: 'to see' });
    const anew = () => client.send(new DecryptCommand({ CiphertextBlob: sealed.CiphertextBlob, EncryptionContext: context }));
    await expect(anew()).rejects.toMatchObject({ name: 'KMSInvalidStateException' });
    const other = { Origin: 'EXTERNAL_KEY_STORE', CustomKeyStoreId: storeId, XksKeyId: OTHER_KEY } as const;
    await expect(client.send(new CreateKeyCommand(other))).rejects.toMatchObject({
      name: expect.stringMatching(/^(XksKeyInvalidConfiguration|CustomKeyStoreInvalidState)Exception$/) as string,
    });
    await proxy.handlers.arm({ who: 'a test', why: 'to see' });
    await until(() => isServing(proxy));
    expect(Buffer.from((await anew()).Plaintext!)).toEqual(SECRET);

    const failed = (await trailOf(kms)).find(({ errorCode }) => errorCode === 'KMSInvalidStateException');
    expect(failed).toMatchObject({ eventName: 'Decrypt', additionalEventData: { customKeyStoreId: storeId, xksKeyId: KEY } });
  });
});

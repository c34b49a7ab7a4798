import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import {
  CreateKeyCommand,
  DescribeKeyCommand,
  GetParametersForImportCommand,
  ImportKeyMaterialCommand,
  KMSClient,
  ListKeysCommand,
} from '@aws-sdk/client-kms';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, describe, expect, it } from 'vitest';
import { ABROAD, cachedWrappingPair, cleanUp, clientOf, HOME, makeKey, startKms, trailOf, wrapWithOpenSsl } from './ground';

afterEach(cleanUp);

const PARAMETERS = { WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' } as const;

describe('a fault', () => {
  it('that loses the answer has the act done', async () => {
    const kms = await startKms();
    const client = clientOf(kms);
    kms.fail({ operation: 'CreateKey', times: 1, kind: { lostAnswer: true } });
    await expect(client.send(new CreateKeyCommand({ Origin: 'EXTERNAL' }))).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect((await client.send(new ListKeysCommand())).Keys).toHaveLength(1);
    expect((await trailOf(kms)).filter(({ eventName }) => eventName === 'CreateKey')).toHaveLength(1);
  });

  it('that loses the answer of an import leaves the key with its material', async () => {
    const kms = await startKms();
    const client = clientOf(kms);
    const { KeyId } = await makeKey(client);
    const set = await client.send(new GetParametersForImportCommand({ KeyId, ...PARAMETERS }));
    const input = {
      KeyId,
      ImportToken: set.ImportToken,
      EncryptedKeyMaterial: wrapWithOpenSsl('RSAES_OAEP_SHA_256', set.PublicKey!, randomBytes(32)),
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    } as const;
    kms.fail({ operation: 'ImportKeyMaterial', times: 1, kind: { lostAnswer: true } });
    await expect(client.send(new ImportKeyMaterialCommand(input))).rejects.toThrow();
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId }));
    expect(KeyMetadata?.KeyState).toBe('Enabled');
    const again = await client.send(new ImportKeyMaterialCommand(input));
    expect(again.KeyMaterialId).toBe(KeyMetadata?.CurrentKeyMaterialId);
  });

  it('that loses the request has nothing done', async () => {
    const kms = await startKms();
    const client = clientOf(kms);
    kms.fail({ operation: 'CreateKey', times: 1, kind: { lostRequest: true } });
    await expect(client.send(new CreateKeyCommand({}))).rejects.toThrow();
    expect((await client.send(new ListKeysCommand())).Keys).toEqual([]);
  });

  it('is what a client of AWS makes of it, as often as it was asked for, for its operation alone', async () => {
    const kms = await startKms();
    const client = clientOf(kms);
    const { KeyId } = await makeKey(client);
    kms.fail({ operation: 'DescribeKey', times: 2, kind: { error: { name: 'KMSInternalException', message: 'for practice' } } });
    kms.fail({ operation: 'DescribeKey', times: 1, kind: { error: { name: 'AccessDeniedException', status: 403 } } });
    await client.send(new ListKeysCommand());
    const describeIt = () => client.send(new DescribeKeyCommand({ KeyId }));
    for (let time = 0; time < 2; time++)
      await expect(describeIt()).rejects.toMatchObject({
        name: 'KMSInternalException',
        message: 'for practice',
        $metadata: { httpStatusCode: 500 },
      });
    await expect(describeIt()).rejects.toMatchObject({ name: 'AccessDeniedException', $metadata: { httpStatusCode: 403 } });
    await describeIt();
    kms.fail({ operation: '*', times: 5, kind: { throttle: true } });
    await expect(describeIt()).rejects.toMatchObject({ name: 'ThrottlingException' });
    kms.clearFaults();
    await describeIt();
  });

  it('that shows yesterday hides the last change for one call', async () => {
    const kms = await startKms();
    const client = clientOf(kms);
    const { KeyId } = await makeKey(client);
    kms.fail({ operation: 'DescribeKey', times: 1, kind: { stale: true } });
    await expect(client.send(new DescribeKeyCommand({ KeyId }))).rejects.toMatchObject({ name: 'NotFoundException' });
    await client.send(new DescribeKeyCommand({ KeyId }));
  });

  it('that throttles is survived by a client that tries again', async () => {
    const kms = await startKms();
    const { KeyId } = await makeKey(clientOf(kms));
    kms.fail({ operation: 'DescribeKey', times: 1, kind: { throttle: true } });
    await clientOf(kms, HOME, 3).send(new DescribeKeyCommand({ KeyId }));
  });

  it('that delays lets a client run out of patience', async () => {
    const kms = await startKms();
    const client = clientOf(kms);
    kms.fail({ operation: 'ListKeys', times: 1, kind: { delayMs: 400 } });
    const signal = AbortSignal.timeout(50);
    await expect(client.send(new ListKeysCommand(), { abortSignal: signal })).rejects.toMatchObject({ name: 'AbortError' });
    await client.send(new ListKeysCommand());
  });
});

describe('the end of a rehearsal KMS', () => {
  it('waits for nobody who has not finished asking, and for no delay', async () => {
    const kms = await startKms();
    const socket = connect(Number(new URL(kms.endpoint(HOME)).port), '127.0.0.1');
    const gone = new Promise<void>((resolve) => {
      socket.on('error', () => undefined).on('close', () => resolve());
    });
    await once(socket, 'connect');
    socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nhalf');
    kms.fail({ operation: 'ListKeys', times: 1, kind: { delayMs: 3_600_000 } });
    const client = clientOf(kms);
    const asked = [client.send(new ListKeysCommand()), client.send(new ListKeysCommand())];
    const outcomes = Promise.allSettled(asked);
    // The one that is answered came second: the first has the delay, and has arrived.
    await Promise.race(asked);
    await kms.stop();
    const cut = (await outcomes).filter(({ status }) => status === 'rejected');
    expect(cut).toMatchObject([{ reason: { code: 'ECONNRESET' } }]);
    await gone;
  });

  it('answers what is under way', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let began = (): void => undefined;
    const begun = new Promise<void>((resolve) => {
      began = resolve;
    });
    const kms = await startKms({
      makeWrappingPair: async (bits) => {
        began();
        await held;
        return cachedWrappingPair(bits);
      },
    });
    const client = clientOf(kms);
    const { KeyId } = await makeKey(client);
    const asked = client.send(new GetParametersForImportCommand({ KeyId, ...PARAMETERS }));
    await begun;
    const stopped = kms.stop();
    release();
    expect((await asked).ImportToken).toBeInstanceOf(Uint8Array);
    await stopped;
  });
});

describe('the quota of GetParametersForImport', () => {
  it('lets one call through in four seconds, in each Region', async () => {
    const kms = await startKms({ throttle: true });
    const [home, abroad] = [clientOf(kms), clientOf(kms, ABROAD)];
    const [here, there] = [await makeKey(home), await makeKey(abroad)];
    const ask = () => home.send(new GetParametersForImportCommand({ KeyId: here.KeyId, ...PARAMETERS }));
    await ask();
    await expect(ask()).rejects.toMatchObject({
      name: 'ThrottlingException',
      message: expect.stringContaining('exceeded the rate'),
    });
    await abroad.send(new GetParametersForImportCommand({ KeyId: there.KeyId, ...PARAMETERS }));
    await kms.advance(4_000);
    await ask();
  });
});

describe('a signature', () => {
  const send = (client: KMSClient) => client.send(new ListKeysCommand()).finally(() => client.destroy());

  it('of nobody it knows, or with another secret, is refused', async () => {
    const kms = await startKms();
    const at = { region: HOME, endpoint: kms.endpoint(HOME), maxAttempts: 1 };
    const stranger = { ...kms.credentials, accessKeyId: 'AKIASOMEBODYELSE0000' };
    await expect(send(new KMSClient({ ...at, credentials: stranger }))).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
      message: 'The security token included in the request is invalid.',
    });
    const forger = { ...kms.credentials, secretAccessKey: 'guessed' };
    await expect(send(new KMSClient({ ...at, credentials: forger }))).rejects.toMatchObject({
      name: 'InvalidSignatureException',
      message: expect.stringContaining('does not match the signature you provided'),
    });
    const sts = new STSClient({ ...at, credentials: forger });
    await expect(sts.send(new GetCallerIdentityCommand())).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
    sts.destroy();
  });

  it('for another Region is refused', async () => {
    const kms = await startKms();
    const wrong = new KMSClient({ region: ABROAD, endpoint: kms.endpoint(HOME), credentials: kms.credentials, maxAttempts: 1 });
    await expect(send(wrong)).rejects.toMatchObject({
      name: 'InvalidSignatureException',
      message: expect.stringContaining(`not '${ABROAD}'`),
    });
  });

  it.each([
    [6 * 60_000, /^Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min\.\)$/],
    [-6 * 60_000, /^Signature not yet current: \d{8}T\d{6}Z is still later than \d{8}T\d{6}Z \(\d{8}T\d{6}Z \+ 5 min\.\)$/],
  ])('made by a clock %d ms away is refused in the words of AWS', async (skewMs, message) => {
    const kms = await startKms();
    kms.fail({ operation: 'ListKeys', times: 1, kind: { skewMs } });
    await expect(clientOf(kms).send(new ListKeysCommand())).rejects.toMatchObject({
      name: 'InvalidSignatureException',
      message: expect.stringMatching(message),
    });
    kms.fail({ operation: 'ListKeys', times: 1, kind: { skewMs: Math.sign(skewMs) * 4 * 60_000 } });
    await clientOf(kms).send(new ListKeysCommand());
  });

  it('is good however far the clock of the rehearsal was moved', async () => {
    const kms = await startKms();
    await kms.advance(400 * 86_400_000);
    await clientOf(kms).send(new ListKeysCommand());
  });

  it('is asked of everybody, and the answer says that this is a rehearsal', async () => {
    const kms = await startKms();
    const post = (headers: Record<string, string>, body = '{}') =>
      fetch(kms.endpoint(HOME), { method: 'POST', headers: { 'x-amz-target': 'TrentService.ListKeys', ...headers }, body });
    const bare = await post({});
    expect(bare.status).toBe(400);
    expect(bare.headers.get('x-keyrite-rehearsal')).toBe('1');
    expect(bare.headers.get('x-amzn-errortype')).toBe('MissingAuthenticationTokenException');
    expect(await bare.json()).toEqual({ __type: 'MissingAuthenticationTokenException', message: 'Missing Authentication Token' });
    const half = await post({ authorization: 'AWS4-HMAC-SHA256 Credential=A/20260101/eu-central-1/kms/aws4_request' });
    expect(await half.json()).toMatchObject({
      __type: 'IncompleteSignatureException',
      message: "Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter.",
    });
    const huge = await post({}, 'x'.repeat(2 << 20));
    expect(huge.status).toBe(413);
  });

  it('covers what is answered: a good answer is marked too', async () => {
    const kms = await startKms();
    const client = clientOf(kms);
    let mark: unknown;
    client.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        mark = (result.response as { headers: Record<string, string> }).headers['x-keyrite-rehearsal'];
        return result;
      },
      { step: 'deserialize', priority: 'low' },
    );
    await client.send(new ListKeysCommand());
    expect(mark).toBe('1');
  });
});

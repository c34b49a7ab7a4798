import { createHmac, createVerify, generateKeyPairSync, publicEncrypt, constants, randomBytes } from 'node:crypto';
import {
  DecryptCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  GenerateMacCommand,
  GetKeyLastUsageCommand,
  GetPublicKeyCommand,
  ReEncryptCommand,
  SignCommand,
  VerifyCommand,
  VerifyMacCommand,
} from '@aws-sdk/client-kms';
import { afterEach, describe, expect, it } from 'vitest';
import { cleanUp, clientOf, importMaterial, makeKey, startKms } from './ground';

afterEach(cleanUp);

const bytes = (text: string) => Buffer.from(text);

describe('a MAC', () => {
  it.each([
    ['HMAC_224', 'HMAC_SHA_224', 'sha224', 28],
    ['HMAC_256', 'HMAC_SHA_256', 'sha256', 32],
    ['HMAC_384', 'HMAC_SHA_384', 'sha384', 48],
    ['HMAC_512', 'HMAC_SHA_512', 'sha512', 64],
  ] as const)('of a %s key is the one its material makes outside', async (KeySpec, MacAlgorithm, hash, length) => {
    const client = clientOf(await startKms());
    const material = randomBytes(length);
    const { KeyId } = await makeKey(client, { KeySpec, KeyUsage: 'GENERATE_VERIFY_MAC' });
    await importMaterial(client, KeyId!, material);
    const Message = bytes('proof of import');
    const { Mac } = await client.send(new GenerateMacCommand({ KeyId, MacAlgorithm, Message }));
    expect(Buffer.from(Mac!)).toEqual(createHmac(hash, material).update(Message).digest());
    expect(await client.send(new VerifyMacCommand({ KeyId, MacAlgorithm, Message, Mac }))).toMatchObject({ MacValid: true });
    await expect(client.send(new VerifyMacCommand({ KeyId, MacAlgorithm, Message: bytes('x'), Mac }))).rejects.toMatchObject({
      name: 'KMSInvalidMacException',
    });
  });

  it('needs the algorithm of the key', async () => {
    const client = clientOf(await startKms());
    const { KeyId } = await makeKey(client, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
    await importMaterial(client, KeyId!, randomBytes(32));
    await expect(
      client.send(new GenerateMacCommand({ KeyId, MacAlgorithm: 'HMAC_SHA_512', Message: bytes('x') })),
    ).rejects.toMatchObject({
      name: 'InvalidKeyUsageException',
      message: 'Algorithm HMAC_SHA_512 is incompatible with key spec HMAC_256.',
    });
  });
});

describe('an imported key pair', () => {
  it('signs so that OpenSSL verifies it', async () => {
    const client = clientOf(await startKms());
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { KeyId } = await makeKey(client, { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
    await importMaterial(client, KeyId!, pair.privateKey.export({ type: 'pkcs8', format: 'der' }));
    const ask = { KeyId, SigningAlgorithm: 'ECDSA_SHA_256', Message: bytes('signed') } as const;
    const { Signature } = await client.send(new SignCommand(ask));
    expect(createVerify('sha256').update('signed').verify(pair.publicKey, Signature!)).toBe(true);
    expect(await client.send(new VerifyCommand({ ...ask, Signature }))).toMatchObject({ SignatureValid: true });
    await expect(client.send(new VerifyCommand({ ...ask, Message: bytes('x'), Signature }))).rejects.toMatchObject({
      name: 'KMSInvalidSignatureException',
    });
    await expect(client.send(new SignCommand({ ...ask, SigningAlgorithm: 'ECDSA_SHA_384' }))).rejects.toMatchObject({
      name: 'InvalidKeyUsageException',
    });
  });

  it.each(['RSASSA_PKCS1_V1_5_SHA_256', 'RSASSA_PSS_SHA_512'] as const)('of RSA signs by %s', async (SigningAlgorithm) => {
    const client = clientOf(await startKms());
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const { KeyId } = await makeKey(client, { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' });
    const algorithm = 'RSA_AES_KEY_WRAP_SHA_256';
    await importMaterial(client, KeyId!, pair.privateKey.export({ type: 'pkcs8', format: 'der' }), { algorithm });
    const { Signature } = await client.send(new SignCommand({ KeyId, SigningAlgorithm, Message: bytes('signed') }));
    const isPss = SigningAlgorithm.includes('PSS');
    const padding = isPss ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
    const verifier = createVerify(isPss ? 'sha512' : 'sha256').update('signed');
    expect(verifier.verify({ key: pair.publicKey, padding, saltLength: isPss ? 64 : undefined }, Signature!)).toBe(true);
    expect(await client.send(new VerifyCommand({ KeyId, SigningAlgorithm, Message: bytes('signed'), Signature }))).toMatchObject({
      SignatureValid: true,
    });
  });

  it('of RSA decrypts what was encrypted outside, up to what OAEP takes', async () => {
    const client = clientOf(await startKms());
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const { KeyId } = await makeKey(client, { KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' });
    const algorithm = 'RSA_AES_KEY_WRAP_SHA_256';
    await importMaterial(client, KeyId!, pair.privateKey.export({ type: 'pkcs8', format: 'der' }), { algorithm });
    const EncryptionAlgorithm = 'RSAES_OAEP_SHA_256';
    const key = { key: pair.publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
    const CiphertextBlob = publicEncrypt(key, bytes('from outside'));
    const { Plaintext } = await client.send(new DecryptCommand({ KeyId, CiphertextBlob, EncryptionAlgorithm }));
    expect(Buffer.from(Plaintext!).toString()).toBe('from outside');
    await client.send(new EncryptCommand({ KeyId, EncryptionAlgorithm, Plaintext: randomBytes(190) }));
    await expect(
      client.send(new EncryptCommand({ KeyId, EncryptionAlgorithm, Plaintext: randomBytes(191) })),
    ).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Algorithm RSAES_OAEP_SHA_256 and key spec RSA_2048 cannot encrypt data larger than 190 bytes.',
    });
  });
});

describe('a symmetric key', () => {
  it('makes data keys, with and without telling them', async () => {
    const client = clientOf(await startKms());
    const { KeyId, Arn } = await makeKey(client);
    await importMaterial(client, KeyId!, randomBytes(32));
    const EncryptionContext = { tenant: 'a' };
    const told = await client.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256', EncryptionContext }));
    expect(told).toMatchObject({ KeyId: Arn, KeyMaterialId: expect.any(String) });
    const opened = await client.send(new DecryptCommand({ CiphertextBlob: told.CiphertextBlob, EncryptionContext }));
    expect(opened.Plaintext).toEqual(told.Plaintext);
    expect(told.Plaintext).toHaveLength(32);
    const secret = await client.send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId, NumberOfBytes: 24 }));
    expect(secret).not.toHaveProperty('Plaintext');
    expect((await client.send(new DecryptCommand({ CiphertextBlob: secret.CiphertextBlob }))).Plaintext).toHaveLength(24);
    await expect(client.send(new GenerateDataKeyCommand({ KeyId }))).rejects.toMatchObject({
      message: 'Please specify either number of bytes or key spec.',
    });
  });

  it('re-encrypts from a key of AWS to an imported one, and says both', async () => {
    const client = clientOf(await startKms());
    const source = await makeKey(client, { Origin: 'AWS_KMS' });
    const target = await makeKey(client);
    await importMaterial(client, target.KeyId!, randomBytes(32));
    const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId: source.KeyId, Plaintext: bytes('moved') }));
    const moved = await client.send(
      new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: target.KeyId, DestinationEncryptionContext: { at: 'home' } }),
    );
    expect(moved).toMatchObject({ SourceKeyId: source.Arn, KeyId: target.Arn });
    expect(moved.SourceKeyMaterialId).not.toBe(moved.DestinationKeyMaterialId);
    const { Plaintext } = await client.send(
      new DecryptCommand({ CiphertextBlob: moved.CiphertextBlob, EncryptionContext: { at: 'home' } }),
    );
    expect(Buffer.from(Plaintext!).toString()).toBe('moved');
  });

  it('does not open what belongs to another key, and none opens what was changed', async () => {
    const client = clientOf(await startKms());
    const [one, other] = [await makeKey(client, { Origin: 'AWS_KMS' }), await makeKey(client, { Origin: 'AWS_KMS' })];
    const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId: one.KeyId, Plaintext: bytes('mine') }));
    await expect(client.send(new DecryptCommand({ CiphertextBlob, KeyId: other.KeyId }))).rejects.toMatchObject({
      name: 'IncorrectKeyException',
      message: 'The key ID in the request does not identify a CMK that can perform this operation.',
    });
    const changed = Uint8Array.from(CiphertextBlob!);
    changed[changed.length - 1]! ^= 1;
    await expect(client.send(new DecryptCommand({ CiphertextBlob: changed }))).rejects.toMatchObject({
      name: 'InvalidCiphertextException',
    });
    await expect(client.send(new DecryptCommand({ CiphertextBlob: bytes('nonsense') }))).rejects.toMatchObject({
      name: 'InvalidCiphertextException',
    });
  });

  it('has no public key and makes no MACs, with the words of AWS', async () => {
    const client = clientOf(await startKms());
    const { KeyId, Arn } = await makeKey(client, { Origin: 'AWS_KMS' });
    await expect(client.send(new GetPublicKeyCommand({ KeyId }))).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
    });
    await expect(
      client.send(new GenerateMacCommand({ KeyId, MacAlgorithm: 'HMAC_SHA_256', Message: bytes('x') })),
    ).rejects.toMatchObject({
      name: 'InvalidKeyUsageException',
      message: `${Arn!} key usage is ENCRYPT_DECRYPT which is not valid for GenerateMac.`,
    });
  });

  it('can be tried without being used', async () => {
    const client = clientOf(await startKms());
    const { KeyId } = await makeKey(client, { Origin: 'AWS_KMS' });
    await expect(client.send(new EncryptCommand({ KeyId, Plaintext: bytes('x'), DryRun: true }))).rejects.toMatchObject({
      name: 'DryRunOperationException',
    });
    expect((await client.send(new GetKeyLastUsageCommand({ KeyId }))).KeyLastUsage).toEqual({});
  });

  it('knows when it was last used, and by which request', async () => {
    const kms = await startKms();
    const client = clientOf(kms);
    const { KeyId } = await makeKey(client, { Origin: 'AWS_KMS' });
    const used = await client.send(new EncryptCommand({ KeyId, Plaintext: bytes('x') }));
    const { KeyLastUsage, KeyCreationDate } = await client.send(new GetKeyLastUsageCommand({ KeyId }));
    expect(KeyLastUsage).toMatchObject({ Operation: 'Encrypt', KmsRequestId: used.$metadata.requestId });
    expect(KeyCreationDate!.getTime()).toBeLessThanOrEqual(KeyLastUsage!.Timestamp!.getTime());
  });
});

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EncryptCommand,
  GetParametersForImportCommand,
  GetPublicKeyCommand,
  ImportKeyMaterialCommand,
  type AlgorithmSpec,
  type KeySpec,
  type KeyUsageType,
  type WrappingKeySpec,
} from '@aws-sdk/client-kms';
import { afterEach, describe, expect, it } from 'vitest';
import { makeWrappingPair } from '../../../../core/rehearsal/kms/wrapping-pair';
import { ABROAD, cleanUp, clientOf, importMaterial, makeKey, startKms, wrapWithOpenSsl } from './ground';

afterEach(cleanUp);

const DAY_MS = 86_400_000;

type Case = readonly [KeySpec, KeyUsageType, AlgorithmSpec, WrappingKeySpec];

const SECRETS: readonly Case[] = [
  ['SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', 'RSAES_OAEP_SHA_1', 'RSA_2048'],
  ['SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', 'RSAES_OAEP_SHA_256', 'RSA_4096'],
  ['HMAC_224', 'GENERATE_VERIFY_MAC', 'RSAES_OAEP_SHA_256', 'RSA_2048'],
  ['HMAC_256', 'GENERATE_VERIFY_MAC', 'RSAES_OAEP_SHA_1', 'RSA_2048'],
  ['HMAC_384', 'GENERATE_VERIFY_MAC', 'RSAES_OAEP_SHA_256', 'RSA_2048'],
  ['HMAC_512', 'GENERATE_VERIFY_MAC', 'RSAES_OAEP_SHA_256', 'RSA_3072'],
];

const PAIRS: readonly Case[] = [
  ['RSA_2048', 'SIGN_VERIFY', 'RSA_AES_KEY_WRAP_SHA_256', 'RSA_2048'],
  ['RSA_3072', 'ENCRYPT_DECRYPT', 'RSA_AES_KEY_WRAP_SHA_1', 'RSA_2048'],
  ['ECC_NIST_P256', 'SIGN_VERIFY', 'RSAES_OAEP_SHA_256', 'RSA_2048'],
  ['ECC_NIST_P384', 'KEY_AGREEMENT', 'RSAES_OAEP_SHA_1', 'RSA_2048'],
  ['ECC_NIST_P521', 'SIGN_VERIFY', 'RSAES_OAEP_SHA_256', 'RSA_3072'],
  ['ECC_NIST_P521', 'SIGN_VERIFY', 'RSA_AES_KEY_WRAP_SHA_256', 'RSA_2048'],
  ['ECC_SECG_P256K1', 'SIGN_VERIFY', 'RSAES_OAEP_SHA_256', 'RSA_2048'],
];

const BYTES: Readonly<Record<string, number>> = { SYMMETRIC_DEFAULT: 32, HMAC_224: 28, HMAC_256: 32, HMAC_384: 48, HMAC_512: 64 };
const CURVES: Readonly<Record<string, string>> = {
  ECC_NIST_P256: 'P-256',
  ECC_NIST_P384: 'P-384',
  ECC_NIST_P521: 'P-521',
  ECC_SECG_P256K1: 'secp256k1',
};

function newPair(spec: string) {
  return spec.startsWith('RSA_')
    ? generateKeyPairSync('rsa', { modulusLength: Number(spec.slice(4)) })
    : generateKeyPairSync('ec', { namedCurve: CURVES[spec]! });
}

describe('imported material', () => {
  it.each(SECRETS)('of a %s key for %s arrives under %s with %s', async (KeySpec, KeyUsage, algorithm, wrappingKeySpec) => {
    const client = clientOf(await startKms());
    const key = await makeKey(client, { KeySpec, KeyUsage });
    await importMaterial(client, key.KeyId!, randomBytes(BYTES[KeySpec]!), { algorithm, wrappingKeySpec });
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: key.KeyId }));
    expect(KeyMetadata).toMatchObject({ KeyState: 'Enabled', KeySpec, KeyUsage });
    expect(KeyMetadata?.CurrentKeyMaterialId !== undefined).toBe(KeySpec === 'SYMMETRIC_DEFAULT');
  });

  it.each(PAIRS)(
    'of a %s key for %s under %s with %s gives the public key it belongs to',
    async (KeySpec, KeyUsage, algorithm, wrappingKeySpec) => {
      const client = clientOf(await startKms());
      const pair = newPair(KeySpec);
      const key = await makeKey(client, { KeySpec, KeyUsage });
      const answer = await importMaterial(client, key.KeyId!, pair.privateKey.export({ type: 'pkcs8', format: 'der' }), {
        algorithm,
        wrappingKeySpec,
      });
      expect(answer.KeyMaterialId).toBeUndefined();
      const told = await client.send(new GetPublicKeyCommand({ KeyId: key.KeyId }));
      expect(Buffer.from(told.PublicKey!)).toEqual(pair.publicKey.export({ type: 'spki', format: 'der' }));
      expect(told).toMatchObject({ KeySpec, KeyUsage });
    },
  );

  it.each([
    ['RSA_2048', 'SIGN_VERIFY', 'RSAES_OAEP_SHA_256', 'RSA_4096'],
    ['ECC_NIST_P521', 'SIGN_VERIFY', 'RSAES_OAEP_SHA_1', 'RSA_2048'],
    ['SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', 'RSA_AES_KEY_WRAP_SHA_256', 'RSA_2048'],
    ['SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', 'RSAES_PKCS1_V1_5', 'RSA_2048'],
  ] satisfies Case[])(
    'of a %s key for %s has no wrapping key for %s with %s',
    async (KeySpec, KeyUsage, WrappingAlgorithm, WrappingKeySpec) => {
      const client = clientOf(await startKms());
      const { KeyId } = await makeKey(client, { KeySpec, KeyUsage });
      await expect(
        client.send(new GetParametersForImportCommand({ KeyId, WrappingAlgorithm, WrappingKeySpec })),
      ).rejects.toMatchObject({ name: 'UnsupportedOperationException' });
    },
  );

  it('is wrapped under a key that is made for it', async () => {
    const client = clientOf(await startKms({ makeWrappingPair }));
    const { KeyId } = await makeKey(client);
    const ask = { KeyId, WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' } as const;
    const [one, other] = [
      await client.send(new GetParametersForImportCommand(ask)),
      await client.send(new GetParametersForImportCommand(ask)),
    ];
    expect(Buffer.from(one.PublicKey!)).not.toEqual(Buffer.from(other.PublicKey!));
    const blob = wrapWithOpenSsl('RSAES_OAEP_SHA_256', one.PublicKey!, randomBytes(32));
    const input = { KeyId, EncryptedKeyMaterial: blob, ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' } as const;
    await expect(client.send(new ImportKeyMaterialCommand({ ...input, ImportToken: other.ImportToken }))).rejects.toMatchObject({
      name: 'InvalidCiphertextException',
    });
    await client.send(new ImportKeyMaterialCommand({ ...input, ImportToken: one.ImportToken }));
  });

  it('is refused for a key whose material AWS made, with the words of AWS', async () => {
    const client = clientOf(await startKms());
    const { KeyId, Arn } = await makeKey(client, { Origin: 'AWS_KMS' });
    const refused = client.send(
      new GetParametersForImportCommand({ KeyId, WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' }),
    );
    await expect(refused).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
      message: `${Arn!} origin is AWS_KMS which is not valid for this operation.`,
    });
  });
});

describe('an import is refused', () => {
  async function prepared() {
    const kms = await startKms();
    const client = clientOf(kms);
    const key = await makeKey(client);
    const set = await client.send(
      new GetParametersForImportCommand({
        KeyId: key.KeyId,
        WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
        WrappingKeySpec: 'RSA_2048',
      }),
    );
    const material = randomBytes(32);
    const input = {
      KeyId: key.KeyId,
      ImportToken: set.ImportToken,
      EncryptedKeyMaterial: wrapWithOpenSsl('RSAES_OAEP_SHA_256', set.PublicKey!, material),
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    } as const;
    return { kms, client, key, set, material, input };
  }

  it('a day after its parameters were fetched, and not a moment before', async () => {
    const { kms, client, input } = await prepared();
    await kms.advance(DAY_MS - 60_000);
    await client.send(new ImportKeyMaterialCommand(input));
    await kms.advance(60_000);
    await expect(client.send(new ImportKeyMaterialCommand(input))).rejects.toMatchObject({ name: 'ExpiredImportTokenException' });
  });

  it('with the token of another key, of another Region, or a damaged one', async () => {
    const { kms, client, input } = await prepared();
    const other = await makeKey(client);
    const damaged = Uint8Array.from(input.ImportToken!);
    damaged[damaged.length - 20]! ^= 1;
    const bad = { name: 'InvalidImportTokenException' };
    await expect(client.send(new ImportKeyMaterialCommand({ ...input, KeyId: other.KeyId }))).rejects.toMatchObject(bad);
    await expect(client.send(new ImportKeyMaterialCommand({ ...input, ImportToken: damaged }))).rejects.toMatchObject(bad);
    await expect(client.send(new ImportKeyMaterialCommand({ ...input, ImportToken: randomBytes(100) }))).rejects.toMatchObject(
      bad,
    );
    const abroad = clientOf(kms, ABROAD);
    const there = await makeKey(abroad);
    await expect(abroad.send(new ImportKeyMaterialCommand({ ...input, KeyId: there.KeyId }))).rejects.toMatchObject(bad);
  });

  it('with a blob of the wrong size, another hash, another wrapping key, or swapped bytes', async () => {
    const { client, set, material, input } = await prepared();
    const send = (EncryptedKeyMaterial: Uint8Array) =>
      client.send(new ImportKeyMaterialCommand({ ...input, EncryptedKeyMaterial }));
    const blob = input.EncryptedKeyMaterial;
    await expect(send(blob.subarray(1))).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Invalid encrypted key size',
    });
    await expect(send(wrapWithOpenSsl('RSAES_OAEP_SHA_1', set.PublicKey!, material))).rejects.toMatchObject({
      name: 'InvalidCiphertextException',
    });
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'der' });
    await expect(send(wrapWithOpenSsl('RSAES_OAEP_SHA_256', stranger, material))).rejects.toMatchObject({
      name: 'InvalidCiphertextException',
    });
    await expect(send(Buffer.from(blob).reverse())).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
  });

  it('with material of the wrong kind', async () => {
    const { client, set, input } = await prepared();
    for (const material of [randomBytes(31), randomBytes(33), randomBytes(16)])
      await expect(
        client.send(
          new ImportKeyMaterialCommand({
            ...input,
            EncryptedKeyMaterial: wrapWithOpenSsl('RSAES_OAEP_SHA_256', set.PublicKey!, material),
          }),
        ),
      ).rejects.toMatchObject({ name: 'IncorrectKeyMaterialException' });
    const rsa = await makeKey(client, { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' });
    const wrong = newPair('ECC_NIST_P256').privateKey.export({ type: 'pkcs8', format: 'der' });
    const right = newPair('RSA_2048').privateKey.export({ type: 'pkcs8', format: 'der' });
    const options = { algorithm: 'RSA_AES_KEY_WRAP_SHA_256' } as const;
    for (const material of [wrong, Buffer.concat([right, Buffer.alloc(6)]), right.subarray(1)])
      await expect(importMaterial(client, rsa.KeyId!, material, options)).rejects.toMatchObject({
        name: 'IncorrectKeyMaterialException',
      });
  });

  it('without a word on expiry, with a date that contradicts it, in the past, or beyond a year', async () => {
    const { kms, client, input } = await prepared();
    const send = (more: object) => client.send(new ImportKeyMaterialCommand({ ...input, ExpirationModel: undefined, ...more }));
    const bad = (message: string) => ({ name: 'ValidationException', message });
    await expect(send({})).rejects.toMatchObject(
      bad('A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES'),
    );
    const at = (ms: number) => new Date(kms.now().getTime() + ms);
    await expect(send({ ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE', ValidTo: at(DAY_MS) })).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await expect(send({ ValidTo: at(-1000) })).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(send({ ValidTo: at(366 * DAY_MS) })).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(send({ ValidTo: at(364 * DAY_MS) })).resolves.toMatchObject({ KeyId: expect.any(String) });
  });

  it('with words that are for symmetric keys only', async () => {
    const client = clientOf(await startKms());
    const { KeyId } = await makeKey(client, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
    for (const more of [
      { ImportType: 'NEW_KEY_MATERIAL' },
      { KeyMaterialDescription: 'first' },
      { KeyMaterialId: 'a'.repeat(64) },
    ] as const)
      await expect(importMaterial(client, KeyId!, randomBytes(32), more)).rejects.toMatchObject({
        name: 'UnsupportedOperationException',
      });
  });

  it('with other material than before, for a key that can have one only', async () => {
    const client = clientOf(await startKms());
    const { KeyId } = await makeKey(client, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
    const material = randomBytes(32);
    await importMaterial(client, KeyId!, material);
    await expect(importMaterial(client, KeyId!, randomBytes(32))).rejects.toMatchObject({
      name: 'IncorrectKeyMaterialException',
    });
    await client.send(new DeleteImportedKeyMaterialCommand({ KeyId }));
    await expect(importMaterial(client, KeyId!, randomBytes(32))).rejects.toMatchObject({
      name: 'IncorrectKeyMaterialException',
    });
    await importMaterial(client, KeyId!, material);
  });
});

describe('material that goes', () => {
  it('by its date leaves a key that waits for it, and comes back as the same', async () => {
    const kms = await startKms();
    const client = clientOf(kms);
    const { KeyId, Arn } = await makeKey(client);
    const material = randomBytes(32);
    const ValidTo = new Date(kms.now().getTime() + 30 * DAY_MS);
    const first = await importMaterial(client, KeyId!, material, { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo });
    const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('before') }));
    const before = await client.send(new DescribeKeyCommand({ KeyId }));
    expect(before.KeyMetadata).toMatchObject({ KeyState: 'Enabled', ExpirationModel: 'KEY_MATERIAL_EXPIRES' });
    expect(Math.abs(before.KeyMetadata!.ValidTo!.getTime() - ValidTo.getTime())).toBeLessThan(1000);

    await kms.advance(30 * DAY_MS);
    const after = await client.send(new DescribeKeyCommand({ KeyId }));
    expect(after.KeyMetadata).toMatchObject({
      KeyState: 'PendingImport',
      Enabled: false,
      CurrentKeyMaterialId: first.KeyMaterialId,
    });
    expect(after.KeyMetadata).not.toHaveProperty('ExpirationModel');
    await expect(client.send(new DecryptCommand({ CiphertextBlob }))).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
      message: `${Arn!} is pending import.`,
    });

    const again = await importMaterial(client, KeyId!, material, { ImportType: 'EXISTING_KEY_MATERIAL' });
    expect(again.KeyMaterialId).toBe(first.KeyMaterialId);
    const { Plaintext } = await client.send(new DecryptCommand({ CiphertextBlob }));
    expect(Buffer.from(Plaintext!).toString()).toBe('before');
  });

  it('by DeleteImportedKeyMaterial goes at once', async () => {
    const client = clientOf(await startKms());
    const { KeyId, Arn } = await makeKey(client);
    const { KeyMaterialId } = await importMaterial(client, KeyId!, randomBytes(32));
    const answer = await client.send(new DeleteImportedKeyMaterialCommand({ KeyId }));
    expect(answer).toMatchObject({ KeyId: Arn, KeyMaterialId });
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId }));
    expect(KeyMetadata).toMatchObject({ KeyState: 'PendingImport', CurrentKeyMaterialId: KeyMaterialId });
  });

  it('comes back enabled where the key waited for it, and leaves a key off that somebody switched off', async () => {
    const client = clientOf(await startKms());
    const { KeyId } = await makeKey(client);
    const material = randomBytes(32);
    await importMaterial(client, KeyId!, material);
    await client.send(new DisableKeyCommand({ KeyId }));
    const stateAfterImport = async () => {
      await importMaterial(client, KeyId!, material);
      return (await client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState;
    };
    expect(await stateAfterImport()).toBe('Disabled');
    await client.send(new DeleteImportedKeyMaterialCommand({ KeyId }));
    expect(await stateAfterImport()).toBe('Enabled');
  });

  it('has another name in another key', async () => {
    const client = clientOf(await startKms());
    const material = randomBytes(32);
    const ids = [];
    for (const key of [await makeKey(client), await makeKey(client)])
      ids.push((await importMaterial(client, key.KeyId!, material)).KeyMaterialId);
    expect(ids[0]).not.toBe(ids[1]);
  });
});

import { randomBytes } from 'node:crypto';
import { DecryptCommand, DescribeKeyCommand, EncryptCommand, GetParametersForImportCommand } from '@aws-sdk/client-kms';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, describe, expect, it } from 'vitest';
import { cleanUp, clientOf, HOME, importMaterial, makeKey, startKms } from './ground';

afterEach(cleanUp);

describe('a rehearsal KMS', () => {
  it('tells the client of STS who is calling', async () => {
    const kms = await startKms();
    const sts = new STSClient({ region: HOME, endpoint: kms.endpoint(HOME), credentials: kms.credentials });
    const answer = await sts.send(new GetCallerIdentityCommand());
    sts.destroy();
    expect(answer).toMatchObject({ Account: '000000000000', Arn: kms.callerArn, UserId: 'AIDAKEYRITEREHEARSAL' });
  });

  it('takes material through the real client, and encrypts under it', async () => {
    const kms = await startKms();
    const client = clientOf(kms);
    const key = await makeKey(client, { Description: 'practice', Tags: [{ TagKey: 'ceremony', TagValue: 'c-1' }] });
    expect(key).toMatchObject({ KeyState: 'PendingImport', Enabled: false, Origin: 'EXTERNAL', AWSAccountId: '000000000000' });
    expect(key).not.toHaveProperty('ExpirationModel');
    await expect(client.send(new EncryptCommand({ KeyId: key.KeyId, Plaintext: Buffer.from('x') }))).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
      message: `${key.Arn!} is pending import.`,
    });

    const imported = await importMaterial(client, key.Arn!, randomBytes(32));
    expect(imported).toMatchObject({ KeyId: key.Arn, KeyMaterialId: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: key.KeyId }));
    expect(KeyMetadata).toMatchObject({
      KeyState: 'Enabled',
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
      CurrentKeyMaterialId: imported.KeyMaterialId,
      CreationDate: expect.any(Date),
    });

    const context = { purpose: 'proof' };
    const plaintext = Buffer.from('thirty-two bytes of known value!');
    const { CiphertextBlob } = await client.send(
      new EncryptCommand({ KeyId: key.KeyId, Plaintext: plaintext, EncryptionContext: context }),
    );
    const opened = await client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: context }));
    expect(Buffer.from(opened.Plaintext!)).toEqual(plaintext);
    expect(opened.KeyId).toBe(key.Arn);
    await expect(client.send(new DecryptCommand({ CiphertextBlob }))).rejects.toMatchObject({
      name: 'InvalidCiphertextException',
    });
  });

  it('gives wrapping keys of the size that was asked for, valid for a day', async () => {
    const kms = await startKms();
    const client = clientOf(kms);
    const { KeyId } = await makeKey(client);
    const lengths: number[] = [];
    for (const WrappingKeySpec of ['RSA_2048', 'RSA_3072', 'RSA_4096'] as const) {
      const before = kms.now().getTime();
      const set = await client.send(
        new GetParametersForImportCommand({ KeyId, WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec }),
      );
      lengths.push(set.PublicKey!.length);
      expect(set.ImportToken!.length).toBeLessThanOrEqual(6144);
      expect(set.ParametersValidTo!.getTime() - before).toBeGreaterThanOrEqual(86_400_000 - 1);
      expect(set.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
    }
    expect(lengths).toEqual([294, 422, 550]);
  });
});

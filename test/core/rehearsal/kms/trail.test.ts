import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  CreateGrantCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GetKeyPolicyCommand,
  ReEncryptCommand,
} from '@aws-sdk/client-kms';
import { afterEach, describe, expect, it } from 'vitest';
import type { RehearsalKms } from '../../../../core/rehearsal/kms/start';
import { englishTime } from '../../../../core/rehearsal/kms/trail-form';
import { cleanUp, clientOf, importMaterial, makeKey, startKms, trailOf } from './ground';

afterEach(cleanUp);

async function recordOf(kms: RehearsalKms, eventName: string) {
  const [record] = (await trailOf(kms)).filter((event) => event['eventName'] === eventName);
  return record!;
}

describe('the trail of a rehearsal', () => {
  it('lies where and as CloudTrail would deliver it', async () => {
    const kms = await startKms();
    await makeKey(clientOf(kms));
    const entries = await readdir(kms.trailFolder, { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(kms.trailFolder.length + 1)
          .split(sep)
          .join('/'),
      );
    const day = kms.now().toISOString().slice(0, 10).replaceAll('-', '/');
    expect(paths).toEqual([
      expect.stringMatching(
        new RegExp(
          `^AWSLogs/000000000000/CloudTrail/eu-central-1/${day}/000000000000_CloudTrail_eu-central-1_\\d{8}T\\d{4}Z_[a-zA-Z0-9]{16}\\.json\\.gz$`,
        ),
      ),
    ]);
  });

  it('tells who did what to which key, under the id the client was answered with', async () => {
    const kms = await startKms();
    const client = clientOf(kms);
    const { KeyId, Arn } = await makeKey(client, { Tags: [{ TagKey: 'ceremony', TagValue: 'c-1' }] });
    const answer = await client.send(new DescribeKeyCommand({ KeyId }));
    expect(await recordOf(kms, 'CreateKey')).toMatchObject({
      eventSource: 'kms.amazonaws.com',
      awsRegion: 'eu-central-1',
      userIdentity: { type: 'IAMUser', arn: kms.callerArn, accountId: '000000000000', accessKeyId: kms.credentials.accessKeyId },
      userAgent: expect.stringMatching(/^keyrite-rehearsal-kms aws-sdk-js/),
      requestParameters: { origin: 'EXTERNAL', tags: [{ tagKey: 'ceremony', tagValue: 'c-1' }] },
      responseElements: { keyMetadata: { arn: Arn, keyState: 'PendingImport' } },
      readOnly: false,
      eventType: 'AwsApiCall',
      resources: [{ accountId: '000000000000', type: 'AWS::KMS::Key', ARN: Arn }],
      recipientAccountId: '000000000000',
    });
    expect(await recordOf(kms, 'DescribeKey')).toMatchObject({
      requestID: answer.$metadata.requestId,
      requestParameters: { keyId: KeyId },
      responseElements: null,
      readOnly: true,
    });
  });

  it('tells an import with its expiry in English and without its material', async () => {
    const kms = await startKms();
    const client = clientOf(kms);
    const { KeyId, Arn } = await makeKey(client);
    const ValidTo = new Date(Date.UTC(kms.now().getUTCFullYear(), kms.now().getUTCMonth() + 2, 1, 9));
    const { KeyMaterialId } = await importMaterial(client, KeyId!, randomBytes(32), {
      ExpirationModel: 'KEY_MATERIAL_EXPIRES',
      ValidTo,
      KeyMaterialDescription: 'ceremony-1',
    });
    expect(await recordOf(kms, 'GetParametersForImport')).toMatchObject({
      requestParameters: { keyId: KeyId, wrappingAlgorithm: 'RSAES_OAEP_SHA_256', wrappingKeySpec: 'RSA_2048' },
      responseElements: null,
      readOnly: true,
    });
    const record = await recordOf(kms, 'ImportKeyMaterial');
    expect(record['requestParameters']).toEqual({
      keyId: KeyId,
      expirationModel: 'KEY_MATERIAL_EXPIRES',
      validTo: englishTime(ValidTo.getTime()),
      keyMaterialDescription: 'ceremony-1',
    });
    expect(record['responseElements']).toEqual({ keyId: Arn, keyMaterialId: KeyMaterialId });
    await kms.advance(ValidTo.getTime() - kms.now().getTime() + 1000);
    expect(await recordOf(kms, 'DeleteExpiredKeyMaterial')).toMatchObject({
      eventType: 'AwsServiceEvent',
      eventTime: `${ValidTo.toISOString().slice(0, 19)}Z`,
      serviceEventDetails: { keyMaterialId: KeyMaterialId },
    });
  });

  it('writes a date as CloudTrail does', () => {
    expect(englishTime(Date.UTC(2027, 4, 1, 9, 0, 0))).toBe('May 1, 2027, 9:00:00 AM');
    expect(englishTime(Date.UTC(2026, 11, 31, 0, 5, 9))).toBe('Dec 31, 2026, 12:05:09 AM');
  });

  it('tells of refusals why', async () => {
    const kms = await startKms();
    const client = clientOf(kms);
    const { KeyId, Arn } = await makeKey(client);
    await client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') })).catch(() => null);
    expect(await recordOf(kms, 'Encrypt')).toMatchObject({
      errorCode: 'KMSInvalidStateException',
      errorMessage: `${Arn!} is pending import.`,
      responseElements: null,
      resources: [{ ARN: Arn }],
    });
  });

  it('has no room for those who did not sign, and none for what is no operation', async () => {
    const kms = await startKms();
    const headers = { 'x-amz-target': 'TrentService.<script>' };
    await fetch(kms.endpoint('eu-central-1'), { method: 'POST', headers, body: '{}' });
    await clientOf(kms)
      .send(new DescribeKeyCommand({ KeyId: 'x' }))
      .catch(() => null);
    expect((await trailOf(kms)).map(({ eventName }) => eventName)).toEqual(['DescribeKey']);
  });

  it('names both keys of a re-encryption, source first', async () => {
    const kms = await startKms();
    const client = clientOf(kms);
    const [one, other] = [await makeKey(client, { Origin: 'AWS_KMS' }), await makeKey(client, { Origin: 'AWS_KMS' })];
    const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId: one.KeyId, Plaintext: Buffer.from('x') }));
    await client.send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: other.KeyId }));
    const record = await recordOf(kms, 'ReEncrypt');
    expect((record['resources'] as { ARN: string }[]).map(({ ARN }) => ARN)).toEqual([one.Arn, other.Arn]);
  });

  it('has no plaintext, ciphertext, material, token or secret in it', async () => {
    const kms = await startKms();
    const client = clientOf(kms);
    const { KeyId } = await makeKey(client);
    const material = Buffer.from('canary-material-0123456789abcdef');
    const Plaintext = Buffer.from('canary-plaintext-of-some-length');
    await importMaterial(client, KeyId!, material);
    const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId, Plaintext }));
    await client.send(new DecryptCommand({ CiphertextBlob }));
    const data = await client.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }));
    const grant = await client.send(new CreateGrantCommand({ KeyId, GranteePrincipal: kms.callerArn, Operations: ['Decrypt'] }));
    await client.send(new DescribeKeyCommand({ KeyId, GrantTokens: [grant.GrantToken!] }));
    await client.send(new GetKeyPolicyCommand({ KeyId }));
    const entries = await readdir(kms.trailFolder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    const texts = await Promise.all(
      files.map(async (file) => gunzipSync(await readFile(join(file.parentPath, file.name))).toString()),
    );
    const whole = texts.join('\n');
    const secrets = [
      material,
      Plaintext,
      Buffer.from(CiphertextBlob!),
      Buffer.from(data.Plaintext!),
      Buffer.from(data.CiphertextBlob!),
    ];
    for (const secret of secrets) {
      expect(whole).not.toContain(secret.toString('base64').slice(0, 24));
      expect(whole).not.toContain(secret.toString('hex'));
      expect(whole).not.toContain(secret.toString('latin1'));
      // A byte array in JSON, should one ever be written as such.
      expect(whole).not.toContain([...secret.subarray(0, 8)].join(','));
    }
    expect(whole).not.toContain(grant.GrantToken);
    expect(whole).not.toContain(kms.credentials.secretAccessKey);
    expect(whole).not.toContain('rehearsal-import-token');
    expect(whole).not.toContain('"policy"');
  });
});

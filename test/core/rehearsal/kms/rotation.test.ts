import { randomBytes } from 'node:crypto';
import {
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GetKeyRotationStatusCommand,
  ListKeyRotationsCommand,
  ReplicateKeyCommand,
  RotateKeyOnDemandCommand,
  UpdatePrimaryRegionCommand,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { afterEach, describe, expect, it } from 'vitest';
import { ABROAD, cleanUp, clientOf, HOME, importMaterial, makeKey, startKms, trailOf } from './ground';

afterEach(cleanUp);

async function materials(client: KMSClient, KeyId: string | undefined) {
  const { Rotations } = await client.send(new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }));
  return Rotations!.map(({ KeyMaterialId, KeyMaterialState, ImportState }) => [KeyMaterialId, KeyMaterialState, ImportState]);
}

async function stateOf(client: KMSClient, KeyId: string | undefined) {
  return (await client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState;
}

describe('a rotation on demand', () => {
  it('takes the material that waits, and the old one goes on decrypting', async () => {
    const kms = await startKms();
    const client = clientOf(kms);
    const { KeyId, Arn } = await makeKey(client);
    const first = await importMaterial(client, KeyId!, randomBytes(32), { KeyMaterialDescription: 'ceremony-1' });
    const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('old') }));
    await expect(client.send(new RotateKeyOnDemandCommand({ KeyId }))).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
      message: `No available key material pending rotation for the key: ${Arn!}.`,
    });

    const second = await importMaterial(client, KeyId!, randomBytes(32), { ImportType: 'NEW_KEY_MATERIAL' });
    expect(await materials(client, KeyId)).toEqual([
      [first.KeyMaterialId, 'CURRENT', 'IMPORTED'],
      [second.KeyMaterialId, 'PENDING_ROTATION', 'IMPORTED'],
    ]);
    const before = await client.send(new ListKeyRotationsCommand({ KeyId }));
    expect(before.Rotations).toEqual([]);

    await client.send(new RotateKeyOnDemandCommand({ KeyId }));
    expect(await materials(client, KeyId)).toEqual([
      [first.KeyMaterialId, 'NON_CURRENT', 'IMPORTED'],
      [second.KeyMaterialId, 'CURRENT', 'IMPORTED'],
    ]);
    const { Rotations } = await client.send(new ListKeyRotationsCommand({ KeyId }));
    expect(Rotations).toMatchObject([
      { KeyMaterialId: second.KeyMaterialId, RotationType: 'ON_DEMAND', RotationDate: expect.any(Date) },
    ]);
    const old = await client.send(new DecryptCommand({ CiphertextBlob }));
    expect(old.KeyMaterialId).toBe(first.KeyMaterialId);
    expect((await trailOf(kms)).map(({ eventName }) => eventName)).toContain('RotateKey');
  });

  it('is under way for as long as the lag says', async () => {
    const kms = await startKms();
    const client = clientOf(kms);
    const { KeyId } = await makeKey(client);
    const first = await importMaterial(client, KeyId!, randomBytes(32));
    await importMaterial(client, KeyId!, randomBytes(32), { ImportType: 'NEW_KEY_MATERIAL' });
    kms.fail({ operation: 'RotateKeyOnDemand', times: 1, kind: { lagMs: 3_600_000 } });
    await client.send(new RotateKeyOnDemandCommand({ KeyId }));
    const begun = await client.send(new GetKeyRotationStatusCommand({ KeyId }));
    expect(begun.OnDemandRotationStartDate).toBeInstanceOf(Date);
    const still = await client.send(new DescribeKeyCommand({ KeyId }));
    expect(still.KeyMetadata?.CurrentKeyMaterialId).toBe(first.KeyMaterialId);
    await expect(client.send(new RotateKeyOnDemandCommand({ KeyId }))).rejects.toMatchObject({ name: 'ConflictException' });
    await kms.advance(3_600_000);
    const done = await client.send(new GetKeyRotationStatusCommand({ KeyId }));
    expect(done.OnDemandRotationStartDate).toBeUndefined();
  });

  it('makes way for one material at a time; the one that waits can be taken away and replaced', async () => {
    const client = clientOf(await startKms());
    const { KeyId, Arn } = await makeKey(client);
    await importMaterial(client, KeyId!, randomBytes(32));
    const waiting = await importMaterial(client, KeyId!, randomBytes(32), { ImportType: 'NEW_KEY_MATERIAL' });
    await expect(importMaterial(client, KeyId!, randomBytes(32), { ImportType: 'NEW_KEY_MATERIAL' })).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
      message: expect.stringMatching(
        new RegExp(
          `^New key material \\(id: [0-9a-f]{64}\\) cannot be imported into KMS key ${Arn!}, because another key material \\(id: ${waiting.KeyMaterialId!}\\) is pending rotation\\.$`,
        ),
      ),
    });
    await client.send(new DeleteImportedKeyMaterialCommand({ KeyId, KeyMaterialId: waiting.KeyMaterialId }));
    expect(await stateOf(client, KeyId)).toBe('Enabled');
    const other = await importMaterial(client, KeyId!, randomBytes(32), { ImportType: 'NEW_KEY_MATERIAL' });
    expect((await materials(client, KeyId)).map(([id]) => id)).toContain(other.KeyMaterialId);
  });

  it('leaves a key that needs every material it ever had', async () => {
    const client = clientOf(await startKms());
    const { KeyId } = await makeKey(client);
    const material = randomBytes(32);
    const first = await importMaterial(client, KeyId!, material, { KeyMaterialDescription: 'ceremony-1' });
    await importMaterial(client, KeyId!, randomBytes(32), { ImportType: 'NEW_KEY_MATERIAL' });
    await client.send(new RotateKeyOnDemandCommand({ KeyId }));
    await client.send(new DeleteImportedKeyMaterialCommand({ KeyId, KeyMaterialId: first.KeyMaterialId }));
    expect(await stateOf(client, KeyId)).toBe('PendingImport');
    await expect(importMaterial(client, KeyId!, material, { ImportType: 'NEW_KEY_MATERIAL' })).rejects.toMatchObject({
      name: 'IncorrectKeyMaterialException',
    });
    await expect(importMaterial(client, KeyId!, material, { KeyMaterialId: 'f'.repeat(64) })).rejects.toMatchObject({
      name: 'IncorrectKeyMaterialException',
    });
    await importMaterial(client, KeyId!, material, { KeyMaterialId: first.KeyMaterialId });
    expect(await stateOf(client, KeyId)).toBe('Enabled');
    const { Rotations } = await client.send(new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }));
    expect(Rotations![0]).toMatchObject({ KeyMaterialDescription: 'ceremony-1' });
  });

  it('ends with the twenty-fifth', async () => {
    const client = clientOf(await startKms());
    const { KeyId } = await makeKey(client, { Origin: 'AWS_KMS' });
    for (let i = 0; i < 25; i++) await client.send(new RotateKeyOnDemandCommand({ KeyId }));
    await expect(client.send(new RotateKeyOnDemandCommand({ KeyId }))).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: expect.stringContaining('The on-demand rotations limit has been reached for the given keyId'),
    });
  });

  it('is not for HMAC keys', async () => {
    const client = clientOf(await startKms());
    const { KeyId } = await makeKey(client, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
    await importMaterial(client, KeyId!, randomBytes(32));
    await expect(client.send(new RotateKeyOnDemandCommand({ KeyId }))).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
    });
  });
});

describe('a multi-Region key', () => {
  async function pair() {
    const kms = await startKms();
    const [home, abroad] = [clientOf(kms, HOME), clientOf(kms, ABROAD)];
    const { KeyId } = await makeKey(home, { MultiRegion: true });
    const material = randomBytes(32);
    return { kms, home, abroad, KeyId: KeyId!, material };
  }

  it('can be replicated once it has material, and each replica waits for its own import of the same', async () => {
    const { kms, home, abroad, KeyId, material } = await pair();
    await expect(home.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: ABROAD }))).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
    });
    const first = await importMaterial(home, KeyId, material);
    const { ReplicaKeyMetadata } = await home.send(
      new ReplicateKeyCommand({ KeyId, ReplicaRegion: ABROAD, Description: 'there' }),
    );
    expect(ReplicaKeyMetadata).toMatchObject({ KeyState: 'Creating', KeyId, Description: 'there' });
    await expect(home.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: ABROAD }))).rejects.toMatchObject({
      name: 'AlreadyExistsException',
    });
    const there = await abroad.send(new DescribeKeyCommand({ KeyId }));
    expect(there.KeyMetadata).toMatchObject({
      KeyState: 'PendingImport',
      MultiRegionConfiguration: {
        MultiRegionKeyType: 'REPLICA',
        PrimaryKey: { Region: HOME },
        ReplicaKeys: [{ Region: ABROAD }],
      },
    });
    await expect(importMaterial(abroad, KeyId, randomBytes(32))).rejects.toMatchObject({ name: 'IncorrectKeyMaterialException' });
    const again = await importMaterial(abroad, KeyId, material, { ImportType: 'EXISTING_KEY_MATERIAL' });
    expect(again.KeyMaterialId).toBe(first.KeyMaterialId);

    const { CiphertextBlob } = await home.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('across') }));
    const opened = await abroad.send(new DecryptCommand({ CiphertextBlob }));
    expect(Buffer.from(opened.Plaintext!).toString()).toBe('across');
    expect((await trailOf(kms)).filter(({ awsRegion }) => awsRegion === ABROAD).map(({ eventName }) => eventName)).toContain(
      'CreateKey',
    );
  });

  it('rotates when every Region has the new material, from the primary only', async () => {
    const { home, abroad, KeyId, material } = await pair();
    await importMaterial(home, KeyId, material);
    await home.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: ABROAD }));
    await importMaterial(abroad, KeyId, material);
    const next = randomBytes(32);
    await expect(importMaterial(abroad, KeyId, next, { ImportType: 'NEW_KEY_MATERIAL' })).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
    });
    const { KeyMaterialId } = await importMaterial(home, KeyId, next, { ImportType: 'NEW_KEY_MATERIAL' });
    expect((await materials(home, KeyId))[1]).toEqual([KeyMaterialId, 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION', 'IMPORTED']);
    expect((await materials(abroad, KeyId))[1]).toEqual([
      KeyMaterialId,
      'PENDING_MULTI_REGION_IMPORT_AND_ROTATION',
      'PENDING_IMPORT',
    ]);
    await expect(home.send(new RotateKeyOnDemandCommand({ KeyId }))).rejects.toMatchObject({ name: 'KMSInvalidStateException' });
    expect(await stateOf(abroad, KeyId)).toBe('Enabled');

    await importMaterial(abroad, KeyId, next, { ImportType: 'EXISTING_KEY_MATERIAL' });
    expect((await materials(home, KeyId))[1]).toEqual([KeyMaterialId, 'PENDING_ROTATION', 'IMPORTED']);
    await expect(abroad.send(new RotateKeyOnDemandCommand({ KeyId }))).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
    });
    await home.send(new RotateKeyOnDemandCommand({ KeyId }));
    const there = await abroad.send(new DescribeKeyCommand({ KeyId }));
    expect(there.KeyMetadata).toMatchObject({ KeyState: 'Enabled', CurrentKeyMaterialId: KeyMaterialId });
  });

  it('forgets a waiting material everywhere when the primary deletes it, and in one Region when a replica does', async () => {
    const { home, abroad, KeyId, material } = await pair();
    await importMaterial(home, KeyId, material);
    await home.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: ABROAD }));
    await importMaterial(abroad, KeyId, material);
    const next = randomBytes(32);
    const { KeyMaterialId } = await importMaterial(home, KeyId, next, { ImportType: 'NEW_KEY_MATERIAL' });
    await importMaterial(abroad, KeyId, next);
    await abroad.send(new DeleteImportedKeyMaterialCommand({ KeyId, KeyMaterialId }));
    expect((await materials(home, KeyId))[1]?.[1]).toBe('PENDING_MULTI_REGION_IMPORT_AND_ROTATION');
    await home.send(new DeleteImportedKeyMaterialCommand({ KeyId, KeyMaterialId }));
    expect(await materials(abroad, KeyId)).toHaveLength(1);
    expect(await stateOf(abroad, KeyId)).toBe('Enabled');
  });

  it('changes its primary, which takes a while', async () => {
    const { kms, home, abroad, KeyId, material } = await pair();
    await importMaterial(home, KeyId, material);
    kms.fail({ operation: 'ReplicateKey', times: 1, kind: { lagMs: 60_000 } });
    await home.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: ABROAD }));
    await expect(importMaterial(abroad, KeyId, material)).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
      message: expect.stringContaining('is creating.'),
    });
    await kms.advance(60_000);
    await importMaterial(abroad, KeyId, material);
    kms.fail({ operation: 'UpdatePrimaryRegion', times: 1, kind: { lagMs: 60_000 } });
    await home.send(new UpdatePrimaryRegionCommand({ KeyId, PrimaryRegion: ABROAD }));
    expect(await stateOf(home, KeyId)).toBe('Updating');
    await home.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('goes on') }));
    await kms.advance(60_000);
    const { KeyMetadata } = await abroad.send(new DescribeKeyCommand({ KeyId }));
    expect(KeyMetadata).toMatchObject({ KeyState: 'Enabled', MultiRegionConfiguration: { MultiRegionKeyType: 'PRIMARY' } });
    await expect(home.send(new UpdatePrimaryRegionCommand({ KeyId, PrimaryRegion: ABROAD }))).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
    });
  });
});

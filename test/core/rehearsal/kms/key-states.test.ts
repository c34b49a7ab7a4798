import { randomBytes } from 'node:crypto';
import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateGrantCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  GetKeyPolicyCommand,
  GetParametersForImportCommand,
  ImportKeyMaterialCommand,
  ListGrantsCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
  PutKeyPolicyCommand,
  ReplicateKeyCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
  UpdateKeyDescriptionCommand,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { afterEach, describe, expect, it } from 'vitest';
import { ABROAD, cleanUp, clientOf, HOME, importMaterial, makeKey, startKms } from './ground';

afterEach(cleanUp);

const DAY_MS = 86_400_000;

const ACTS: Readonly<Record<string, (client: KMSClient, KeyId: string) => Promise<unknown>>> = {
  Encrypt: (client, KeyId) => client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') })),
  DescribeKey: (client, KeyId) => client.send(new DescribeKeyCommand({ KeyId })),
  GetKeyPolicy: (client, KeyId) => client.send(new GetKeyPolicyCommand({ KeyId })),
  ListResourceTags: (client, KeyId) => client.send(new ListResourceTagsCommand({ KeyId })),
  ListGrants: (client, KeyId) => client.send(new ListGrantsCommand({ KeyId })),
  PutKeyPolicy: async (client, KeyId) => {
    const { Policy } = await client.send(new GetKeyPolicyCommand({ KeyId }));
    await client.send(new PutKeyPolicyCommand({ KeyId, Policy }));
  },
  GetParametersForImport: (client, KeyId) =>
    client.send(
      new GetParametersForImportCommand({ KeyId, WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' }),
    ),
  TagResource: (client, KeyId) => client.send(new TagResourceCommand({ KeyId, Tags: [{ TagKey: 'a', TagValue: 'b' }] })),
  UpdateKeyDescription: (client, KeyId) => client.send(new UpdateKeyDescriptionCommand({ KeyId, Description: 'x' })),
  CreateAlias: (client, TargetKeyId) =>
    client.send(new CreateAliasCommand({ TargetKeyId, AliasName: `alias/x-${randomBytes(4).toString('hex')}` })),
  CreateGrant: (client, KeyId) =>
    client.send(
      new CreateGrantCommand({ KeyId, GranteePrincipal: 'arn:aws:iam::000000000000:role/user', Operations: ['Decrypt'] }),
    ),
  ReplicateKey: (client, KeyId) => client.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: ABROAD })),
  RotateKeyOnDemand: (client, KeyId) => client.send(new RotateKeyOnDemandCommand({ KeyId })),
  EnableKey: (client, KeyId) => client.send(new EnableKeyCommand({ KeyId })),
  CancelKeyDeletion: (client, KeyId) => client.send(new CancelKeyDeletionCommand({ KeyId })),
  DeleteImportedKeyMaterial: (client, KeyId) => client.send(new DeleteImportedKeyMaterialCommand({ KeyId })),
  ScheduleKeyDeletion: (client, KeyId) => client.send(new ScheduleKeyDeletionCommand({ KeyId })),
};

/** The row of the table "Key states of AWS KMS keys" for keys with imported material: what each act comes to. `''`: it succeeds. */
async function row(client: KMSClient, KeyId: string): Promise<Readonly<Record<string, string>>> {
  const outcomes: Record<string, string> = {};
  for (const [name, act] of Object.entries(ACTS))
    outcomes[name] = await act(client, KeyId).then(
      () => '',
      (error: unknown) => (error instanceof Error ? error.name : 'thrown'),
    );
  return outcomes;
}

const STATE = 'KMSInvalidStateException';
const DISABLED = 'DisabledException';
const ALWAYS = { DescribeKey: '', GetKeyPolicy: '', ListResourceTags: '', ListGrants: '', PutKeyPolicy: '' };

describe('what a key can do', () => {
  async function importedKey() {
    const client = clientOf(await startKms());
    const { KeyId } = await makeKey(client, { MultiRegion: true });
    const material = randomBytes(32);
    await importMaterial(client, KeyId!, material);
    await importMaterial(client, KeyId!, randomBytes(32), { ImportType: 'NEW_KEY_MATERIAL' });
    return { client, KeyId: KeyId! };
  }

  const waiting = {
    ...ALWAYS,
    Encrypt: STATE,
    GetParametersForImport: '',
    TagResource: '',
    UpdateKeyDescription: '',
    CreateAlias: '',
    CreateGrant: STATE,
    ReplicateKey: STATE,
    RotateKeyOnDemand: STATE,
    EnableKey: STATE,
    CancelKeyDeletion: STATE,
    DeleteImportedKeyMaterial: '',
    ScheduleKeyDeletion: '',
  };

  it('while it waits for material', async () => {
    const client = clientOf(await startKms());
    const { KeyId } = await makeKey(client, { MultiRegion: true });
    expect(await row(client, KeyId!)).toEqual(waiting);
  });

  it('while it is enabled', async () => {
    const { client, KeyId } = await importedKey();
    const enabled = Object.fromEntries(Object.keys(waiting).map((name) => [name, '']));
    // A replica lacks the waiting material by the time of the rotation.
    expect(await row(client, KeyId)).toEqual({ ...enabled, RotateKeyOnDemand: STATE, CancelKeyDeletion: STATE });
  });

  it('while it is disabled', async () => {
    const { client, KeyId } = await importedKey();
    await client.send(new DisableKeyCommand({ KeyId }));
    const { EnableKey, ...acts } = await row(client, KeyId);
    expect(EnableKey).toBe('');
    expect(acts).toEqual({
      ...ALWAYS,
      Encrypt: DISABLED,
      GetParametersForImport: '',
      TagResource: '',
      UpdateKeyDescription: '',
      CreateAlias: '',
      CreateGrant: DISABLED,
      ReplicateKey: DISABLED,
      RotateKeyOnDemand: DISABLED,
      CancelKeyDeletion: STATE,
      DeleteImportedKeyMaterial: '',
      ScheduleKeyDeletion: '',
    });
  });

  it('while it waits for its deletion', async () => {
    const { client, KeyId } = await importedKey();
    await client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    const refused = Object.fromEntries(Object.keys(waiting).map((name) => [name, STATE]));
    const outcomes = await row(client, KeyId);
    // Cancelling comes before the last two acts, which then find a key that is disabled.
    expect(outcomes).toEqual({
      ...refused,
      ...ALWAYS,
      CancelKeyDeletion: '',
      DeleteImportedKeyMaterial: '',
      ScheduleKeyDeletion: '',
    });
  });
});

describe('the deletion of a key', () => {
  it('comes after seven to thirty days, thirty when nobody says', async () => {
    const kms = await startKms();
    const client = clientOf(kms);
    const { KeyId, Arn } = await makeKey(client);
    for (const PendingWindowInDays of [6, 31])
      await expect(client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays }))).rejects.toMatchObject({
        name: 'ValidationException',
      });
    const planned = await client.send(new ScheduleKeyDeletionCommand({ KeyId }));
    expect(planned).toMatchObject({ KeyId: Arn, KeyState: 'PendingDeletion', PendingWindowInDays: 30 });
    expect(Math.abs(planned.DeletionDate!.getTime() - kms.now().getTime() - 30 * DAY_MS)).toBeLessThan(5_000);
    await kms.advance(30 * DAY_MS - 60_000);
    await client.send(new DescribeKeyCommand({ KeyId }));
    await kms.advance(60_000);
    await expect(client.send(new DescribeKeyCommand({ KeyId }))).rejects.toMatchObject({
      name: 'NotFoundException',
      message: `Key '${Arn!}' does not exist`,
    });
    expect((await client.send(new ListKeysCommand())).Keys).toEqual([]);
  });

  it('that was cancelled leaves the key disabled, or waiting for its material', async () => {
    const client = clientOf(await startKms());
    const [full, empty] = [await makeKey(client), await makeKey(client)];
    await importMaterial(client, full.KeyId!, randomBytes(32));
    const states = [];
    for (const { KeyId } of [full, empty]) {
      await client.send(new ScheduleKeyDeletionCommand({ KeyId }));
      await client.send(new CancelKeyDeletionCommand({ KeyId }));
      states.push((await client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState);
    }
    expect(states).toEqual(['Disabled', 'PendingImport']);
  });

  it('of a primary waits for its replicas, and its window begins when the last of them is gone', async () => {
    const kms = await startKms();
    const [home, abroad] = [clientOf(kms, HOME), clientOf(kms, ABROAD)];
    const { KeyId } = await makeKey(home, { MultiRegion: true, Origin: 'AWS_KMS' });
    await home.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: ABROAD }));
    const planned = await home.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    expect(planned).toMatchObject({ KeyState: 'PendingReplicaDeletion' });
    expect(planned.DeletionDate).toBeUndefined();
    await kms.advance(100 * DAY_MS);
    await abroad.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    await kms.advance(8 * DAY_MS);
    await expect(abroad.send(new DescribeKeyCommand({ KeyId }))).rejects.toMatchObject({ name: 'NotFoundException' });
    const waiting = await home.send(new DescribeKeyCommand({ KeyId }));
    expect(waiting.KeyMetadata).toMatchObject({ KeyState: 'PendingDeletion', DeletionDate: expect.any(Date) });
    await kms.advance(7 * DAY_MS);
    await expect(home.send(new DescribeKeyCommand({ KeyId }))).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  it('leaves no way to import', async () => {
    const client = clientOf(await startKms());
    const { KeyId } = await makeKey(client);
    await client.send(new ScheduleKeyDeletionCommand({ KeyId }));
    await expect(
      client.send(new ImportKeyMaterialCommand({ KeyId, ImportToken: randomBytes(10), EncryptedKeyMaterial: randomBytes(256) })),
    ).rejects.toMatchObject({ name: STATE });
  });
});

import {
  CreateAliasCommand,
  CreateKeyCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GetParametersForImportCommand,
  ListAliasesCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
  paginateListKeys,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAliasCommand,
  UpdateKeyDescriptionCommand,
  type KeySpec,
} from '@aws-sdk/client-kms';
import { afterEach, describe, expect, it } from 'vitest';
import { ABROAD, cleanUp, clientOf, makeKey, startKms } from './ground';

afterEach(cleanUp);

describe('a key', () => {
  it('is found by id, ARN, alias and the ARN of an alias, where AWS finds it so', async () => {
    const kms = await startKms();
    const client = clientOf(kms);
    const { KeyId, Arn } = await makeKey(client);
    await client.send(new CreateAliasCommand({ AliasName: 'alias/practice', TargetKeyId: KeyId }));
    const aliasArn = Arn!.replace(/key\/.*$/, 'alias/practice');
    for (const named of [KeyId, Arn, 'alias/practice', aliasArn])
      expect((await client.send(new DescribeKeyCommand({ KeyId: named }))).KeyMetadata?.Arn).toBe(Arn);
    const ask = { WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' } as const;
    await expect(client.send(new GetParametersForImportCommand({ KeyId: 'alias/practice', ...ask }))).rejects.toMatchObject({
      name: 'NotFoundException',
    });
    await expect(client.send(new GetParametersForImportCommand({ KeyId: aliasArn, ...ask }))).rejects.toMatchObject({
      name: 'InvalidArnException',
    });
  });

  it('that is not there is missed in the words of AWS', async () => {
    const kms = await startKms();
    const [client, abroad] = [clientOf(kms), clientOf(kms, ABROAD)];
    const { KeyId, Arn } = await makeKey(client);
    const missed = (named: string, from = client) => from.send(new DescribeKeyCommand({ KeyId: named }));
    await expect(missed('fake-key-id')).rejects.toMatchObject({
      name: 'NotFoundException',
      message: "Invalid keyId 'fake-key-id'",
    });
    await expect(missed(KeyId!, abroad)).rejects.toMatchObject({
      name: 'NotFoundException',
      message: `Key '${Arn!.replace('eu-central-1', ABROAD)}' does not exist`,
    });
    await expect(missed(Arn!, abroad)).rejects.toMatchObject({ name: 'NotFoundException', message: 'Invalid arn eu-central-1' });
    await expect(missed('alias/nobody')).rejects.toMatchObject({
      name: 'NotFoundException',
      message: 'Alias arn:aws:kms:eu-central-1:000000000000:alias/nobody is not found.',
    });
    await expect(missed('arn:aws:s3:::bucket')).rejects.toMatchObject({ name: 'InvalidArnException' });
  });

  it('is listed page by page', async () => {
    const client = clientOf(await startKms());
    const made = [];
    for (let i = 0; i < 5; i++) made.push((await makeKey(client)).KeyId);
    const pages = [];
    for await (const page of paginateListKeys({ client, pageSize: 2 }, {})) pages.push(page.Keys!.map(({ KeyId }) => KeyId));
    expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
    expect(pages.flat()).toEqual(made);
    await expect(client.send(new ListKeysCommand({ Marker: 'nonsense' }))).rejects.toMatchObject({
      name: 'InvalidMarkerException',
    });
  });

  it('has tags and a description that can be changed', async () => {
    const client = clientOf(await startKms());
    const { KeyId } = await makeKey(client, { Tags: [{ TagKey: 'ceremony', TagValue: 'c-1' }], Description: 'first' });
    await client.send(
      new TagResourceCommand({
        KeyId,
        Tags: [
          { TagKey: 'ceremony', TagValue: 'c-2' },
          { TagKey: 'b', TagValue: '' },
        ],
      }),
    );
    expect((await client.send(new ListResourceTagsCommand({ KeyId }))).Tags).toEqual([
      { TagKey: 'ceremony', TagValue: 'c-2' },
      { TagKey: 'b', TagValue: '' },
    ]);
    await client.send(new UntagResourceCommand({ KeyId, TagKeys: ['ceremony'] }));
    expect((await client.send(new ListResourceTagsCommand({ KeyId }))).Tags).toHaveLength(1);
    await client.send(new UpdateKeyDescriptionCommand({ KeyId, Description: 'second' }));
    expect((await client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.Description).toBe('second');
    await expect(
      client.send(new TagResourceCommand({ KeyId, Tags: [{ TagKey: 'aws:x', TagValue: 'y' }] })),
    ).rejects.toMatchObject({ name: 'TagException' });
  });
});

describe('an alias', () => {
  it('points at one key, moves to another of its kind, and goes', async () => {
    const client = clientOf(await startKms());
    const [one, other] = [await makeKey(client), await makeKey(client)];
    const hmac = await makeKey(client, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
    const AliasName = 'alias/payments';
    await client.send(new CreateAliasCommand({ AliasName, TargetKeyId: one.KeyId }));
    await expect(client.send(new CreateAliasCommand({ AliasName, TargetKeyId: other.KeyId }))).rejects.toMatchObject({
      name: 'AlreadyExistsException',
      message: 'An alias with the name arn:aws:kms:eu-central-1:000000000000:alias/payments already exists',
    });
    await client.send(new UpdateAliasCommand({ AliasName, TargetKeyId: other.KeyId }));
    await expect(client.send(new UpdateAliasCommand({ AliasName, TargetKeyId: hmac.KeyId }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
    expect((await client.send(new ListAliasesCommand({ KeyId: one.KeyId }))).Aliases).toEqual([]);
    expect((await client.send(new ListAliasesCommand())).Aliases).toMatchObject([{ AliasName, TargetKeyId: other.KeyId }]);
    await client.send(new DeleteAliasCommand({ AliasName }));
    await expect(client.send(new DeleteAliasCommand({ AliasName }))).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  it('is none of those AWS keeps for itself', async () => {
    const client = clientOf(await startKms());
    const { KeyId: TargetKeyId } = await makeKey(client);
    await expect(client.send(new CreateAliasCommand({ AliasName: 'alias/aws/s3', TargetKeyId }))).rejects.toMatchObject({
      name: 'NotAuthorizedException',
    });
    await expect(client.send(new CreateAliasCommand({ AliasName: 'payments', TargetKeyId }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
});

describe('a request that breaks a constraint', () => {
  it('is told which, in the words of AWS', async () => {
    const client = clientOf(await startKms());
    const { KeyId } = await makeKey(client, { Origin: 'AWS_KMS' });
    await expect(client.send(new CreateKeyCommand({ KeySpec: 'HMAC_random' as KeySpec }))).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(
        /^1 validation error detected: Value 'HMAC_random' at 'keySpec' failed to satisfy constraint: Member must satisfy enum value set: \[/,
      ),
    });
    await expect(client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.alloc(4097) }))).rejects.toMatchObject({
      message:
        "1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length less than or equal to 4096",
    });
    await expect(
      client.send(new TagResourceCommand({ KeyId, Tags: [{ TagKey: 'x'.repeat(129), TagValue: '' }] })),
    ).rejects.toMatchObject({
      message: expect.stringContaining(
        "at 'tags.1.member.tagKey' failed to satisfy constraint: Member must have length less than or equal to 128",
      ),
    });
    await expect(client.send(new ListKeysCommand({ Limit: 0 }))).rejects.toMatchObject({
      message:
        "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
    });
    await expect(client.send(new DescribeKeyCommand({ KeyId: undefined }))).rejects.toMatchObject({
      message: "1 validation error detected: Value at 'keyId' failed to satisfy constraint: Member must not be null",
    });
    await expect(client.send(new CreateAliasCommand({ AliasName: 'a b', TargetKeyId: '' }))).rejects.toMatchObject({
      message: expect.stringMatching(/^2 validation errors detected: /),
    });
    await expect(client.send(new CreateKeyCommand({ KeySpec: 'HMAC_256' }))).rejects.toMatchObject({
      message: 'You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.',
    });
  });

  it('is refused for a key that cannot be imported', async () => {
    const client = clientOf(await startKms());
    await expect(
      client.send(new CreateKeyCommand({ Origin: 'EXTERNAL', KeySpec: 'ML_DSA_44', KeyUsage: 'SIGN_VERIFY' })),
    ).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
      message: 'KeySpec ML_DSA_44 is not supported for Origin EXTERNAL',
    });
  });
});

import {
  CreateGrantCommand,
  CreateKeyCommand,
  DecryptCommand,
  EncryptCommand,
  GetKeyPolicyCommand,
  GetParametersForImportCommand,
  KMSClient,
  ListGrantsCommand,
  ListKeyPoliciesCommand,
  PutKeyPolicyCommand,
  ReEncryptCommand,
  RetireGrantCommand,
  RevokeGrantCommand,
} from '@aws-sdk/client-kms';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, describe, expect, it } from 'vitest';
import type { RehearsalKms } from '../../../../core/rehearsal/kms/start';
import { cleanUp, clientOf, HOME, makeKey, startKms } from './ground';

afterEach(cleanUp);

const OPERATOR = 'arn:aws:iam::000000000000:role/import-operator';
const USER = 'arn:aws:iam::000000000000:role/user';

function clientAs(kms: RehearsalKms, arn: string): KMSClient {
  return new KMSClient({ region: HOME, endpoint: kms.endpoint(HOME), credentials: kms.credentialsOf(arn), maxAttempts: 1 });
}

function policy(...statements: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements.map((statement) => ({ Resource: '*', ...statement })) });
}

const administrator = (kms: RehearsalKms) => ({
  Sid: 'Administrators',
  Effect: 'Allow',
  Principal: { AWS: kms.callerArn },
  Action: ['kms:PutKeyPolicy', 'kms:GetKeyPolicy', 'kms:DescribeKey', 'kms:CreateGrant', 'kms:ListGrants', 'kms:RevokeGrant'],
});

describe('a key policy', () => {
  it('is the default one when nobody brings any, and means what was put', async () => {
    const kms = await startKms();
    const client = clientOf(kms);
    const { KeyId } = await makeKey(client);
    const first = await client.send(new GetKeyPolicyCommand({ KeyId }));
    expect(JSON.parse(first.Policy!)).toMatchObject({
      Id: 'key-default-1',
      Statement: [{ Principal: { AWS: 'arn:aws:iam::000000000000:root' }, Action: 'kms:*' }],
    });
    const Policy = policy(administrator(kms));
    await client.send(new PutKeyPolicyCommand({ KeyId, Policy }));
    const second = await client.send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }));
    expect(JSON.parse(second.Policy!)).toEqual(JSON.parse(Policy));
    expect((await client.send(new ListKeyPoliciesCommand({ KeyId }))).PolicyNames).toEqual(['default']);
  });

  it('that would lock its caller out is refused, unless the check is bypassed', async () => {
    const kms = await startKms();
    const client = clientOf(kms);
    const { KeyId } = await makeKey(client);
    const locked = [
      policy({ Effect: 'Allow', Principal: { AWS: OPERATOR }, Action: 'kms:*' }),
      policy({ Effect: 'Allow', Principal: { AWS: kms.callerArn }, Action: ['kms:Get*', 'kms:List*'] }),
      policy(
        { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::000000000000:root' }, Action: 'kms:*' },
        { Effect: 'Deny', Principal: { AWS: kms.callerArn }, Action: 'kms:Put*' },
      ),
    ];
    const refusal = {
      name: 'MalformedPolicyDocumentException',
      message: 'The new key policy will not allow you to update the key policy in the future.',
    };
    for (const Policy of locked) {
      await expect(client.send(new PutKeyPolicyCommand({ KeyId, Policy }))).rejects.toMatchObject(refusal);
      await expect(client.send(new CreateKeyCommand({ Policy }))).rejects.toMatchObject(refusal);
    }
    await client.send(new PutKeyPolicyCommand({ KeyId, Policy: locked[0], BypassPolicyLockoutSafetyCheck: true }));
  });

  it('that is none, or is too long, is refused', async () => {
    const kms = await startKms();
    const client = clientOf(kms);
    const { KeyId } = await makeKey(client);
    for (const Policy of ['{', '{}', policy({ Effect: 'Maybe', Principal: '*', Action: 'kms:*' })])
      await expect(client.send(new PutKeyPolicyCommand({ KeyId, Policy }))).rejects.toMatchObject({
        name: 'MalformedPolicyDocumentException',
      });
    const Policy = policy({ ...administrator(kms), Sid: 'x'.repeat(33_000) });
    await expect(client.send(new PutKeyPolicyCommand({ KeyId, Policy }))).rejects.toMatchObject({
      name: 'LimitExceededException',
    });
    await expect(client.send(new PutKeyPolicyCommand({ KeyId, Policy: '"\u4e2d"' }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  it('binds nobody unless the rehearsal enforces it', async () => {
    const kms = await startKms();
    const client = clientOf(kms);
    const { KeyId } = await makeKey(client, { Origin: 'AWS_KMS', Policy: policy(administrator(kms)) });
    await client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') }));
  });

  it('that is enforced tells administrators, operators and users apart, and looks at conditions', async () => {
    const kms = await startKms({ enforcePolicies: true });
    const [admin, operator, user] = [clientOf(kms), clientAs(kms, OPERATOR), clientAs(kms, USER)];
    const { KeyId, Arn } = await makeKey(admin, {
      Policy: policy(
        administrator(kms),
        {
          Effect: 'Allow',
          Principal: { AWS: OPERATOR },
          Action: 'kms:GetParametersForImport',
          Condition: { StringEquals: { 'kms:WrappingAlgorithm': 'RSAES_OAEP_SHA_256' } },
        },
        { Effect: 'Deny', Principal: { AWS: USER }, Action: 'kms:Decrypt' },
      ),
    });
    const parameters = (WrappingAlgorithm: 'RSAES_OAEP_SHA_256' | 'RSAES_OAEP_SHA_1', by = operator) =>
      by.send(new GetParametersForImportCommand({ KeyId, WrappingAlgorithm, WrappingKeySpec: 'RSA_2048' }));
    await parameters('RSAES_OAEP_SHA_256');
    await expect(parameters('RSAES_OAEP_SHA_1')).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(parameters('RSAES_OAEP_SHA_256', admin)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `User: ${kms.callerArn} is not authorized to perform: kms:GetParametersForImport on resource: ${Arn!} because no resource-based policy allows the kms:GetParametersForImport action`,
    });
    await expect(
      user.send(new DecryptCommand({ KeyId, CiphertextBlob: Buffer.from('x'), EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' })),
    ).rejects.toMatchObject({ message: expect.stringContaining('with an explicit deny in a resource-based policy') });
    for (const client of [operator, user]) client.destroy();
  });

  it('is asked for both halves of a re-encryption by their own names', async () => {
    const kms = await startKms({ enforcePolicies: true });
    const client = clientOf(kms);
    const open = await makeKey(client, { Origin: 'AWS_KMS' });
    const from = { Effect: 'Allow', Principal: { AWS: kms.callerArn }, Action: ['kms:ReEncryptTo'] };
    const target = await makeKey(client, { Origin: 'AWS_KMS', Policy: policy(administrator(kms), from) });
    const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId: open.KeyId, Plaintext: Buffer.from('x') }));
    await client.send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: target.KeyId }));
    const back = await client.send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: target.KeyId }));
    await expect(
      client.send(new ReEncryptCommand({ CiphertextBlob: back.CiphertextBlob, DestinationKeyId: open.KeyId })),
    ).rejects.toMatchObject({ message: expect.stringContaining('kms:ReEncryptFrom') });
  });

  it('meets the principal that STS names', async () => {
    const kms = await startKms();
    const sts = new STSClient({ region: HOME, endpoint: kms.endpoint(HOME), credentials: kms.credentialsOf(OPERATOR) });
    expect((await sts.send(new GetCallerIdentityCommand())).Arn).toBe(OPERATOR);
    sts.destroy();
  });
});

describe('a grant', () => {
  it('lets its grantee do what the policy is silent about, within its constraints, until it is revoked', async () => {
    const kms = await startKms({ enforcePolicies: true });
    const [admin, user] = [clientOf(kms), clientAs(kms, USER)];
    const { KeyId, Arn } = await makeKey(admin, { Origin: 'AWS_KMS', Policy: policy(administrator(kms)) });
    const encrypt = (EncryptionContext: Record<string, string>) =>
      user.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x'), EncryptionContext }));
    await expect(encrypt({ tenant: 'a' })).rejects.toMatchObject({ name: 'AccessDeniedException' });
    const wish = {
      KeyId,
      Name: 'practice',
      GranteePrincipal: USER,
      RetiringPrincipal: OPERATOR,
      Operations: ['Encrypt'] as 'Encrypt'[],
      Constraints: { EncryptionContextSubset: { tenant: 'a' } },
    };
    const { GrantId } = await admin.send(new CreateGrantCommand(wish));
    expect((await admin.send(new CreateGrantCommand(wish))).GrantId).toBe(GrantId);
    await encrypt({ tenant: 'a', more: 'b' });
    await expect(encrypt({ tenant: 'b' })).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect((await admin.send(new ListGrantsCommand({ KeyId }))).Grants).toMatchObject([
      { KeyId: Arn, GrantId, Name: 'practice', GranteePrincipal: USER, Operations: ['Encrypt'], CreationDate: expect.any(Date) },
    ]);
    await admin.send(new RevokeGrantCommand({ KeyId, GrantId }));
    await expect(encrypt({ tenant: 'a' })).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(admin.send(new RevokeGrantCommand({ KeyId, GrantId }))).rejects.toMatchObject({ name: 'NotFoundException' });
    user.destroy();
  });

  it('is retired by its token, and only tried with DryRun', async () => {
    const kms = await startKms();
    const client = clientOf(kms);
    const { KeyId } = await makeKey(client, { Origin: 'AWS_KMS' });
    const wish = { KeyId, GranteePrincipal: USER, Operations: ['Decrypt'] as 'Decrypt'[] };
    await expect(client.send(new CreateGrantCommand({ ...wish, DryRun: true }))).rejects.toMatchObject({
      name: 'DryRunOperationException',
    });
    expect((await client.send(new ListGrantsCommand({ KeyId }))).Grants).toEqual([]);
    const { GrantToken } = await client.send(new CreateGrantCommand(wish));
    await client.send(new RetireGrantCommand({ GrantToken }));
    await expect(client.send(new RetireGrantCommand({ GrantToken }))).rejects.toMatchObject({
      name: 'InvalidGrantTokenException',
    });
    await expect(client.send(new CreateGrantCommand({ ...wish, Operations: ['Sign'] }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
});

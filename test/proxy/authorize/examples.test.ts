import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AuthorizationQuery } from '../../../proxy/authorize/authorizer';
import { authorizerOf, CREATE_KEY, query, shippedPolicy } from './policy-folder';

async function decisionsOf(name: string): Promise<(differs: Partial<AuthorizationQuery>) => string> {
  const { decide } = await authorizerOf(shippedPolicy(name));
  return (differs) => {
    const { allowed, policy } = decide(query(differs));
    return `${allowed ? 'allowed' : 'denied'} by ${policy}`;
  };
}

const ROLE = 'arn:aws:sts::111122223333:assumed-role';
const DECRYPT = { api: 'Decrypt', kmsOperation: 'Decrypt' } as const;

describe('one-revoked-user.cedar', () => {
  it.each([
    ['the IAM user', 'arn:aws:iam::111122223333:user/snape'],
    ['the IAM user below a path', 'arn:aws:iam::111122223333:user/staff/potions/snape'],
    ['his session of a role', `${ROLE}/admin/snape`],
    ['his session of another role', `${ROLE}/operator/snape`],
  ])('denies %s whatever he asks for', async (_who, caller) => {
    const decision = await decisionsOf('one-revoked-user.cedar');
    for (const asked of [{}, DECRYPT, CREATE_KEY, { via: 's3.eu-west-1.amazonaws.com' }])
      expect(decision({ ...asked, caller })).toBe('denied by revoked-snape');
  });

  it.each([
    ['a colleague', 'arn:aws:iam::111122223333:user/minerva'],
    ['a user whose name begins alike', 'arn:aws:iam::111122223333:user/snapes'],
    ['a user whose name ends alike', 'arn:aws:iam::111122223333:user/unsnape'],
    ['a session of a role that has his name', `${ROLE}/snape/minerva`],
    ['the same name in another account', 'arn:aws:iam::999988887777:user/snape'],
    ['a service', 'rds.amazonaws.com'],
    ['AWS itself', 'AWS Internal'],
  ])('lets %s stay', async (_who, caller) => {
    const decision = await decisionsOf('one-revoked-user.cedar');
    for (const asked of [{}, DECRYPT, CREATE_KEY]) expect(decision({ ...asked, caller })).toBe('allowed by everybody-else');
  });
});

describe('one-service-only.cedar', () => {
  it('lets calls through S3 pass, in the short and the long form', async () => {
    const decision = await decisionsOf('one-service-only.cedar');
    for (const via of ['s3', 's3.eu-west-1.amazonaws.com', 's3.us-gov-west-1.amazonaws.com'])
      for (const asked of [{}, DECRYPT, { kmsOperation: 'GenerateDataKey' }])
        expect(decision({ ...asked, via })).toBe('allowed by through-s3');
  });

  it('denies calls through others, and calls without a service', async () => {
    const decision = await decisionsOf('one-service-only.cedar');
    for (const via of ['', 'ebs', 'ec2.eu-west-1.amazonaws.com', 's3.example.org', 's3-outposts.eu-west-1.amazonaws.com'])
      for (const asked of [{}, DECRYPT]) expect(decision({ ...asked, via })).toBe('denied by default-deny');
  });

  it('still lets a key be created', async () => {
    expect((await decisionsOf('one-service-only.cedar'))(CREATE_KEY)).toBe('allowed by create-key');
  });
});

describe('one-account-only.cedar', () => {
  it('lets the account pass, keys being created included', async () => {
    const decision = await decisionsOf('one-account-only.cedar');
    for (const caller of ['arn:aws:iam::111122223333:user/minerva', `${ROLE}/admin/x`, 'arn:aws:iam::111122223333:root'])
      for (const asked of [{}, DECRYPT, CREATE_KEY]) expect(decision({ ...asked, caller })).toBe('allowed by our-account');
  });

  it('denies other accounts, and texts that only mention the account', async () => {
    const decision = await decisionsOf('one-account-only.cedar');
    for (const caller of [
      'arn:aws:iam::999988887777:user/111122223333',
      'arn:aws:sts::999988887777:assumed-role/r/111122223333',
      'x',
    ])
      for (const asked of [{}, DECRYPT, CREATE_KEY]) expect(decision({ ...asked, caller })).toBe('denied by default-deny');
  });

  it('lets a service on its own behalf use keys of the account, and no others', async () => {
    const decision = await decisionsOf('one-account-only.cedar');
    const caller = 'rds.amazonaws.com';
    expect(decision({ ...DECRYPT, caller })).toBe('allowed by services-for-our-keys');
    expect(decision({ ...DECRYPT, caller, kmsKeyArn: 'arn:aws:kms:eu-west-1:999988887777:key/1' })).toBe(
      'denied by default-deny',
    );
  });
});

describe('the folder of examples', () => {
  const files = readdirSync(shippedPolicy('.'));

  it('is listed whole in its README', () => {
    const readme = readFileSync(shippedPolicy('README.md'), 'utf8');
    for (const file of files.filter((name) => name !== 'README.md')) expect(readme, file).toContain(`\`${file}\``);
  });

  it('holds nothing the proxy would refuse', async () => {
    for (const file of files.filter((name) => name.endsWith('.cedar')))
      expect((await authorizerOf(shippedPolicy(file))).policies.length, file).toBeGreaterThan(0);
  });
});

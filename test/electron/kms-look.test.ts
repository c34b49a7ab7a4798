import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure, success, type Result } from '../../core/contract/result';
import type { CreateKeyRequest, KmsPort } from '../../core/kms/port';
import { REHEARSAL_ACCOUNT, REHEARSAL_CALLER_ARN } from '../../core/rehearsal/kms/identity';
import { openRehearsalAws, type RehearsalAws } from '../../core/rehearsal/rehearsal-aws';
import { CEREMONY_TAG } from '../../core/station/acts/kms-plan';
import { findImported } from '../../electron/imported-key';
import { openKmsLook } from '../../electron/kms-look';

const PLACE = { runMode: 'rehearsal', region: 'eu-west-1' } as const;
const KEY: CreateKeyRequest = {
  spec: 'SYMMETRIC_DEFAULT',
  usage: 'ENCRYPT_DECRYPT',
  multiRegion: false,
  description: 'a key to look at',
  policy: null,
  bypassPolicyLockoutSafetyCheck: false,
  tags: [{ key: CEREMONY_TAG, value: 'byok-20261122-090000' }],
};

const nothing = () => Promise.resolve(null);

function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code} ${JSON.stringify(result.error.detail)}`);
  return result.value;
}

describe('a look at KMS keys', () => {
  let folder = '';
  let aws: RehearsalAws;
  let made: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'keyrite-look-'));
    aws = openRehearsalAws(folder);
    const kms = must(await aws.kms({ ...PLACE, as: 'administrator' }));
    const first = must(await kms.createKey(KEY)).value;
    must(await kms.createAlias('alias/payments', first.keyId));
    const hmac = must(
      await kms.createKey({ ...KEY, spec: 'HMAC_256', usage: 'GENERATE_VERIFY_MAC', multiRegion: true, tags: [] }),
    ).value;
    must(await kms.scheduleKeyDeletion(hmac.keyId, 30));
    made = [first.keyId, hmac.keyId];
    for (let i = 0; i < 20; i += 1) made.push(must(await kms.createKey({ ...KEY, tags: [] })).value.keyId);
    kms.close();
  }, 60_000);
  afterAll(async () => {
    await aws.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('tells account, caller and everything of each key, and changes none', async () => {
    const look = openKmsLook(aws.kms, nothing);
    const page = must(await look.page({ ...PLACE, from: 0 }));
    const rest = must(await look.page({ ...PLACE, from: page.next ?? 0 }));
    look.stop();
    expect(page).toMatchObject({
      account: REHEARSAL_ACCOUNT,
      callerArn: REHEARSAL_CALLER_ARN,
      rehearsal: true,
      unread: [],
      total: 22,
    });
    const keys = [...page.keys, ...rest.keys];
    expect(keys.find(({ keyId }) => keyId === made[0])).toMatchObject({
      aliases: ['alias/payments'],
      state: 'PendingImport',
      origin: 'EXTERNAL',
      spec: 'SYMMETRIC_DEFAULT',
      multiRegion: null,
      expiresAt: null,
      ceremony: 'byok-20261122-090000',
      rotations: { done: 0, left: 25 },
    });
    expect(keys.find(({ keyId }) => keyId === made[1])).toMatchObject({
      state: 'PendingDeletion',
      materials: null,
      rotations: null,
      multiRegion: { role: 'primary', replicaArns: [] },
      deletionAt: expect.stringMatching(/Z$/) as string,
      ceremony: '',
    });
  });

  it('judges each key’s own policy: KMS’s default gives the account everything, and the lint says so', async () => {
    const look = openKmsLook(aws.kms, nothing);
    const [key] = must(await look.page({ ...PLACE, from: 0 })).keys;
    look.stop();
    expect(key?.policy).toMatchObject({ ok: true });
    const verdict = key?.policy?.ok === true ? key.policy.value : null;
    expect(verdict?.findings.map(({ rule }) => rule)).toContain('KP-WILDCARD');
    expect((verdict?.errors ?? 0) + (verdict?.warnings ?? 0)).toBe(verdict?.findings.length);
  });

  it('comes by the page, each key once, and says how many there are', async () => {
    const look = openKmsLook(aws.kms, nothing);
    const first = must(await look.page({ ...PLACE, from: 0 }));
    expect(first).toMatchObject({ total: 22, next: 20 });
    const second = must(await look.page({ ...PLACE, from: 20 }));
    expect(second.next).toBeNull();
    look.stop();
    expect([...first.keys, ...second.keys].map(({ keyId }) => keyId).toSorted()).toEqual(made.toSorted());
  });

  it('leaves a key that may not be read in its place, with the reason, and reads on', async () => {
    const look = openKmsLook(async (request) => {
      const kms = must(await aws.kms(request));
      const denied = failure('aws.accessDenied', { operation: 'DescribeKey' });
      const describeKey: KmsPort['describeKey'] = (keyId) =>
        keyId === made[0] ? Promise.resolve(denied) : kms.describeKey(keyId);
      return success({ ...kms, describeKey });
    }, nothing);
    const page = must(await look.page({ ...PLACE, from: 0 }));
    const rest = must(await look.page({ ...PLACE, from: 20 }));
    look.stop();
    expect([...page.unread, ...rest.unread]).toMatchObject([{ keyId: made[0], failure: { code: 'aws.accessDenied' } }]);
    expect(page.keys.length + rest.keys.length).toBe(21);
  });

  it('names the HSM key where a record of this station says so of this very key, and believes no tag', async () => {
    const [first = ''] = made;
    const asked: string[] = [];
    const look = openKmsLook(aws.kms, (ceremonyId) => {
      asked.push(ceremonyId);
      const kmsKeyArn = `arn:aws:kms:eu-west-1:${REHEARSAL_ACCOUNT}:key/${first}`;
      return Promise.resolve({ kmsKeyArn, label: 'byok-1', ckaId: 'ab'.repeat(16) });
    });
    const page = must(await look.page({ ...PLACE, from: 0 }));
    const rest = must(await look.page({ ...PLACE, from: 20 }));
    look.stop();
    const named = [...page.keys, ...rest.keys].filter(({ hsmKey }) => hsmKey !== null);
    expect(named).toMatchObject([{ keyId: first, hsmKey: { label: 'byok-1', ckaId: 'ab'.repeat(16) } }]);
    expect(asked).toEqual(['byok-20261122-090000']);
    expect(await findImported(folder)('../../etc')).toBeNull();
    expect(await findImported(folder)('byok-20261122-090000')).toBeNull();
  });

  it('answers why where nobody can be asked', async () => {
    const look = openKmsLook(() => Promise.resolve(failure('aws.noCredentials')), nothing);
    expect(await look.page({ ...PLACE, from: 0 })).toMatchObject({ ok: false, error: { code: 'aws.noCredentials' } });
    expect(await look.policyOf({ ...PLACE, keyId: 'x' })).toMatchObject({ ok: false, error: { code: 'aws.noCredentials' } });
  });

  it('gives up the calls that are under way when it is stopped', async () => {
    const closed: string[] = [];
    const look = openKmsLook(async (request) => {
      const kms = must(await aws.kms(request));
      const close = (): void => {
        closed.push(request.region);
        kms.close();
      };
      return success({ ...kms, close });
    }, nothing);
    must(await look.page({ ...PLACE, from: 0 }));
    must(await look.page({ ...PLACE, region: 'us-east-1', from: 0 }));
    expect(closed).toEqual(['eu-west-1']);
    look.stop();
    expect(closed).toEqual(['eu-west-1', 'us-east-1']);
  });

  it('reads the policy that one key has now', async () => {
    const look = openKmsLook(aws.kms, nothing);
    expect(must(await look.policyOf({ ...PLACE, keyId: made[0] ?? '' }))).toContain('"Statement"');
  });
});

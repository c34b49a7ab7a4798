import { randomBytes } from 'node:crypto';
import { CreateAliasCommand, type CreateKeyCommandInput } from '@aws-sdk/client-kms';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { failure, success } from '../../../../core/contract/result';
import type { Outcome } from '../../../../core/keys/evidence';
import { openKms } from '../../../../core/kms/open';
import type { KmsPort } from '../../../../core/kms/port';
import type { RehearsalKms } from '../../../../core/rehearsal/kms/start';
import { sha256Text } from '../../../../core/pack/sha256';
import { awsDisableKey, awsEnableKey, awsPlanDisable } from '../../../../core/station/acts/kms-disable';
import { cleanUp, clientOf, HOME, importMaterial, makeKey, startKms } from '../../rehearsal/kms/ground';
import { actRecord, failedRules, type ActRecord } from '../act-record';
import { value } from '../stage';

vi.setConfig({ testTimeout: 60_000 });

const CONTEXT = { purpose: 'a test' };
const ALGORITHM = 'SYMMETRIC_DEFAULT';

let kms: RehearsalKms;
let port: KmsPort;
const records: ActRecord[] = [];

beforeEach(async () => {
  kms = await startKms();
  const { credentials } = kms;
  const options = { region: HOME, endpoint: kms.endpoint(HOME), profile: '', runMode: 'rehearsal', timeoutMs: 60_000 } as const;
  port = value(openKms({ ...options, credentials }));
});
afterEach(async () => {
  for (const record of records.splice(0)) await record.remove();
  port.close();
  await cleanUp();
});

/** A key with material of ours, enabled. */
async function enabledKey(input: CreateKeyCommandInput = {}): Promise<string> {
  const client = clientOf(kms);
  const { Arn = '' } = await makeKey(client, input);
  await importMaterial(client, Arn, randomBytes(32));
  return Arn;
}

/** A ceremony about this key; `user`: what is different for the one who tries it. */
async function ceremony(kmsKeyArn: string, change: string, user: Partial<KmsPort> = {}): Promise<ActRecord> {
  const inputs = { kmsKeyArn, change, awsRegion: HOME, awsAccount: kms.account, awsPrincipal: kms.callerArn };
  const record = await actRecord(inputs, {
    kms: (_, as) => Promise.resolve(success(as === 'user' ? { ...port, ...user } : port)),
  });
  records.push(record);
  return record;
}

async function planned(kmsKeyArn: string, change: string, user: Partial<KmsPort> = {}): Promise<ActRecord> {
  const record = await ceremony(kmsKeyArn, change, user);
  value(await record.done('aws.planDisable', awsPlanDisable));
  return record;
}

async function stateOf(keyArn: string): Promise<string> {
  return value(await port.describeKey(keyArn)).value.state;
}

/** What a service that uses the key hears. */
async function decrypted(keyId: string, ciphertext: Uint8Array): Promise<string> {
  const answer = await port.decrypt({ keyId, ciphertext, context: CONTEXT, algorithm: ALGORITHM });
  return answer.ok ? new TextDecoder().decode(answer.value.value) : answer.error.code;
}

async function encrypted(keyId: string): Promise<Uint8Array> {
  const plaintext = new TextEncoder().encode('the secret of the day');
  return value(await port.encrypt({ keyId, plaintext, context: CONTEXT, algorithm: ALGORITHM })).value;
}

const words = ({ show }: Outcome): string => JSON.stringify(show);

describe('what is approved before a KMS key is disabled', () => {
  it('is the key with its state and aliases, what stops and what does not, and the very command', async () => {
    const keyArn = await enabledKey({ Description: 'payments' });
    await clientOf(kms).send(new CreateAliasCommand({ AliasName: 'alias/payments', TargetKeyId: keyArn }));
    const done = value(await (await ceremony(keyArn, 'disable')).done('aws.planDisable', awsPlanDisable));
    expect(failedRules(success(done))).toEqual([]);
    const [plan] = done.artefacts;
    const text = new TextDecoder().decode(plan?.bytes);
    expect(JSON.parse(text)).toMatchObject({
      change: 'disable',
      keyArn,
      state: 'Enabled',
      aliases: ['alias/payments'],
      store: null,
    });
    expect(done.values['kmsKey.digest']).toBe(sha256Text(text));
    for (const said of ['alias/payments', 'every use of this key', 'data key in memory', 'disable-key', 'Enabled'])
      expect(words(done)).toContain(said);
    expect(words(done)).not.toContain('enable-key"');
    expect(await stateOf(keyArn), 'nothing was changed').toBe('Enabled');
  });

  it('is another digest for another change', async () => {
    const keyArn = await enabledKey();
    const digests = await Promise.all(
      ['disable', 'both', 'enable'].map(
        async (change) =>
          value(await (await ceremony(keyArn, change)).done('aws.planDisable', awsPlanDisable)).values['kmsKey.digest'],
      ),
    );
    expect(new Set(digests).size).toBe(3);
  });

  it('is nothing where the key waits for material: it is refused already, and cannot be switched', async () => {
    const { Arn = '' } = await makeKey(clientOf(kms));
    const done = await (await ceremony(Arn, 'disable')).done('aws.planDisable', awsPlanDisable);
    expect(failedRules(done)).toEqual(['CER-KMS-SWITCH']);
  });

  it('must come first', async () => {
    const record = await ceremony(await enabledKey(), 'disable');
    expect(await record.done('aws.disableKey', awsDisableKey)).toMatchObject({ error: { code: 'ceremony.notNow' } });
  });
});

describe('disabling a KMS key', () => {
  it('ends with AWS saying so and a real use refused, for everybody, and may be repeated', async () => {
    const keyArn = await enabledKey();
    const ciphertext = await encrypted(keyArn);
    const record = await planned(keyArn, 'disable');
    for (const time of ['first', 'again']) {
      const done = await record.done('aws.disableKey', awsDisableKey);
      expect(failedRules(done), time).toEqual([]);
      expect(value(done).data).toMatchObject({ keyArn, state: 'Disabled', use: 'aws.disabled' });
      expect(value(done).checks.map(({ rule }) => rule)).toEqual(['CER-KMS-DISABLED', 'CER-KMS-REFUSED']);
      expect(await decrypted(keyArn, ciphertext)).toBe('aws.disabled');
    }
  });

  it('waits for a use to be refused while AWS acts as before', async () => {
    const keyArn = await enabledKey();
    let late = 1;
    const encrypt: KmsPort['encrypt'] = async (request) =>
      late-- > 0 ? success({ value: randomBytes(32), requestId: 'late', at: '' }) : port.encrypt(request);
    const record = await planned(keyArn, 'disable', { encrypt });
    expect(failedRules(await record.done('aws.disableKey', awsDisableKey))).toEqual([]);
    expect(late).toBe(-1);
  });

  it('is not proven by a refusal that is about the caller', async () => {
    const keyArn = await enabledKey();
    const record = await planned(keyArn, 'disable', { encrypt: () => Promise.resolve(failure('aws.accessDenied')) });
    const done = await record.done('aws.disableKey', awsDisableKey);
    expect(failedRules(done)).toEqual(['CER-KMS-REFUSED']);
    expect(value(done).data).toMatchObject({ state: 'Disabled', use: 'aws.accessDenied' });
  });

  it('of a key that cannot be tried checks its state, and says why no more', async () => {
    const keyArn = await enabledKey({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
    const record = await planned(keyArn, 'disable');
    const done = value(await record.done('aws.disableKey', awsDisableKey));
    expect(done.checks).toMatchObject([{ rule: 'CER-KMS-DISABLED', ok: true }]);
    expect(words(done)).toContain('Not tried: Keyrite tries keys for symmetric encryption alone, and this is HMAC_256.');
    expect(await stateOf(keyArn)).toBe('Disabled');
  });
});

describe('enabling a KMS key', () => {
  it('ends with the key in use again, and may be repeated', async () => {
    const keyArn = await enabledKey();
    const ciphertext = await encrypted(keyArn);
    const record = await planned(keyArn, 'both');
    value(await record.done('aws.disableKey', awsDisableKey));
    expect(await decrypted(keyArn, ciphertext)).toBe('aws.disabled');
    for (const time of ['first', 'again']) {
      const done = await record.done('aws.enableKey', awsEnableKey);
      expect(failedRules(done), time).toEqual([]);
      expect(value(done).checks.map(({ rule }) => rule)).toEqual(['CER-KMS-ENABLED', 'CER-KMS-SERVES']);
      expect(await decrypted(keyArn, ciphertext)).toBe('the secret of the day');
    }
  });

  it('begins with a key that an earlier ceremony disabled, and says what it is', async () => {
    const keyArn = await enabledKey();
    value(await (await planned(keyArn, 'disable')).done('aws.disableKey', awsDisableKey));
    const record = await ceremony(keyArn, 'enable');
    const plan = value(await record.done('aws.planDisable', awsPlanDisable));
    expect(plan.data).toEqual({ keyArn, state: 'Disabled' });
    expect(words(plan)).toContain('What enabling does');
    expect(failedRules(await record.done('aws.enableKey', awsEnableKey))).toEqual([]);
    expect(await stateOf(keyArn)).toBe('Enabled');
  });

  it('is not proven where the key is Enabled and a use is refused', async () => {
    const record = await planned(await enabledKey(), 'enable', {
      decrypt: () => Promise.resolve(failure('aws.accessDenied')),
    });
    expect(failedRules(await record.done('aws.enableKey', awsEnableKey))).toEqual(['CER-KMS-SERVES']);
  });
});

import { constants, createHmac, generateKeyPairSync, publicEncrypt, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Result } from '../../../core/contract/result';
import { openKms } from '../../../core/kms/open';
import type { Answered } from '../../../core/kms/answered';
import type { CreateKeyRequest, ImportRequest, KmsPort } from '../../../core/kms/port';
import { systemRim, type Rim } from '../../../core/kms/retry';
import { untilSeen } from '../../../core/kms/until-seen';
import { startRehearsalKms, type RehearsalKms } from '../../../core/rehearsal/kms/start';
import { quickRim } from './stand-in';

const HOME = 'eu-central-1';
const ABROAD = 'eu-west-1';

// RSA keys are made at every step; how long that takes is the machine's business.
vi.setConfig({ testTimeout: 90_000 });

let folder = '';
let rehearsal: RehearsalKms;
const open: KmsPort[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyrite-rehearsal-'));
  rehearsal = valueOf(await startRehearsalKms({ folder, regions: [HOME, ABROAD] }));
});

afterEach(async () => {
  for (const kms of open.splice(0)) kms.close();
  await rehearsal.stop();
  await rm(folder, { recursive: true });
});

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

const answerOf = <T>(result: Result<Answered<T>>): T => valueOf(result).value;

function codeOf(result: Result<unknown>): string {
  return result.ok ? 'ok' : result.error.code;
}

/** Does not wait: the clock of the rehearsal goes on instead. */
function movingRim(): Rim & { readonly waits: number[] } {
  const rim = quickRim();
  return {
    waits: rim.waits,
    nowMs: () => Date.now(),
    delay: async (ms, signal) => {
      await rim.delay(ms, signal);
      await rehearsal.advance(ms);
    },
  };
}

function kmsOf(region: string, rim: Rim = movingRim()): KmsPort {
  const kms = valueOf(
    openKms(
      {
        region,
        endpoint: rehearsal.endpoint(region),
        profile: '',
        credentials: rehearsal.credentials,
        runMode: 'rehearsal',
        timeoutMs: 60_000,
      },
      rim,
    ),
  );
  open.push(kms);
  return kms;
}

const TAG = { key: 'keyrite:ceremony', value: 'c-0007' };

const SYMMETRIC: CreateKeyRequest = {
  spec: 'SYMMETRIC_DEFAULT',
  usage: 'ENCRYPT_DECRYPT',
  multiRegion: false,
  description: 'payments',
  policy: null,
  bypassPolicyLockoutSafetyCheck: false,
  tags: [TAG],
};

/** The smallest one, for each set is a new RSA key. */
const WRAPPING = { algorithm: 'RSAES_OAEP_SHA_256', wrappingKeySpec: 'RSA_2048' } as const;

async function importInto(kms: KmsPort, keyId: string, material: Uint8Array, over: Partial<Omit<ImportRequest, 'keyId'>> = {}) {
  const set = answerOf(await kms.getParametersForImport(keyId, WRAPPING));
  const key = { key: Buffer.from(set.publicKey), format: 'der', type: 'spki' } as const;
  const encryptedKeyMaterial = publicEncrypt({ ...key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, material);
  return kms.importKeyMaterial({
    keyId,
    importToken: set.importToken,
    encryptedKeyMaterial,
    expiration: { model: 'never' },
    importType: null,
    materialDescription: null,
    materialId: null,
    ...over,
  });
}

describe('with the rehearsal KMS', () => {
  it('the caller is told to be a rehearsal, and production does not open it', async () => {
    expect(answerOf(await kmsOf(HOME).identify())).toMatchObject({
      account: rehearsal.account,
      arn: rehearsal.callerArn,
      region: HOME,
      rehearsal: true,
    });
    const options = { region: HOME, profile: '', credentials: rehearsal.credentials, timeoutMs: 1_000 };
    const opened = openKms({ ...options, endpoint: rehearsal.endpoint(HOME), runMode: 'production' });
    expect(codeOf(opened)).toBe('aws.rehearsalOnly');
  });

  it('a symmetric key is made, filled, used, rotated and destroyed', async () => {
    const kms = kmsOf(HOME);
    const { keyId, state } = answerOf(await kms.createKey(SYMMETRIC));
    expect(state).toBe('PendingImport');
    const validTo = new Date(rehearsal.now().getTime() + 100 * 86_400_000).toISOString();
    const first = randomBytes(32);
    const imported = answerOf(
      await importInto(kms, keyId, first, { expiration: { model: 'expires', validTo }, materialDescription: 'c-0007' }),
    );
    expect(imported.materialId).toMatch(/^[0-9a-f]{64}$/);

    const seen = answerOf(
      await untilSeen(
        (signal) => kms.describeKey(keyId, signal),
        (key) => key.state === 'Enabled',
        { everyMs: 500, withinMs: 5_000 },
        movingRim(),
      ),
    );
    expect(seen).toMatchObject({
      isSeen: true,
      last: { currentMaterialId: imported.materialId, expiration: { model: 'expires' } },
    });

    const context = { proof: 'c-0007' };
    const plaintext = randomBytes(32);
    const algorithm = 'SYMMETRIC_DEFAULT';
    const ciphertext = answerOf(await kms.encrypt({ keyId, plaintext, context, algorithm }));
    expect(Buffer.from(answerOf(await kms.decrypt({ keyId, ciphertext, context, algorithm })))).toEqual(plaintext);
    const dataKey = answerOf(await kms.generateDataKey(keyId, context));
    expect(Buffer.from(answerOf(await kms.decrypt({ keyId, ciphertext: dataKey.ciphertext, context, algorithm })))).toEqual(
      Buffer.from(dataKey.plaintext),
    );
    const again = answerOf(await kms.reEncrypt({ ciphertext, sourceKeyId: keyId, destinationKeyId: keyId, context }));
    expect(Buffer.from(answerOf(await kms.decrypt({ keyId, ciphertext: again, context, algorithm })))).toEqual(plaintext);

    const second = answerOf(await importInto(kms, keyId, randomBytes(32), { importType: 'NEW_KEY_MATERIAL' }));
    expect(
      answerOf(await kms.listKeyMaterials(keyId))
        .map(({ materialState }) => materialState)
        .sort(),
    ).toEqual(['CURRENT', 'PENDING_ROTATION']);
    answerOf(await kms.rotateKeyOnDemand(keyId));
    const rotated = await untilSeen(
      (signal) => kms.rotationUnderWay(keyId, signal),
      (since) => since === null,
      { everyMs: 1_000, withinMs: 60_000 },
      movingRim(),
    );
    expect(answerOf(rotated).isSeen).toBe(true);
    expect(answerOf(await kms.describeKey(keyId)).currentMaterialId).toBe(second.materialId);

    expect(answerOf(await kms.deleteImportedKeyMaterial(keyId, imported.materialId)).materialId).toBe(imported.materialId);
    expect(answerOf(await kms.describeKey(keyId)).state).toBe('PendingImport');
    expect(answerOf(await kms.scheduleKeyDeletion(keyId, 7)).deletionAt).not.toBeNull();
    answerOf(await kms.cancelKeyDeletion(keyId));
  });

  it('an HMAC key proves by one MAC that KMS has it', async () => {
    const kms = kmsOf(HOME);
    const material = randomBytes(32);
    const { keyId } = answerOf(await kms.createKey({ ...SYMMETRIC, spec: 'HMAC_256', usage: 'GENERATE_VERIFY_MAC' }));
    const imported = answerOf(await importInto(kms, keyId, material));
    expect(imported.materialId).toBeNull();
    const message = Buffer.from('keyrite c-0007');
    const mac = answerOf(await kms.generateMac({ keyId, algorithm: 'HMAC_SHA_256', message }));
    expect(Buffer.from(mac)).toEqual(createHmac('sha256', material).update(message).digest());
  });

  it('an EC key proves by its public key that KMS has it', async () => {
    const kms = kmsOf(HOME);
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const { keyId } = answerOf(await kms.createKey({ ...SYMMETRIC, spec: 'ECC_NIST_P256', usage: 'SIGN_VERIFY' }));
    answerOf(await importInto(kms, keyId, privateKey.export({ format: 'der', type: 'pkcs8' })));
    expect(Buffer.from(answerOf(await kms.getPublicKey(keyId)).spki)).toEqual(publicKey.export({ format: 'der', type: 'spki' }));
  });

  it('a replica in another Region takes the same material and no other', async () => {
    const kms = kmsOf(HOME);
    const abroad = kmsOf(ABROAD);
    const material = randomBytes(32);
    const { keyId } = answerOf(await kms.createKey({ ...SYMMETRIC, multiRegion: true }));
    const request = { keyId, replicaRegion: ABROAD, policy: null, description: 'payments', tags: [TAG] };
    expect(codeOf(await kms.replicateKey(request))).toBe('aws.invalidState');
    answerOf(await importInto(kms, keyId, material));
    const replica = answerOf(await kms.replicateKey(request));
    expect(replica).toMatchObject({ keyId, multiRegion: { type: 'REPLICA' } });
    expect(replica.arn).toContain(ABROAD);
    await untilSeen(
      (signal) => abroad.describeKey(keyId, signal),
      (key) => key.state === 'PendingImport',
      { everyMs: 1_000, withinMs: 60_000 },
      movingRim(),
    );
    expect(codeOf(await importInto(abroad, keyId, randomBytes(32)))).toBe('aws.otherMaterial');
    expect(codeOf(await importInto(abroad, keyId, material))).toBe('ok');
    expect(answerOf(await kms.describeKey(keyId)).multiRegion?.replicaArns).toEqual([replica.arn]);
  });

  it('names, policy, tags and grants of a key are kept', async () => {
    const kms = kmsOf(HOME);
    const { keyId } = answerOf(await kms.createKey(SYMMETRIC));
    answerOf(await importInto(kms, keyId, randomBytes(32)));
    answerOf(await kms.createAlias('alias/payments', keyId));
    expect(answerOf(await kms.listAliases(keyId))).toEqual([{ alias: 'alias/payments', keyId }]);
    answerOf(await kms.updateAlias('alias/payments', keyId));
    answerOf(await kms.deleteAlias('alias/payments'));
    expect(answerOf(await kms.listAliases(keyId))).toEqual([]);

    const policy = answerOf(await kms.getKeyPolicy(keyId));
    answerOf(await kms.putKeyPolicy({ keyId, policy, bypassPolicyLockoutSafetyCheck: false }));
    const lockedOut = policy.replace(/"kms:\*"/, '"kms:DescribeKey"');
    expect(codeOf(await kms.putKeyPolicy({ keyId, policy: lockedOut, bypassPolicyLockoutSafetyCheck: false }))).toBe(
      'aws.policyRefused',
    );

    answerOf(await kms.tagKey(keyId, [{ key: 'owner', value: 'treasury' }]));
    expect(answerOf(await kms.listTags(keyId))).toContainEqual({ key: 'owner', value: 'treasury' });
    answerOf(await kms.updateDescription(keyId, 'payments 2'));
    expect(answerOf(await kms.describeKey(keyId)).description).toBe('payments 2');

    const { grantId } = answerOf(
      await kms.createGrant({ keyId, name: 'g', grantee: rehearsal.callerArn, retiring: '', operations: ['Encrypt'] }),
    );
    expect(answerOf(await kms.listGrants(keyId))).toMatchObject([{ grantId, name: 'g', operations: ['Encrypt'] }]);
    answerOf(await kms.revokeGrant(keyId, grantId));
    expect(answerOf(await kms.listGrants(keyId))).toEqual([]);

    answerOf(await kms.disableKey(keyId));
    expect(codeOf(await kms.generateDataKey(keyId, {}))).toBe('aws.disabled');
    answerOf(await kms.enableKey(keyId));
    answerOf(await kms.generateDataKey(keyId, {}));
    expect(answerOf(await kms.getKeyLastUsage(keyId)).operation).toBe('GenerateDataKey');
    expect(answerOf(await kms.listKeys()).map((key) => key.keyId)).toEqual([keyId]);
  });

  it('a key whose making was answered into the void is found by its tag, and was made once', async () => {
    const kms = kmsOf(HOME);
    rehearsal.fail({ operation: 'CreateKey', times: 1, kind: { lostAnswer: true } });
    expect(codeOf(await kms.createKey(SYMMETRIC))).toBe('aws.noAnswer');
    expect(answerOf(await kms.findByTag(TAG))).toMatchObject([{ description: 'payments', state: 'PendingImport' }]);
    expect(answerOf(await kms.findByTag({ ...TAG, value: 'c-0008' }))).toEqual([]);
  });

  it('an import whose answer was lost has happened, and the same blob again does no harm', async () => {
    const kms = kmsOf(HOME);
    const { keyId } = answerOf(await kms.createKey(SYMMETRIC));
    rehearsal.fail({ operation: 'ImportKeyMaterial', times: 1, kind: { lostAnswer: true } });
    const material = randomBytes(32);
    expect(codeOf(await importInto(kms, keyId, material))).toBe('aws.noAnswer');
    expect(answerOf(await kms.describeKey(keyId)).state).toBe('Enabled');
    expect(codeOf(await importInto(kms, keyId, material))).toBe('ok');
  });

  it('a set that KMS does not give yet is asked for again after more than four seconds', async () => {
    const rim = movingRim();
    const kms = kmsOf(HOME, rim);
    const { keyId } = answerOf(await kms.createKey(SYMMETRIC));
    rehearsal.fail({ operation: 'GetParametersForImport', times: 2, kind: { throttle: true } });
    expect(answerOf(await kms.getParametersForImport(keyId, WRAPPING)).publicKey).toHaveLength(294);
    expect(rim.waits).toEqual([4_500, 8_000]);
  });

  it('a set older than a day, one of another key, and a blob wrapped otherwise are told apart', async () => {
    const kms = kmsOf(HOME);
    const { keyId } = answerOf(await kms.createKey(SYMMETRIC));
    const other = answerOf(await kms.createKey(SYMMETRIC)).keyId;
    const set = answerOf(await kms.getParametersForImport(keyId, WRAPPING));
    const blob = (oaepHash: string) =>
      publicEncrypt(
        {
          key: Buffer.from(set.publicKey),
          format: 'der',
          type: 'spki',
          padding: constants.RSA_PKCS1_OAEP_PADDING,
          oaepHash,
        } as Parameters<typeof publicEncrypt>[0],
        randomBytes(32),
      );
    const request = (into: string, oaepHash = 'sha256') => ({
      keyId: into,
      importToken: set.importToken,
      encryptedKeyMaterial: blob(oaepHash),
      expiration: { model: 'never' } as const,
      importType: null,
      materialDescription: null,
      materialId: null,
    });
    expect(codeOf(await kms.importKeyMaterial(request(other)))).toBe('aws.tokenInvalid');
    expect(codeOf(await kms.importKeyMaterial(request(keyId, 'sha1')))).toBe('aws.blobRefused');
    await rehearsal.advance(25 * 3_600_000);
    expect(codeOf(await kms.importKeyMaterial(request(keyId)))).toBe('aws.tokenExpired');
  });

  it('a clock that is an hour off is told as that', async () => {
    const kms = kmsOf(HOME, systemRim);
    rehearsal.fail({ operation: 'CreateKey', times: 1, kind: { skewMs: 3_600_000 } });
    expect(codeOf(await kms.createKey(SYMMETRIC))).toBe('aws.clockSkew');
    rehearsal.fail({ operation: 'CreateKey', times: 1, kind: { skewMs: -3_600_000 } });
    expect(codeOf(await kms.createKey(SYMMETRIC))).toBe('aws.clockSkew');
  });

  it('a wrong secret is told as that', async () => {
    const kms = valueOf(
      openKms({
        region: HOME,
        endpoint: rehearsal.endpoint(HOME),
        profile: '',
        credentials: { ...rehearsal.credentials, secretAccessKey: 'wrong' },
        runMode: 'rehearsal',
        timeoutMs: 60_000,
      }),
    );
    open.push(kms);
    expect(codeOf(await kms.identify())).toBe('aws.noCredentials');
  });
});

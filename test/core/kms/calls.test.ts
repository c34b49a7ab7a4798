import { afterEach, describe, expect, it } from 'vitest';
import { callOf } from '../../../core/kms/calls';
import { ACTS, EVERY_CALL, PROXY_SECRET, REQUESTS } from './every-call';
import { endAll, json, KEY_ARN, KEY_ID, keyMetadata, refuse, rehearsal, standIn, type Answer } from './stand-in';

afterEach(endAll);

/** What of a call is on the wire: bytes in base64, times in epoch seconds (AWS JSON 1.1). */
function wireForm(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(wireForm);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, wireForm(member)]));
}

async function answering(answer: Answer) {
  const server = await standIn(answer);
  return { server, kms: rehearsal(server.url) };
}

describe('an act as data', () => {
  it.each(ACTS)('is what the port sends: $act', async (act) => {
    const { server, kms } = await answering((_, response) => refuse(response, 'AccessDeniedException', 'no'));
    await EVERY_CALL[act.act](kms);
    const { operation, input, credential } = callOf(act);
    const sent = server.asked.at(-1)!;
    const signedWith = credential && { AccessKeyId: credential.accessKeyId, RawSecretAccessKey: PROXY_SECRET };
    const whole = { ...input, ...(signedWith && { XksProxyAuthenticationCredential: signedWith }) };
    expect([sent.operation, JSON.parse(sent.body)]).toEqual([operation, wireForm(whole)]);
  });

  it('always says whether material expires: KMS’s own default is that it does', () => {
    const { importKeyMaterial: request } = REQUESTS;
    expect(callOf({ act: 'importKeyMaterial', request }).input).toMatchObject({ ExpirationModel: 'KEY_MATERIAL_EXPIRES' });
    const never = callOf({ act: 'importKeyMaterial', request: { ...request, expiration: { model: 'never' } } }).input;
    expect(never).toMatchObject({ ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' });
    expect(never).not.toHaveProperty('ValidTo');
  });

  it('leaves out what asymmetric and HMAC keys do not take', () => {
    const request = { ...REQUESTS.importKeyMaterial, importType: null, materialDescription: null, materialId: null };
    const { input } = callOf({ act: 'importKeyMaterial', request });
    expect(Object.keys(input).sort()).toEqual(['EncryptedKeyMaterial', 'ExpirationModel', 'ImportToken', 'KeyId', 'ValidTo']);
    expect(callOf({ act: 'decrypt', request: REQUESTS.decrypt }).input).not.toHaveProperty('EncryptionContext');
  });

  it.each(['', 'soon', '2027-05-01', '2027-05-01T09:00:00', '2027-05-01T09:00:00+02:00', '2027-13-01T09:00:00Z'])(
    'does not leave the station with a date that is no UTC time: "%s"',
    async (validTo) => {
      const { server, kms } = await answering((_, response) => json(response, {}));
      const answer = await kms.importKeyMaterial({ ...REQUESTS.importKeyMaterial, expiration: { model: 'expires', validTo } });
      expect(answer).toMatchObject({ ok: false, error: { code: 'input.invalid', detail: { field: 'validTo' } } });
      expect(server.asked).toEqual([]);
    },
  );
});

describe('an answer', () => {
  it('comes with the request id and the time of AWS', async () => {
    const date = 'Sat, 28 Nov 2026 03:00:00 GMT';
    const { kms } = await answering((_, response) => json(response, { KeyMetadata: keyMetadata() }, 200, { date }));
    expect(await kms.describeKey(KEY_ID)).toMatchObject({
      value: { requestId: '11111111-2222-3333-4444-555555555555', at: '2026-11-28T03:00:00.000Z' },
    });
  });

  it('describes a key with everything that matters of imported material', async () => {
    const replica = KEY_ARN.replace('eu-central-1', 'eu-west-1');
    const metadata = keyMetadata({
      KeyState: 'Enabled',
      ExpirationModel: 'KEY_MATERIAL_EXPIRES',
      ValidTo: 1_809_421_200.5,
      CurrentKeyMaterialId: 'ab'.repeat(32),
      DeletionDate: 1_809_421_200,
      MultiRegion: true,
      MultiRegionConfiguration: {
        MultiRegionKeyType: 'PRIMARY',
        PrimaryKey: { Arn: KEY_ARN, Region: 'eu-central-1' },
        ReplicaKeys: [{ Arn: replica, Region: 'eu-west-1' }],
      },
    });
    const { kms } = await answering((_, response) => json(response, { KeyMetadata: metadata }));
    expect(await kms.describeKey(KEY_ID)).toMatchObject({
      value: {
        value: {
          keyId: KEY_ID,
          arn: KEY_ARN,
          state: 'Enabled',
          origin: 'EXTERNAL',
          createdAt: '2025-11-28T03:20:00.000Z',
          deletionAt: '2027-05-04T09:00:00.000Z',
          expiration: { model: 'expires', validTo: '2027-05-04T09:00:00.500Z' },
          currentMaterialId: 'ab'.repeat(32),
          multiRegion: { type: 'PRIMARY', primaryArn: KEY_ARN, replicaArns: [replica] },
        },
      },
    });
  });

  it('gives a set for an import as bytes', async () => {
    const set = { KeyId: KEY_ARN, PublicKey: 'AQID', ImportToken: 'BAUG', ParametersValidTo: 1_764_400_000 };
    const { kms } = await answering((_, response) => json(response, set));
    expect(await EVERY_CALL.getParametersForImport(kms)).toMatchObject({
      value: {
        value: {
          keyArn: KEY_ARN,
          publicKey: Uint8Array.of(1, 2, 3),
          importToken: Uint8Array.of(4, 5, 6),
          validTo: '2025-11-29T07:06:40.000Z',
        },
      },
    });
  });

  it('names every material of a key, through all pages', async () => {
    const current = {
      KeyId: KEY_ARN,
      KeyMaterialId: 'aa'.repeat(32),
      KeyMaterialState: 'CURRENT',
      ImportState: 'IMPORTED',
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
      RotationDate: 1_764_300_000,
      RotationType: 'ON_DEMAND',
    };
    const pending = {
      KeyMaterialId: 'bb'.repeat(32),
      KeyMaterialDescription: 'c-0008',
      KeyMaterialState: 'PENDING_ROTATION',
      ImportState: 'PENDING_IMPORT',
    };
    const { server, kms } = await answering((_, response, nth) =>
      nth === 1
        ? json(response, { Rotations: [current], Truncated: true, NextMarker: 'm-1' })
        : json(response, { Rotations: [pending], Truncated: false }),
    );
    const answer = await kms.listKeyMaterials(KEY_ID);
    expect(answer.ok && answer.value.value).toEqual([
      {
        materialId: 'aa'.repeat(32),
        description: '',
        materialState: 'CURRENT',
        importState: 'IMPORTED',
        expiration: { model: 'never' },
        rotatedAt: '2025-11-28T03:20:00.000Z',
        rotationType: 'ON_DEMAND',
      },
      {
        materialId: 'bb'.repeat(32),
        description: 'c-0008',
        materialState: 'PENDING_ROTATION',
        importState: 'PENDING_IMPORT',
        expiration: null,
        rotatedAt: null,
        rotationType: null,
      },
    ]);
    expect(JSON.parse(server.asked.at(-1)!.body)).toEqual({
      KeyId: KEY_ID,
      IncludeKeyMaterial: 'ALL_KEY_MATERIAL',
      Marker: 'm-1',
    });
  });

  it('does not keep a listing going that never ends', async () => {
    const { server, kms } = await answering((_, response) => json(response, { Aliases: [], NextMarker: 'again' }));
    expect(await kms.listAliases(null)).toMatchObject({ ok: false, error: { code: 'aws.unknown' } });
    expect(server.count('ListAliases')).toBe(1_100);
  });

  it('tells when a rotation was begun and that a key was never used', async () => {
    const { kms } = await answering(({ operation }, response) =>
      operation === 'GetKeyLastUsage'
        ? json(response, { KeyId: KEY_ID, TrackingStartDate: 1_764_300_000 })
        : json(response, { KeyId: KEY_ID, KeyRotationEnabled: false, OnDemandRotationStartDate: 1_764_300_000 }),
    );
    expect(await kms.rotationUnderWay(KEY_ID)).toMatchObject({ value: { value: '2025-11-28T03:20:00.000Z' } });
    expect(await kms.getKeyLastUsage(KEY_ID)).toMatchObject({
      value: { value: { operation: null, at: null, kmsRequestId: null, trackingSince: '2025-11-28T03:20:00.000Z' } },
    });
  });
});

describe('the search for a key by its tag', () => {
  const TAG = { key: 'keyrite:ceremony', value: 'c-0007' };
  interface Known {
    readonly origin?: string;
    readonly created: number;
    readonly tags: readonly { readonly TagKey: string; readonly TagValue: string }[] | 'denied' | 'gone';
  }

  async function searchAmong(keys: Readonly<Record<string, Known>>) {
    const { server, kms } = await answering(({ operation, body }, response) => {
      const { KeyId = '' } = JSON.parse(body) as { KeyId?: string };
      const key = keys[KeyId];
      if (operation === 'ListKeys')
        return json(response, { Keys: Object.keys(keys).map((id) => ({ KeyId: id, KeyArn: `arn:${id}` })) });
      if (key?.tags === 'gone') return refuse(response, 'NotFoundException', 'gone');
      if (operation === 'DescribeKey')
        return json(response, {
          KeyMetadata: keyMetadata({ KeyId, Origin: key?.origin ?? 'EXTERNAL', CreationDate: key?.created }),
        });
      if (key?.tags === 'denied') return refuse(response, 'AccessDeniedException', 'no');
      json(response, { Tags: key?.tags });
    });
    return { server, answer: await kms.findByTag(TAG) };
  }

  const ours = [{ TagKey: TAG.key, TagValue: TAG.value }];

  it('answers those that have it, the oldest first, and looks at no key with material of KMS’s own', async () => {
    const { server, answer } = await searchAmong({
      younger: { created: 1_764_300_900, tags: ours },
      other: { created: 1_764_300_000, tags: [{ TagKey: TAG.key, TagValue: 'c-0008' }] },
      'of-kms': { created: 1, origin: 'AWS_KMS', tags: ours },
      older: { created: 1_764_300_100, tags: ours },
      gone: { created: 1, tags: 'gone' },
    });
    expect(answer.ok && answer.value.value.map(({ keyId }) => keyId)).toEqual(['older', 'younger']);
    expect(server.count('ListResourceTags')).toBe(3);
  });

  it('says none only when every key could be read', async () => {
    const none = await searchAmong({ other: { created: 1, tags: [] } });
    expect(none.answer.ok && none.answer.value.value).toEqual([]);
    const unsure = await searchAmong({ other: { created: 1, tags: [] }, hidden: { created: 1, tags: 'denied' } });
    expect(unsure.answer).toMatchObject({
      ok: false,
      error: { code: 'aws.accessDenied', detail: { message: expect.stringContaining('1 of 2 keys may not be read') } },
    });
  });

  it('answers what it found even if another key may not be read', async () => {
    const { answer } = await searchAmong({ hidden: { created: 1, tags: 'denied' }, ours: { created: 1, tags: ours } });
    expect(answer.ok && answer.value.value.map(({ keyId }) => keyId)).toEqual(['ours']);
  });
});

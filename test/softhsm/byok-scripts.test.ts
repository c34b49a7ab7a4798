import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CeremonyView } from '../../core/ceremony/view-model';
import type { KmsKey, KmsPort } from '../../core/kms/port';
import { verifyPack } from '../../core/pack/verify';
import { importedKey, type ImportedKey } from '../../core/rehearsal/practice-key';
import { openCalendar } from '../../core/station/calendar';
import { buildEntries, type BuiltEntries } from './build-child';
import { openRoom, type OpenStation, type Room } from './byok-stations';
import { hasSoftHsm, must } from './ground';

const DAY_MS = 86_400_000;
const MATERIAL = { what: 'material', authorisation: 'Paper 17, 2026-11-01' } as const;

let built: BuiltEntries;
let clear: () => Promise<void> = async () => undefined;
beforeAll(async () => {
  built = await buildEntries({ 'token-child': 'core/pkcs11/child/main.ts' });
});
afterAll(async () => {
  await clear();
  await built.remove();
});

const happened = (view: CeremonyView) => view.exceptions.map((one) => one.happened);

/** Completed, without an exception, and its pack verifies. */
async function expectGood(one: OpenStation, view: CeremonyView): Promise<void> {
  expect([view.outcome, happened(view)]).toEqual(['completed', []]);
  expect(await verifyPack(join(one.evidence, view.ceremonyId))).toMatchObject({ ok: true, judged: true });
}

async function kmsOf({ aws }: Room, region = 'eu-central-1'): Promise<KmsPort> {
  return must(await aws.kms({ region, runMode: 'rehearsal', as: 'administrator' }));
}

async function described(room: Room, { kmsKeyArn }: Pick<ImportedKey, 'kmsKeyArn'>): Promise<KmsKey> {
  const kms = await kmsOf(room, kmsKeyArn.split(':')[3]);
  return must(await kms.describeKey(kmsKeyArn)).value;
}

async function materials(room: Room, { kmsKeyArn }: ImportedKey) {
  return must(await (await kmsOf(room)).listKeyMaterials(kmsKeyArn)).value;
}

/** Time goes on, for KMS and for every station. */
async function wait(room: Room, ms: number): Promise<void> {
  must(await room.aws.running());
  await must(await room.aws.running()).advance(ms);
  room.clock.offsetMs += ms;
}

describe.skipIf(!hasSoftHsm)('the life of an imported key, script by script, at one station', { timeout: 180_000 }, () => {
  let room: Room;
  let one: OpenStation;
  let key: ImportedKey;

  beforeAll(async () => {
    room = await openRoom(built.path('token-child'), (body) => (clear = body));
    one = await room.open('station');
    const view = await one.through('byok', {});
    await expectGood(one, view);
    key = must(await importedKey(join(one.evidence, view.ceremonyId)));
  }, 180_000);

  it('key-destroy of the material leaves the KMS key without it and writes the certificate', async () => {
    const view = await one.through('key-destroy', { ...key, ...MATERIAL });
    await expectGood(one, view);
    expect(await described(room, key)).toMatchObject({ state: 'PendingImport' });
    const artefacts = join(one.evidence, view.ceremonyId, 'artefacts');
    const certificate = JSON.parse(await readFile(join(artefacts, 'destruction-certificate.json'), 'utf8')) as unknown;
    expect(certificate).toMatchObject({ authorisation: MATERIAL.authorisation, kmsKey: key.kmsKeyArn, runMode: 'rehearsal' });
  });

  it('byok-reimport brings the same material back, with an expiry that has an owner and an entry in the calendar', async () => {
    const before = await materials(room, key);
    const expiry = new Date(Date.now() + 20 * DAY_MS).toISOString().slice(0, 10);
    await expectGood(one, await one.through('byok-reimport', { ...key }, { expiry, owner: 'Olga Owner' }));
    expect(await described(room, key)).toMatchObject({ state: 'Enabled', expiration: { model: 'expires' } });
    expect((await materials(room, key)).map(({ materialId }) => materialId)).toEqual(before.map(({ materialId }) => materialId));
    const entries = must(await openCalendar(one.ground.calendarFile).list());
    expect(entries).toMatchObject([{ kind: 'materialExpiry', owner: 'Olga Owner', about: key.kmsKeyArn }]);
  });

  it('byok-reimport brings it back after it has expired, and puts the approved policy in the place of another', async () => {
    await wait(room, 22 * DAY_MS);
    expect(await described(room, key)).toMatchObject({ state: 'PendingImport' });
    const kms = await kmsOf(room);
    const policyNow = async () => must(await kms.getKeyPolicy(key.kmsKeyArn)).value;
    const approved = await policyNow();
    const policy = approved.replace('Account sees the key', 'Somebody else wrote this');
    must(await kms.putKeyPolicy({ keyId: key.kmsKeyArn, policy, bypassPolicyLockoutSafetyCheck: false }));
    expect(await policyNow()).not.toEqual(approved);
    const view = await one.through('byok-reimport', { ...key, keyPolicy: 'replace' });
    await expectGood(one, view);
    expect(await policyNow()).toEqual(approved);
    const transcript = await readFile(join(one.evidence, view.ceremonyId, 'transcript.jsonl'), 'utf8');
    expect(transcript).toContain('-       \\"Sid\\": \\"Somebody else wrote this\\"');
    expect(await described(room, key)).toMatchObject({ state: 'Enabled', expiration: { model: 'never' } });
  });

  it('byok-rotate makes new material the current one and keeps the old', async () => {
    const [old] = await materials(room, key);
    await expectGood(one, await one.through('byok-rotate', { kmsKeyArn: key.kmsKeyArn, keyLabel: 'byok-2' }));
    const now = await materials(room, key);
    expect(now).toHaveLength(2);
    expect(now.find(({ materialId }) => materialId === old?.materialId)).toMatchObject({ materialState: 'NON_CURRENT' });
    expect(now.filter(({ materialState }) => materialState === 'CURRENT')).toHaveLength(1);
  });

  it('key-destroy of everything ends the HSM key and schedules the end of the KMS key, in the calendar too', async () => {
    const view = await one.through('key-destroy', {
      ...key,
      what: 'everything',
      authorisation: MATERIAL.authorisation,
      deletionDays: '7',
    });
    await expectGood(one, view);
    expect(await described(room, key)).toMatchObject({ state: 'PendingDeletion' });
    const entries = must(await openCalendar(one.ground.calendarFile).list());
    expect(entries.map(({ kind }) => kind)).toContain('keyDeletion');
    const again = await one.start('byok-reimport', { ...key });
    const gone = await one.play(one.station);
    await one.station.leave();
    expect([again.ok, gone.ok && gone.value.outcome, gone.ok && happened(gone.value)[0]]).toEqual([
      true,
      'aborted',
      expect.stringContaining('key.notFound'),
    ]);
  });
});

describe.skipIf(!hasSoftHsm)('scripts in two halves, and in several Regions', { timeout: 180_000 }, () => {
  it('byok-multi-region imports one material into a primary and two replicas', async () => {
    const room = await openRoom(built.path('token-child'));
    const one = await room.open('station');
    const view = await one.through('byok-multi-region', { replicaRegions: 'eu-west-1,us-east-1' });
    await expectGood(one, view);
    const { kmsKeyArn } = must(await importedKey(join(one.evidence, view.ceremonyId)));
    const primary = await described(room, { kmsKeyArn });
    const replicas = primary.multiRegion?.replicaArns ?? [];
    expect(replicas.map((arn) => arn.split(':')[3])).toEqual(['eu-west-1', 'us-east-1']);
    for (const arn of replicas)
      expect(await described(room, { kmsKeyArn: arn })).toMatchObject({
        state: 'Enabled',
        currentMaterialId: primary.currentMaterialId,
      });
  });

  it('byok-multi-region and byok-rotate carry the same key between an online and an offline station, by media that travel twice', async () => {
    const room = await openRoom(built.path('token-child'));
    const [online, offline] = [await room.open('online'), await room.open('offline')];
    const waitsForMedium = { ok: false, error: { code: 'bundle.notFound' } };
    const twoHalves = async (script: string, inputs: Readonly<Record<string, string>>, journeys: number) => {
      must(await online.start(script, { ...inputs, leg: 'online' }));
      expect(await online.play(online.station)).toMatchObject(waitsForMedium);
      must(await offline.start(script, { ...inputs, leg: 'offline' }));
      for (let journey = 1; journey < journeys; journey += 1)
        for (const { play, station } of [offline, online]) expect(await play(station)).toMatchObject(waitsForMedium);
      for (const one of [offline, online]) {
        const view = must(await one.play(one.station));
        await one.station.leave();
        await expectGood(one, view);
      }
    };

    await twoHalves('byok-multi-region', { keySpec: 'HMAC_256', replicaRegions: 'eu-west-1,us-east-1' }, 2);
    const [primary] = must(await (await kmsOf(room)).listKeys()).value;
    const replicas = (await described(room, { kmsKeyArn: primary?.arn ?? '' })).multiRegion?.replicaArns ?? [];
    expect(replicas.map((arn) => arn.split(':')[3])).toEqual(['eu-west-1', 'us-east-1']);
    for (const kmsKeyArn of replicas) expect(await described(room, { kmsKeyArn })).toMatchObject({ state: 'Enabled' });

    await twoHalves('byok', { keyLabel: 'to-rotate' }, 1);
    const single = must(await (await kmsOf(room)).listKeys()).value.find(({ arn }) => arn !== primary?.arn);
    await twoHalves('byok-rotate', { kmsKeyArn: single?.arn ?? '', keyLabel: 'rotated' }, 1);
    const states = must(await (await kmsOf(room)).listKeyMaterials(single?.arn ?? '')).value.map((one) => one.materialState);
    expect(states.toSorted()).toEqual(['CURRENT', 'NON_CURRENT']);
  });

  it('a set that comes too late stops the offline half before the HSM is touched; byok-reimport ends what was begun; key-destroy ends it all', async () => {
    const room = await openRoom(built.path('token-child'));
    const [online, offline] = [await room.open('online'), await room.open('offline')];
    must(await online.start('byok', { keySpec: 'HMAC_256', leg: 'online' }));
    expect(await online.play(online.station)).toMatchObject({ ok: false, error: { code: 'bundle.notFound' } });
    await wait(room, DAY_MS);
    must(await offline.start('byok', { keySpec: 'HMAC_256', leg: 'offline' }));
    const late = must(await offline.play(offline.station));
    await offline.station.leave();
    expect([late.outcome, happened(late)]).toEqual(['aborted', [expect.stringContaining('bundle.expired')]]);
    const reason = 'The set came too late.';
    must(await online.station.submit({ type: 'abort', reason, decidedBy: ['CA', 'IW'] }, null, ''));
    const given = must(await online.play(online.station));
    await online.station.leave();
    expect(given.outcome).toBe('aborted');

    const [kmsKey] = must(await (await kmsOf(room)).listKeys()).value;
    const kmsKeyArn = kmsKey?.arn ?? '';
    expect(await described(room, { kmsKeyArn })).toMatchObject({ state: 'PendingImport' });
    const made = await readFile(join(offline.evidence, late.ceremonyId, 'transcript.jsonl'), 'utf8');
    const ckaId = /"ckaId":"([0-9a-f]{32})"/.exec(made)?.[1] ?? '';
    const key = { kmsKeyArn, ckaId, keyLabel: 'byok-1', keySpec: 'HMAC_256' };

    must(await online.start('byok-reimport', { ...key, leg: 'online' }));
    // a medium of another ceremony lies there still: another one is put in
    expect(await online.play(online.station)).toMatchObject({ ok: false, error: { code: 'bundle.notFound' } });
    const wrapped = await offline.through('byok-reimport', { ...key, leg: 'offline' });
    const imported = must(await online.play(online.station));
    await online.station.leave();
    await expectGood(offline, wrapped);
    await expectGood(online, imported);
    expect(await described(room, key)).toMatchObject({ state: 'Enabled' });

    const checkValue = wrapped.token?.checkValue.split(' ').at(-1) ?? '';
    const paper = { ...key, checkValue, authorisation: MATERIAL.authorisation };
    await expectGood(online, await online.through('key-destroy', { ...paper, leg: 'online', what: 'kmsKey' }));
    expect(await described(room, key)).toMatchObject({ state: 'PendingDeletion' });
    await expectGood(offline, await offline.through('key-destroy', { ...paper, leg: 'offline', what: 'hsmKey' }));
  });
});

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CeremonyView } from '../../core/ceremony/view-model';
import type { KmsPort } from '../../core/kms/port';
import { verifyPack } from '../../core/pack/verify';
import type { FaultKind } from '../../core/rehearsal/kms/faults';
import { importedKey } from '../../core/rehearsal/practice-key';
import { openCalendar } from '../../core/station/calendar';
import { buildEntries, type BuiltEntries } from './build-child';
import { isDue, openRoom, type Hands, type OpenStation, type Room } from './byok-stations';
import { hasSoftHsm, must } from './ground';

let built: BuiltEntries;
let clear: () => Promise<void> = async () => undefined;
let room: Room;
let one: OpenStation;
let keyArn: string;
beforeAll(async () => {
  built = await buildEntries({ 'token-child': 'core/pkcs11/child/main.ts' });
  room = await openRoom(built.path('token-child'), (body) => (clear = body));
  one = await room.open('station');
});
afterAll(async () => {
  await clear();
  await built.remove();
});

const DENIED: FaultKind = { error: { name: 'AccessDeniedException', message: 'User is not authorized', status: 400 } };
const INTERNAL: FaultKind = { error: { name: 'KMSInternalException', message: 'Try again', status: 500 } };

async function fail(operation: string, kind: FaultKind, times = 1): Promise<void> {
  must(await room.aws.running()).fail({ operation, times, kind });
}

async function kmsNow(): Promise<KmsPort> {
  return must(await room.aws.kms({ region: 'eu-central-1', runMode: 'rehearsal', as: 'administrator' }));
}

const open = (view: CeremonyView) => view.exceptions.filter(({ decision }) => decision === null);
const found = (view: CeremonyView) => view.recovery !== null && view.recovery.hits !== null;
const repeat: Hands = { decide: () => 'repeat' };

/** Sealed as completed, and its pack verifies, whatever was called and decided on the way. */
async function expectSealed(view: CeremonyView): Promise<void> {
  expect(view.outcome).toBe('completed');
  expect(await verifyPack(join(one.evidence, view.ceremonyId))).toMatchObject({ ok: true, judged: true });
}

describe.skipIf(!hasSoftHsm)('a BYOK ceremony to which AWS does not answer as it should', { timeout: 180_000 }, () => {
  it('goes to its end with one key and one material, whatever is lost, refused or late', { timeout: 180_000 }, async () => {
    let { station } = one;
    must(await one.start('byok', {}));
    const { ceremonyId } = must(await one.playUntil(station, isDue('aws.createKey')));

    // CreateKey was done, its answer lost: found by its tag, never repeated
    await fail('CreateKey', { lostAnswer: true });
    const made = must(await one.playUntil(station, found));
    expect(made.recovery).toMatchObject({ operation: 'aws.createKey', hits: 1, choices: ['adopt', 'stop'] });
    must(await one.playUntil(station, isDue('aws.parameters')));
    expect(must(await (await kmsNow()).listKeys()).value).toHaveLength(1);

    // told at the step, to be done again by people: nothing is opened, nothing lost
    await fail('GetParametersForImport', { skewMs: 3_600_000 }, 50);
    expect(await one.play(station)).toMatchObject({ ok: false, error: { code: 'aws.clockSkew' } });
    expect(station.current()?.exceptions.length).toBe(1);
    must(await room.aws.running()).clearFaults();

    // a refusal is an exception, with AWS's own words, and the step is done once more
    await fail('GetParametersForImport', DENIED);
    const denied = must(await one.playUntil(station, (view) => open(view).length > 0));
    expect(open(denied)).toMatchObject([
      { happened: expect.stringContaining('aws.accessDenied') as string, allowed: ['repeat', 'stop'] },
    ]);
    must(await one.playUntil(station, isDue('aws.planImport'), repeat));

    // the network is gone half-way: told at the step; after a restart the ceremony goes on with the KMS that has kept its keys
    await room.aws.stop();
    must(await one.playUntil(station, isDue('aws.import'), repeat));
    expect(await one.play(station)).toMatchObject({ ok: false, error: { code: 'aws.unreachable' } });
    await station.leave();
    station = one.restarted();
    must(await station.reopen(ceremonyId));

    await fail('ImportKeyMaterial', { throttle: true });
    expect(await one.play(station)).toMatchObject({ ok: false, error: { code: 'aws.throttled' } });

    // the import: failed, never arrived, done and refused to be looked at, in that order
    for (const kind of [INTERNAL, { lostRequest: true }] as const) {
      await fail('ImportKeyMaterial', kind);
      const undone = must(await one.playUntil(station, found));
      expect(undone.recovery).toMatchObject({ operation: 'aws.import', hits: 0, choices: ['redo', 'stop'] });
      must(await one.playUntil(station, isDue('aws.import')));
    }
    await fail('DescribeKey', DENIED);
    const unseen = must(await one.playUntil(station, found));
    expect(unseen.recovery).toMatchObject({ operation: 'aws.import', hits: 1, choices: ['adopt', 'stop'] });

    const tokens = await readdir(join(one.ground.privateFolder, ceremonyId));
    expect(tokens).toEqual(['import-token-1.bin', 'import-token-2.bin']);
    await expectSealed(must(await one.play(station)));
    await station.leave();
    expect(await readdir(one.ground.privateFolder), 'import tokens go with the ceremony').toEqual([]);
    const kms = await kmsNow();
    keyArn = must(await importedKey(join(one.evidence, ceremonyId))).kmsKeyArn;
    expect(must(await kms.listKeys()).value).toHaveLength(1);
    expect(must(await kms.listKeyMaterials(keyArn)).value).toHaveLength(1);
  });

  it('takes an import whose answer was lost for done, and proves it', async () => {
    await fail('ImportKeyMaterial', { lostAnswer: true });
    const view = await one.through('byok', { keySpec: 'HMAC_256', keyLabel: 'byok-hmac', alias: 'none' });
    expect(view.exceptions).toMatchObject([
      { expected: 'a result of aws.import', decision: { reason: 'adopt after inspection' } },
    ]);
    await expectSealed(view);
  });

  it('finds a rotation, a deletion of material and a scheduled deletion that were done, and none that was not', async () => {
    await fail('RotateKeyOnDemand', { lostAnswer: true });
    const rotated = await one.through('byok-rotate', { kmsKeyArn: keyArn, keyLabel: 'byok-2' });
    expect(rotated.exceptions).toMatchObject([{ decision: { reason: 'adopt after inspection' } }]);
    await expectSealed(rotated);
    const states = must(await (await kmsNow()).listKeyMaterials(keyArn)).value.map(({ materialState }) => materialState);
    expect(states.toSorted()).toEqual(['CURRENT', 'NON_CURRENT']);

    await fail('DeleteImportedKeyMaterial', { lostRequest: true });
    await fail('ScheduleKeyDeletion', { lostAnswer: true });
    const paper = { ckaId: '0'.repeat(32), keyLabel: 'byok-1', checkValue: 'ABCDEF', authorisation: 'Paper 17' };
    const destroyed = await one.through('key-destroy', { ...paper, kmsKeyArn: keyArn, what: 'kmsKey' });
    expect(destroyed.exceptions.map(({ decision }) => decision?.reason)).toEqual([
      'redo after inspection',
      'adopt after inspection',
    ]);
    await expectSealed(destroyed);
    const entries = must(await openCalendar(one.ground.calendarFile).list());
    expect(entries).toMatchObject([{ kind: 'keyDeletion', about: keyArn }]);
  });

  it('finds a replica whose answer was lost, and makes each only once', async () => {
    await fail('ReplicateKey', { lostAnswer: true });
    const view = await one.through('byok-multi-region', {
      keyLabel: 'byok-mr',
      alias: 'none',
      replicaRegions: 'eu-west-1',
    });
    await expectSealed(view);
    const { kmsKeyArn } = must(await importedKey(join(one.evidence, view.ceremonyId)));
    const key = must(await (await kmsNow()).describeKey(kmsKeyArn)).value;
    expect(key.multiRegion?.replicaArns).toHaveLength(1);
  });
});

import { cp, mkdir, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CeremonyView } from '../../core/ceremony/view-model';
import type { KmsKey } from '../../core/kms/port';
import { verifyPack } from '../../core/pack/verify';
import { importedKey } from '../../core/rehearsal/practice-key';
import { buildEntries, type BuiltEntries } from './build-child';
import { isDue, openRoom, type Hands, type OpenStation, type Room } from './byok-stations';
import { hasSoftHsm, must } from './ground';
import { resign } from './resigned';

const DAY_MS = 86_400_000;

let built: BuiltEntries;
beforeAll(async () => {
  built = await buildEntries({ 'token-child': 'core/pkcs11/child/main.ts' });
});
afterAll(() => built.remove());

const repeat: Hands = { decide: () => 'repeat' };
const isOpen = (view: CeremonyView) => view.exceptions.some(({ decision }) => decision === null);
const lastHappened = (view: CeremonyView) => view.exceptions.at(-1)?.happened ?? '';

async function keyIn(room: Room, keyArn: string): Promise<KmsKey> {
  const kms = must(await room.aws.kms({ region: 'eu-central-1', runMode: 'rehearsal', as: 'administrator' }));
  return must(await kms.describeKey(keyArn)).value;
}

async function onlyKey(room: Room): Promise<KmsKey> {
  const kms = must(await room.aws.kms({ region: 'eu-central-1', runMode: 'rehearsal', as: 'administrator' }));
  const keys = must(await kms.listKeys()).value;
  expect(keys).toHaveLength(1);
  return must(await kms.describeKey(keys[0]?.arn ?? '')).value;
}

/** What came of the act that is due: the code at the step, or what the exception says happened. */
async function tried(one: OpenStation): Promise<string> {
  const played = await one.playUntil(one.station, isOpen);
  return played.ok ? lastHappened(played.value) : played.error.code;
}

/** Spoils what is there, has the act tried, and mends it again. */
async function spoilt(one: OpenStation, verb: string, folder: string, spoil: () => Promise<void>): Promise<string> {
  const kept = `${folder}-kept`;
  await cp(folder, kept, { recursive: true });
  await spoil();
  const what = await tried(one);
  await rm(folder, { recursive: true, force: true });
  await rename(kept, folder);
  if (isOpen(one.station.current() as CeremonyView)) must(await one.playUntil(one.station, isDue(verb), repeat));
  return what;
}

describe.skipIf(!hasSoftHsm)('what a BYOK ceremony is given', () => {
  it('on the two media is taken whole or refused whole, and nothing is lost by it', { timeout: 240_000 }, async () => {
    const room = await openRoom(built.path('token-child'));
    const [online, offline] = [await room.open('online'), await room.open('offline')];
    const [out, back] = [room.media('out'), room.media('back')];
    must(await online.start('byok', { leg: 'online' }));
    expect(await online.play(online.station)).toMatchObject({ ok: false, error: { code: 'bundle.notFound' } });

    must(await offline.start('byok', { leg: 'offline' }));
    must(await offline.playUntil(offline.station, isDue('bundle.readOut')));
    const known = offline.ground.officersFolder;
    const wrongOut: readonly (readonly [string, RegExp, () => Promise<void>])[] = [
      ['no medium', /^bundle\.notFound/, () => emptied(out)],
      ['a manifest that is gone', /^bundle\.damaged/, () => rm(join(out, 'manifest.json'))],
      ['an extra file', /^bundle\.extraFile/, () => writeFile(join(out, 'autorun.inf'), 'x')],
      ['a file cut short', /^bundle\.damaged/, () => truncate(join(out, 'wrapping-key-1.der'), 200)],
      [
        'two files exchanged',
        /^bundle\.damaged/,
        async () => {
          await rename(join(out, 'wrapping-key-1.der'), join(out, 'x'));
          await rename(join(out, 'wrapping-key-2.der'), join(out, 'wrapping-key-1.der'));
          await rename(join(out, 'x'), join(out, 'wrapping-key-2.der'));
        },
      ],
      ['the other run mode', /^bundle\.wrongMode/, () => resign(out, known, (one) => ({ ...one, runMode: 'production' }))],
      [
        'another script',
        /^bundle\.otherCeremony/,
        () => resign(out, known, (one) => ({ ...one, scriptSha256: 'ab'.repeat(32) })),
      ],
      [
        'another wrapping algorithm',
        /^bundle\.otherCeremony/,
        () => resign(out, known, (one) => ({ ...one, wrappingAlgorithm: 'RSAES_OAEP_SHA_256' })),
      ],
      [
        'a set that is too old',
        /^bundle\.expired/,
        () =>
          resign(out, known, (one) => ({
            ...one,
            sets: one.sets.map((set) => ({ ...set, parametersValidTo: new Date(Date.now() + 3_600_000).toISOString() })),
          })),
      ],
    ];
    for (const [what, code, spoil] of wrongOut)
      expect.soft(await spoilt(offline, 'bundle.readOut', out, spoil), what).toMatch(code);

    // signers whom the station does not know
    expect(await spoilt(offline, 'bundle.readOut', known, () => leaveOut(known, 'Anna Practice')), 'a stranger').toMatch(
      /^bundle\.unsigned/,
    );

    // a row that was called different: the read-out is done once more
    must(await offline.playUntil(offline.station, ({ step }) => step?.id === '4.3' && step.do.state === 'now'));
    const differs = must(await offline.station.submit({ type: 'compareRow', step: '4.3', row: 1, equal: false }, null, ''));
    expect(differs.exceptions.at(-1)).toMatchObject({ happened: 'row 1 differs', allowed: ['repeat', 'stop'] });
    const wrapped = must(await offline.play(offline.station, {}, repeat));
    await offline.station.leave();
    expect(wrapped.outcome).toBe('completed');

    const alsoKnown = online.ground.officersFolder;
    const blob = new Uint8Array(await readFile(join(back, 'wrapped-key-1.bin')));
    const wrongBack: readonly (readonly [string, RegExp, () => Promise<void>])[] = [
      [
        'the answer to another OUT',
        /^bundle\.otherCeremony/,
        () => resign(back, alsoKnown, (one) => ({ ...one, answers: 'cd'.repeat(32) }) as typeof one),
      ],
      [
        'a blob of another length',
        /^(bundle\.damaged|key\.blobLength)/,
        () => resign(back, alsoKnown, (one) => one, { 'wrapped-key-1.bin': blob.subarray(1) }),
      ],
      [
        'the OUT medium in its place',
        /^bundle\.wrongKind/,
        async () => {
          await rm(back, { recursive: true });
          await cp(out, back, { recursive: true });
        },
      ],
    ];
    for (const [what, code, spoil] of wrongBack)
      expect.soft(await spoilt(online, 'bundle.readBack', back, spoil), what).toMatch(code);

    // an import token that is not the one of the plan
    must(await online.playUntil(online.station, isDue('aws.import')));
    const [ceremonyId = ''] = await readdir(online.ground.privateFolder);
    const tokens = join(online.ground.privateFolder, ceremonyId);
    const other = () => cp(join(tokens, 'import-token-2.bin'), join(tokens, 'import-token-1.bin'));
    expect(await spoilt(online, 'aws.import', tokens, other), 'another token').toMatch(/^file\.changedUnderneath/);
    expect(await onlyKey(room)).toMatchObject({ state: 'PendingImport' });

    const imported = must(await online.play(online.station));
    await online.station.leave();
    expect(imported.outcome).toBe('completed');
    expect(await onlyKey(room)).toMatchObject({ state: 'Enabled' });
    for (const [one, view] of [
      [online, imported],
      [offline, wrapped],
    ] as const)
      expect(await verifyPack(join(one.evidence, view.ceremonyId))).toMatchObject({ ok: true, judged: true });
  });

  it(
    'at the import is refused by KMS with its reason: a token that has expired, other material; and material that waits is not overlooked',
    { timeout: 240_000 },
    async () => {
      const room = await openRoom(built.path('token-child'));
      const one = await room.open('station');
      must(await one.start('byok', { alias: 'none' }));
      must(await one.playUntil(one.station, isDue('aws.import')));
      await must(await room.aws.running()).advance(DAY_MS + 60_000);
      expect(await tried(one)).toMatch(/^aws\.tokenExpired/);
      const stopped = must(await one.play(one.station));
      await one.station.leave();
      expect(stopped.outcome).toBe('aborted');
      expect(await verifyPack(join(one.evidence, stopped.ceremonyId))).toMatchObject({ ok: true, judged: true });
      const first = must(await importedKey(join(one.evidence, stopped.ceremonyId)));
      expect(await keyIn(room, first.kmsKeyArn)).toMatchObject({ state: 'PendingImport' });

      // time has gone on for the station too
      room.clock.offsetMs += DAY_MS + 60_000;
      const again = await one.through('byok-reimport', { ...first });
      expect(again.outcome).toBe('completed');

      // another key of the HSM is no re-import
      const second = await one.through('byok', { keyLabel: 'byok-2', alias: 'none' });
      const other = must(await importedKey(join(one.evidence, second.ceremonyId)));
      must(await one.start('byok-reimport', { ...other, kmsKeyArn: first.kmsKeyArn }));
      expect(await tried(one)).toMatch(/^aws\.otherMaterial/);
      const refused = must(await one.play(one.station));
      await one.station.leave();
      expect(refused.outcome).toBe('aborted');
      expect(await keyIn(room, first.kmsKeyArn)).toMatchObject({ state: 'Enabled' });

      // material that waits already is not overlooked
      must(await one.start('byok-rotate', { kmsKeyArn: first.kmsKeyArn, keyLabel: 'byok-3' }));
      must(await one.playUntil(one.station, isDue('aws.rotate')));
      must(await one.station.submit({ type: 'abort', reason: 'Left half-way.', decidedBy: ['CA', 'IW'] }, null, ''));
      must(await one.play(one.station));
      await one.station.leave();
      must(await one.start('byok-rotate', { kmsKeyArn: first.kmsKeyArn, keyLabel: 'byok-4' }));
      expect(await tried(one)).toMatch(/^(aws\.|CER-)/);
      const waiting = must(await one.play(one.station));
      await one.station.leave();
      expect(waiting.outcome).toBe('aborted');
      expect(await verifyPack(join(one.evidence, waiting.ceremonyId))).toMatchObject({ ok: true, judged: true });
    },
  );
});

/** Another medium, with nothing on it. */
async function emptied(folder: string): Promise<void> {
  await rm(folder, { recursive: true });
  await mkdir(folder);
}

/** An officer the station no longer knows. */
async function leaveOut(folder: string, name: string): Promise<void> {
  for (const file of await readdir(folder))
    if ((await readFile(join(folder, file), 'utf8')).includes(name)) await rm(join(folder, file));
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openKms } from '../../core/kms/open';
import type { KmsPort } from '../../core/kms/port';
import { CEREMONY_TAG } from '../../core/station/acts/kms-plan';
import { buildEntries, type BuiltEntries } from './build-child';
import { isDue, openRoom, type Room } from './byok-stations';
import { hasSoftHsm, must } from './ground';

let built: BuiltEntries;
beforeAll(async () => {
  built = await buildEntries({ 'token-child': 'core/pkcs11/child/main.ts' });
});
afterAll(() => built.remove());

async function kmsOf({ aws }: Room): Promise<KmsPort> {
  return must(await aws.kms({ region: 'eu-central-1', runMode: 'rehearsal', as: 'administrator' }));
}

const happened = (view: { readonly exceptions: readonly { readonly happened: string }[] }) =>
  view.exceptions.map((one) => one.happened).join('; ');

describe.skipIf(!hasSoftHsm)('what somebody else in the AWS account makes', { timeout: 240_000 }, () => {
  it('is not adopted for the key of a CreateKey that was lost, whatever its tag says', async () => {
    const room = await openRoom(built.path('token-child'));
    const one = await room.open('station');
    must(await one.start('byok', { keySpec: 'HMAC_256' }));
    const { ceremonyId } = must(await one.playUntil(one.station, isDue('aws.createKey')));
    must(await room.aws.running()).fail({ operation: 'CreateKey', times: 1, kind: { lostRequest: true } });
    const doubt = must(await one.playUntil(one.station, (view) => view.phase === 'recovery'));
    expect(doubt.recovery?.hits).toBeNull();
    const foreign = { bypassPolicyLockoutSafetyCheck: false, policy: null, tags: [{ key: CEREMONY_TAG, value: ceremonyId }] };
    const kms = await kmsOf(room);
    must(
      await kms.createKey({ ...foreign, spec: 'HMAC_256', usage: 'GENERATE_VERIFY_MAC', multiRegion: false, description: 'x' }),
    );
    const looked = must(await one.playUntil(one.station, (view) => view.recovery !== null && view.recovery.hits !== null));
    expect(looked.recovery).toMatchObject({ hits: 0, choices: ['redo', 'stop'] });
    const view = must(await one.play(one.station));
    await one.station.leave();
    expect(view.outcome).toBe('completed');
    expect(must(await kms.listKeys()).value).toHaveLength(2);
  });

  it('gets no material as a replica: its policy is not the one that was approved', async () => {
    const room = await openRoom(built.path('token-child'));
    const one = await room.open('station');
    must(await one.start('byok-multi-region', { keySpec: 'HMAC_256', replicaRegions: 'eu-west-1' }));
    must(await one.playUntil(one.station, isDue('aws.replicate')));
    const kms = await kmsOf(room);
    const [key] = must(await kms.listKeys()).value;
    const keyId = key?.keyId ?? '';
    must(await kms.replicateKey({ keyId, replicaRegion: 'eu-west-1', policy: null, description: 'mine', tags: [] }));
    const view = must(await one.play(one.station));
    await one.station.leave();
    expect(view.outcome).toBe('aborted');
    expect(happened(view)).toContain('aws.alreadyExists');
  });

  it('does not call in place of who was read aloud, after a break', async () => {
    const room = await openRoom(built.path('token-child'));
    const one = await room.open('station');
    must(await one.start('byok', { keySpec: 'HMAC_256' }));
    const { ceremonyId } = must(await one.playUntil(one.station, isDue('aws.parameters')));
    await one.station.leave();
    const rehearsal = must(await room.aws.running());
    const mallory = rehearsal.credentialsOf('arn:aws:iam::000000000000:user/mallory');
    const station = one.restartedWith({
      kms: ({ region }) =>
        Promise.resolve(
          openKms({
            region,
            endpoint: rehearsal.endpoint(region),
            profile: '',
            credentials: mallory,
            runMode: 'rehearsal',
            timeoutMs: 60_000,
          }),
        ),
    });
    must(await station.reopen(ceremonyId));
    const view = must(await one.play(station));
    await station.leave();
    expect([view.outcome, happened(view)]).toEqual(['aborted', expect.stringContaining('aws.wrongCaller')]);
  });
});

import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CeremonyView } from '../../core/ceremony/view-model';
import { pullKillSwitch } from '../../core/control/kill';
import { verifyPack } from '../../core/pack/verify';
import { importedKey, namedIn, type ImportedKey } from '../../core/rehearsal/practice-key';
import { findScript } from '../../core/station/library';
import type { Station, StandIns } from '../../core/station/port';
import { issueForRehearsal, rehearsalAuthority } from '../../core/tls/rehearsal-authority';
import type { BuiltEntries } from './build-child';
import { isBusy } from './busy-machine';
import { RESOURCES } from './byok-stations';
import { bytes, hasSoftHsm, must } from './ground';
import { bringLogs, bringSettings, openFleet, type Fleet, type FleetServer } from './server-fleet';
import { buildXks, happened, isNext, openXksStation, STORE, type XksHands, type XksStation } from './xks-station';

const HOST = 'xks.rehearsal.example';
const CONTEXT = { purpose: 'a test' };

let built: BuiltEntries;
let one: XksStation;
let fleet: Fleet;
let close = (): Promise<void> => Promise.resolve();
let key: ImportedKey;
let authority: Awaited<ReturnType<typeof rehearsalAuthority>>;

beforeAll(async () => {
  built = await buildXks();
  one = await openXksStation(built);
  authority = await rehearsalAuthority({ now: new Date() });
}, 120_000);
afterAll(async () => {
  await close();
  await one.close();
  await built.remove();
});

/** The authority of this test counts as public, and its host is reached where the servers are. */
const standIns = (): StandIns => ({
  publicRoots: [authority.rootPem],
  addressOf: (host) => (host === HOST ? { host: '127.0.0.1', port: fleet.port } : null),
});

/** For the rehearsal KMS: a plan by which it finds the address, and the root that it trusts. */
async function knownToKms(): Promise<void> {
  const plan = JSON.parse(await readFile(join(one.media('out'), 'keyrite-proxy/etc/keyrite-proxy/plan.json'), 'utf8')) as object;
  await mkdir(join(one.proxyFolder, 'tls'), { recursive: true });
  await writeFile(join(one.proxyFolder, 'tls', 'authority.pem'), authority.rootPem);
  const here = { ...plan, listen: { ip: '127.0.0.1', port: fleet.port } };
  await writeFile(join(one.proxyFolder, 'plan.json'), JSON.stringify(here));
}

const servers = (): readonly FleetServer[] => fleet.servers;
const isTitled =
  (title: string) =>
  ({ step, phase }: CeremonyView): boolean =>
    phase === 'running' && step?.title === title;

/** What people do between station and servers, in this order: at the step of this title. */
type Journeys = readonly (readonly [title: string, journey: () => Promise<void>])[];

async function travel(station: Station, journeys: Journeys): Promise<void> {
  for (const [title, journey] of journeys) {
    const view = must(await one.playUntil(station, isTitled(title)));
    expect([view.step?.title, happened(view).filter((text) => !isBusy(text))]).toEqual([title, []]);
    await journey();
  }
}

async function expectGood(station: Station, hands?: XksHands): Promise<CeremonyView> {
  const view = must(await one.play(station, hands));
  await station.leave();
  expect([view.outcome, happened(view).filter((text) => !isBusy(text))]).toEqual(['completed', []]);
  expect(await verifyPack(join(one.evidence, view.ceremonyId))).toMatchObject({ ok: true, judged: true, outcome: 'completed' });
  return view;
}

/** A station that reaches the servers; its people stand at the hosts, and pull when the screen says so. */
function stationAtServers(): Station {
  const pulls = { begun: false };
  return one.open({
    standIns: standIns(),
    onChange: (view) => {
      const form = view?.step?.do.form;
      if (view === null || form?.kind !== 'act' || !form.progress.includes('Pull the switch on every host now')) return;
      if (!pulls.begun) void pullAll(view.ceremonyId);
      pulls.begun = true;
    },
  });
}

async function begin(script: string, inputs: Readonly<Record<string, string>>): Promise<Station> {
  const station = stationAtServers();
  must(await one.start(station, script, { ...inputs, place: 'server' }));
  return station;
}

async function pullAll(why: string): Promise<void> {
  for (const { state } of servers()) await pullKillSwitch(state, { who: 'ada', why });
}

async function restart(): Promise<void> {
  for (const { proxy } of servers()) must(await proxy.crash());
}

async function encrypted(): Promise<Uint8Array> {
  const plaintext = bytes('the secret of the day');
  const request = { keyId: key.kmsKeyArn, plaintext, context: CONTEXT, algorithm: 'SYMMETRIC_DEFAULT' } as const;
  return must(await (await one.kms()).encrypt(request)).value;
}

async function decrypted(ciphertext: Uint8Array): Promise<string> {
  const request = { keyId: key.kmsKeyArn, ciphertext, context: CONTEXT, algorithm: 'SYMMETRIC_DEFAULT' } as const;
  const answer = await (await one.kms()).decrypt(request);
  return answer.ok ? new TextDecoder().decode(answer.value.value) : answer.error.code;
}

/** The change that the OUT medium has, on these servers; then each is told to reload with its words. */
async function carryOut(change: string, which: readonly FleetServer[] = servers()): Promise<void> {
  const medium = join(one.media('out'), `keyrite-proxy-change-${change}`);
  const [, reason = ''] = /--reason "([^"]+)"/.exec(await readFile(join(medium, 'README.md'), 'utf8')) ?? [];
  for (const { copyFrom, proxy } of which) {
    await copyFrom(medium);
    expect(must(await proxy.ask({ verb: 'reload', act: { who: 'ada', why: reason } })).needsRestart).toEqual([]);
  }
}

async function credentialsOf({ proxy }: FleetServer): Promise<readonly string[]> {
  const { credentials } = must(await proxy.ask({ verb: 'status' }));
  return credentials.filter(({ store }) => store === STORE).map(({ accessKeyId }) => accessKeyId);
}

async function named(script: string): Promise<Readonly<Record<string, string>>> {
  await rm(one.media('out'), { recursive: true, force: true });
  await rm(one.media('back'), { recursive: true, force: true });
  return namedIn(must(await findScript(RESOURCES, script)).script, key);
}

describe.skipIf(!hasSoftHsm)(
  'a key store whose proxies run on two servers, from a medium with their files on',
  { timeout: 240_000 },
  () => {
    it('is set up to its end: certificate, files, self-test, store, key, both sides by the logs, first drill', async () => {
      const station = one.open({ standIns: { publicRoots: [authority.rootPem], addressOf: () => null } });
      const { ceremonyId } = must(await one.start(station, 'xks-store', { place: 'server', fleetSize: '2' }));
      must(await one.playUntil(station, isNext('tls.readCertificate')));
      const requestPem = await readFile(join(one.evidence, ceremonyId, 'artefacts', 'certificate-request.pem'), 'utf8');
      const { chainPem } = must(issueForRehearsal(authority, { requestPem, host: HOST, now: new Date(), flaw: null }));
      await mkdir(one.media('back'), { recursive: true });
      await writeFile(join(one.media('back'), 'certificate.pem'), chainPem);
      must(await one.playUntil(station, isTitled('On the servers')));
      fleet = await openFleet(one, built, { medium: join(one.media('out'), 'keyrite-proxy'), names: ['hsm-a', 'hsm-b'] });
      close = () => fleet.close();
      await knownToKms();
      await station.leave();

      // the program is started again: it goes on, and reaches the servers now
      const again = stationAtServers();
      must(await again.reopen(ceremonyId));
      const logs = () => bringLogs(one, servers());
      await travel(again, [
        ['The logs of the servers', logs],
        ['Every machine is restarted', restart],
        ['The logs of the servers', logs],
        [
          'Arm every host',
          async () => {
            for (const { proxy } of servers()) must(await proxy.ask({ verb: 'arm', act: { who: 'ben', why: ceremonyId } }));
          },
        ],
        ['The logs of the servers', logs],
      ]);
      const view = await expectGood(again);
      key = must(await importedKey(join(one.evidence, view.ceremonyId)));
      expect(await one.store()).toMatchObject({ connectionState: 'CONNECTED' });
      expect(await decrypted(await encrypted())).toBe('the secret of the day');
      expect(await readdir(one.ground.privateFolder), 'the station keeps no secret of the servers').toEqual([]);
    });

    it('xks-rotate-credential: a host that was forgotten is named, mended and read again; then each has the new one alone', async () => {
      const before = (await one.store())?.accessKeyId ?? '';
      const ciphertext = await encrypted();
      const station = await begin('xks-rotate-credential', await named('xks-rotate-credential'));
      const [first, second] = servers();
      if (first === undefined || second === undefined) throw new Error('There are two.');
      // AWS KMS is to meet the host that knows the new credential: the other one would refuse it, and be noticed at once
      fleet.leadTo([first]);
      await travel(station, [
        ['The settings of the servers', () => bringSettings(one, servers())],
        ['On every server', () => carryOut('1', [first])],
      ]);
      must(await one.playUntil(station, isTitled('The logs of the servers, and the old credential')));
      await bringLogs(one, servers());
      const isCalled = ({ exceptions }: CeremonyView) => exceptions.some(({ decision }) => decision === null);
      const called = must(await one.playUntil(station, isCalled));
      expect(happened(called).join('\n')).toContain('hsm-b: no reload in its log');
      await carryOut('1', [second]);
      fleet.leadTo(servers());
      // in a rehearsal the old one is watched for a second; then a host that nothing called writes a line
      for (const until = performance.now() + 1_500; performance.now() < until;)
        expect(await decrypted(ciphertext)).toBe('the secret of the day');
      await carryOut('1');
      await bringLogs(one, servers());
      let repeats = 0;
      const once: XksHands = { decide: () => (repeats++ === 0 ? 'repeat' : 'stop') };
      must(await one.playUntil(station, isTitled('On every server'), once));
      await carryOut('2');
      must(await one.playUntil(station, isTitled('The logs of the servers')));
      await bringLogs(one, servers());
      const view = must(await one.play(station));
      await station.leave();
      expect([view.outcome, view.exceptions.length]).toEqual(['completed', called.exceptions.length]);
      const { accessKeyId } = (await one.store()) ?? {};
      expect(accessKeyId).not.toBe(before);
      for (const server of servers()) expect(await credentialsOf(server)).toEqual([accessKeyId]);
      expect(await decrypted(ciphertext)).toBe('the secret of the day');
    });

    it('xks-rotate-key: both keys on every server, by the logs of both', async () => {
      const ciphertext = await encrypted();
      const station = await begin('xks-rotate-key', { ...(await named('xks-rotate-key')), keyLabel: key.keyLabel });
      await travel(station, [
        ['The settings of the servers', () => bringSettings(one, servers())],
        ['On every server', () => carryOut('1')],
        ['By the logs, on every server', () => bringLogs(one, servers())],
        ['On every server', () => carryOut('2')],
        ['The logs of the servers', () => bringLogs(one, servers())],
      ]);
      await expectGood(station);
      expect(await decrypted(ciphertext)).toBe('the secret of the day');
      expect(await decrypted(await encrypted())).toBe('the secret of the day');
      for (const { proxy } of servers()) must(await proxy.crash());
      expect(await decrypted(ciphertext), 'the settings on each are those in force').toBe('the secret of the day');
    });
  },
);

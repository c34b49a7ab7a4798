import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CeremonyView } from '../../core/ceremony/view-model';
import { success } from '../../core/contract/result';
import { pullKillSwitch } from '../../core/control/kill';
import { verifyPack } from '../../core/pack/verify';
import { importedKey, namedIn, type ImportedKey } from '../../core/rehearsal/practice-key';
import { practiceServer } from '../../core/rehearsal/practice-server';
import { findScript } from '../../core/station/library';
import type { Station, StationGround } from '../../core/station/port';
import type { StationProxy } from '../../core/station/proxy-port';
import { anotherProxy } from './another-proxy';
import type { BuiltEntries } from './build-child';
import { RESOURCES } from './byok-stations';
import { hasSoftHsm, must } from './ground';
import { buildXks, happened, isNext, openXksStation, practicePin, type XksStation } from './xks-station';

/** A proxy that serves the key store, as a server: it is reached by its switch and its audit folder alone. */
interface Host {
  readonly name: string;
  readonly folder: string;
  readonly port: number;
  readonly proxy: StationProxy;
}

let built: BuiltEntries;
let one: XksStation;
let key: ImportedKey;
/** two on one token, as behind a load balancer */
let hosts: readonly Host[] = [];
let end = (): Promise<void> => Promise.resolve();

beforeAll(async () => {
  built = await buildXks();
  one = await openXksStation(built);
  const view = await one.through('xks-store');
  key = must(await importedKey(join(one.evidence, view.ceremonyId)));
  const other = await anotherProxy(one, built, 'hsm-b');
  end = () => other.proxy.close();
  const port = Number(/"port": (\d+)/.exec(await readFile(plan(), 'utf8'))?.[1]);
  hosts = [
    { name: 'hsm-a', folder: one.proxyFolder, port, proxy: one.proxy },
    { name: 'hsm-b', folder: other.folder, port: other.port, proxy: other.proxy },
  ];
}, 180_000);
afterAll(async () => {
  await end();
  await one.close();
  await built.remove();
});

const plan = () => join(one.proxyFolder, 'plan.json');
const onMedium = (name = '') => join(one.media('back'), 'servers', name);

/** Which of them a call goes to: in turns, while nothing else is said. */
let balance = (turn: number): number => turn % 2;

/** Behind one name there are two proxies: the rehearsal KMS finds each where the plan says. */
const balanced: StationGround['kms'] = async (request) => {
  const kms = must(await one.ground.kms(request));
  let turn = 0;
  const decrypt: typeof kms.decrypt = async (...asked) => {
    turn += 1;
    const port = hosts[balance(turn)]?.port ?? 0;
    await writeFile(plan(), (await readFile(plan(), 'utf8')).replace(/"port": \d+/, `"port": ${port}`), { mode: 0o600 });
    return kms.decrypt(...asked);
  };
  return { ok: true, value: { ...kms, decrypt } };
};

/** Who pulls which switches when the screen says so. */
type Pull = (ceremonyId: string) => Promise<void>;

const pull = async (name: string, why: string): Promise<void> => {
  const host = hosts.find((each) => each.name === name);
  expect(await pullKillSwitch(join(host?.folder ?? '', 'state'), { who: 'ada', why })).toMatchObject({ how: 'acknowledged' });
};

/** A station whose people stand at the hosts: they pull as soon as the act tells them to. */
function stationOf(pulling: Pull): Station {
  let begun: Promise<void> | null = null;
  return one.open({
    kms: balanced,
    onChange: (view) => {
      const form = view?.step?.do.form;
      if (view === null || form?.kind !== 'act' || !form.progress.includes('Pull the switch on every host now')) return;
      begun ??= pulling(view.ceremonyId);
    },
  });
}

async function begin(station: Station, script: string): Promise<CeremonyView> {
  await rm(one.media('back'), { recursive: true, force: true });
  const found = must(await findScript(RESOURCES, script));
  return must(await one.start(station, script, { ...namedIn(found.script, key), place: 'server', fleetSize: '2' }));
}

const isStep =
  (id: string) =>
  ({ step, phase }: CeremonyView): boolean =>
    phase === 'running' && step?.id === id;

async function copyLogs(): Promise<void> {
  await rm(onMedium(), { recursive: true, force: true });
  for (const { name, folder } of hosts) await cp(join(folder, 'audit'), onMedium(name), { recursive: true });
}

async function restart(): Promise<void> {
  for (const { proxy } of hosts) must(await proxy.crash());
}

async function arm(why: string, which = hosts): Promise<void> {
  for (const { proxy } of which) must(await proxy.ask({ verb: 'arm', act: { who: 'ben', why } }));
}

async function ended(station: Station, view: CeremonyView): Promise<readonly string[]> {
  await station.leave();
  expect(await verifyPack(join(one.evidence, view.ceremonyId))).toMatchObject({ ok: true, judged: true });
  return happened(view);
}

async function statuses(): Promise<readonly boolean[]> {
  return Promise.all(hosts.map(async ({ proxy }) => must(await proxy.ask({ verb: 'status' })).latch.killed));
}

const pullAll: Pull = async (id) => {
  for (const { name } of hosts) await pull(name, id);
};

describe.skipIf(!hasSoftHsm)('a drill on servers, with two proxies behind one name', { timeout: 180_000 }, () => {
  it('measures the kill of each by its log, and ends with both armed by this ceremony', async () => {
    const station = stationOf(pullAll);
    const { ceremonyId } = await begin(station, 'kill-drill');
    must(await one.playUntil(station, isStep('3.6')));
    await restart();
    must(await one.playUntil(station, isStep('4.2')));
    await copyLogs();
    must(await one.playUntil(station, isStep('4.7')));
    await arm(ceremonyId);
    must(await one.playUntil(station, isStep('4.11')));
    await copyLogs();
    const view = must(await one.play(station));
    expect(await ended(station, view)).toEqual([]);
    expect(view.outcome).toBe('completed');
    expect(await statuses()).toEqual([false, false]);
  });

  it('names a host that was forgotten, though every use was refused: the balancer led all of them to the other', async () => {
    const station = stationOf(async (id) => {
      balance = () => 0;
      await pull('hsm-a', id);
    });
    const { ceremonyId } = await begin(station, 'kill-drill');
    must(await one.playUntil(station, isStep('3.6')));
    await restart();
    must(await one.playUntil(station, isStep('4.2')));
    await copyLogs();
    must(await one.playUntil(station, isStep('4.7')));
    await arm(ceremonyId, hosts.slice(0, 1));
    balance = (turn) => turn % 2;
    must(await one.playUntil(station, isStep('4.11')));
    await copyLogs();
    const view = must(await one.play(station));
    expect(await ended(station, view)).toEqual([
      [
        'CER-DRILL-ACKNOWLEDGED: hsm-b: its log has no kill since it was armed',
        'CER-DRILL-MET: hsm-b: refused none of our uses',
        'CER-DRILL-REFUSED: it cannot be said: see the table',
        'CER-DRILL-RESTARTED: hsm-b: was not killed',
      ].join('; '),
      'CER-DRILL-NO-OPERATION: hsm-b: its log has no kill of this drill',
    ]);
  });

  it('ends where a host serves again after the restart', async () => {
    const station = stationOf(pullAll);
    await begin(station, 'kill-drill');
    must(await one.playUntil(station, isStep('3.6')));
    await arm('by mistake', hosts.slice(1));
    const view = must(await one.play(station));
    expect([view.outcome, await ended(station, view)]).toEqual([
      'aborted',
      [expect.stringMatching(/^CER-DRILL-STILL-KILLED: \d+ of 20 went through: a host serves again$/)],
    ]);
    await arm('the drill is over', hosts.slice(0, 1));
  });

  it('can be left while it waits for people, and goes on there', async () => {
    let tell = (): void => undefined;
    const told = new Promise<void>((resolve) => (tell = resolve));
    const station = one.open({
      kms: balanced,
      onChange: (view) => {
        const form = view?.step?.do.form;
        if (form?.kind === 'act' && form.progress.includes('Pull the switch on every host now')) tell();
      },
    });
    const { ceremonyId } = await begin(station, 'kill-drill');
    must(await one.playUntil(station, isNext('servers.untilRefused')));
    const acting = station.submit({ type: 'act', step: '3.5' }, null, '');
    await told;
    const began = performance.now();
    await station.leave();
    expect(performance.now() - began, 'not the five minutes that people have').toBeLessThan(60_000);
    must(await acting);
    const again = one.open({ kms: balanced });
    const view = must(await again.reopen(ceremonyId));
    expect([view.step?.id, happened(view), isNext('servers.untilRefused')(view)]).toEqual(['3.5', [], true]);
    await again.leave();
  });

  it('does not take in a log that somebody changed on its way', async () => {
    const station = stationOf(pullAll);
    await pull('hsm-a', 'to have something to arm');
    await begin(station, 'proxy-arm');
    must(await one.playUntil(station, isStep('2.2')));
    await copyLogs();
    const [file = ''] = (await readdir(onMedium('hsm-a'))).filter((name) => name.startsWith('audit-'));
    const text = await readFile(onMedium(join('hsm-a', file)), 'utf8');
    await writeFile(onMedium(join('hsm-a', file)), text.replace('to have something to arm', 'nothing to be seen here'));
    const view = must(await one.play(station));
    expect(await ended(station, view)).toEqual([
      expect.stringMatching(/^file\.damaged, file audit-.*, host hsm-a, line \d+, what /),
    ]);
    await arm('the test is over', hosts.slice(0, 1));
  });

  it('arms what was killed in an emergency, also past a proxy that did not run, and says who it was', async () => {
    const guard = { who: 'night guard', why: 'smoke in the room' };
    const [first, second] = hosts;
    expect(await pullKillSwitch(join(first?.folder ?? '', 'state'), guard)).toMatchObject({ how: 'acknowledged' });
    must((await second?.proxy.stop()) ?? success(null));
    expect(await pullKillSwitch(join(second?.folder ?? '', 'state'), guard)).toMatchObject({ how: 'notRunning' });
    await second?.proxy.start(practicePin());
    const station = stationOf(pullAll);
    const { ceremonyId } = await begin(station, 'proxy-arm');
    must(await one.playUntil(station, isStep('2.2')));
    await copyLogs();
    const planned = must(await one.playUntil(station, isStep('2.4')));
    expect(JSON.stringify(planned)).toContain('smoke in the room');
    must(await one.playUntil(station, isStep('2.6')));
    // somebody pulls once more, after people had read who did
    await pull('hsm-b', 'it smells again');
    await arm(ceremonyId);
    must(await one.playUntil(station, isStep('2.7')));
    await copyLogs();
    const view = must(await one.play(station));
    expect(await ended(station, view)).toEqual([
      expect.stringMatching(/^CER-ARM-PULLS: hsm-b: ada pulled it at \S+ \(it smells again\)$/),
    ]);
    expect(await statuses()).toEqual([false, false]);
  });

  it('is rehearsed in the terminal with the proxy of the rehearsal as the one server', async () => {
    await rm(one.media('back'), { recursive: true, force: true });
    const { script } = must(await findScript(RESOURCES, 'kill-drill'));
    const inputs = { ...namedIn(script, key), place: 'server', fleetSize: '1' };
    balance = () => 0;
    const { before, onChange } = practiceServer(script, inputs, one.ground.mediumFolder, one.proxy);
    const station = one.open({ kms: balanced, onChange });
    must(await one.start(station, 'kill-drill', inputs));
    const view = must(await one.play(station, { beforeMove: before }));
    expect([view.outcome, await ended(station, view)]).toEqual(['completed', []]);
  });
});

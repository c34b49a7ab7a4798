import { mkdirSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CeremonyView } from '../../core/ceremony/view-model';
import { pullKillSwitch } from '../../core/control/kill';
import { verifyPack } from '../../core/pack/verify';
import { importedKey, namedIn, type ImportedKey } from '../../core/rehearsal/practice-key';
import { findScript } from '../../core/station/library';
import type { StationGround } from '../../core/station/port';
import type { StationProxy } from '../../core/station/proxy-port';
import type { SupervisedProxy } from '../../core/supervision/station-proxy';
import { anotherProxy } from './another-proxy';
import type { BuiltEntries } from './build-child';
import { RESOURCES } from './byok-stations';
import { hasSoftHsm, must } from './ground';
import { buildXks, happened, isNext, openXksStation, practicePin, type XksStation } from './xks-station';

const ACT = { who: 'a test', why: 'to see' };

let built: BuiltEntries;
let one: XksStation;
let key: ImportedKey;
const others: SupervisedProxy[] = [];

beforeAll(async () => {
  built = await buildXks();
  one = await openXksStation(built);
  const view = await one.through('xks-store');
  key = must(await importedKey(join(one.evidence, view.ceremonyId)));
}, 180_000);
afterAll(async () => {
  for (const proxy of others) await proxy.close();
  await one.close();
  await built.remove();
});

/** A drill at a station of which something is not as it says; what was called, as `RULE: what was found`. */
async function drill(
  changed: Partial<StationGround> = {},
  { script = 'kill-drill', ...inputs }: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const found = must(await findScript(RESOURCES, script));
  const station = one.open(changed);
  must(await one.start(station, script, { ...namedIn(found.script, key), ...inputs }));
  const view: CeremonyView = must(await one.play(station));
  await station.leave();
  expect(await verifyPack(join(one.evidence, view.ceremonyId)), 'a drill that failed is proven as well').toMatchObject({
    ok: true,
    judged: true,
  });
  return happened(view);
}

/** Serves again, whatever the drill before left behind. */
async function armed(): Promise<void> {
  must(await one.proxy.ask({ verb: 'arm', act: ACT }));
}

const lying = (lies: Partial<StationProxy>): Partial<StationGround> => ({ proxy: { ...one.proxy, ...lies } });
const plan = () => join(one.proxyFolder, 'plan.json');

/** Changes the plan by which KMS and the ceremonies find the proxy. @returns puts it back */
async function inPlan(from: RegExp, to: string): Promise<() => Promise<void>> {
  const before = await readFile(plan(), 'utf8');
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  await writeFile(plan(), after, { mode: 0o600 });
  return () => writeFile(plan(), before, { mode: 0o600 });
}

describe.skipIf(!hasSoftHsm)('a drill judges, and so it can fail', { timeout: 120_000 }, () => {
  it('names a use that went through a proxy nobody counted', async () => {
    const { proxy: second, port } = await anotherProxy(one, built, 'uncounted');
    others.push(second);
    let uses = -1;
    /** behind one name there are two proxies: after the kill every second use goes to the one that was not counted */
    const balanced: Partial<StationGround> = {
      proxy: {
        ...one.proxy,
        kill: (act) => {
          uses = 0;
          return one.proxy.kill(act);
        },
      },
      kms: async (request) => {
        const kms = must(await one.ground.kms(request));
        const decrypt: typeof kms.decrypt = async (...asked) => {
          if (uses < 0 || (uses += 1) > 8 || uses % 2 === 0) return kms.decrypt(...asked);
          const back = await inPlan(/"port": \d+/, `"port": ${port}`);
          try {
            return await kms.decrypt(...asked);
          } finally {
            await back();
          }
        };
        return { ok: true, value: { ...kms, decrypt } };
      },
    };
    const called = await drill(balanced);
    expect(called).toHaveLength(1);
    expect(called[0]).toMatch(/^CER-DRILL-NO-ORPHAN: [0-9a-f-]{36}(, [0-9a-f-]{36})+$/);
  });

  it('names a latch that the disk did not take; nothing is started any more that could come up armed', async () => {
    const latch = join(one.proxyFolder, 'state', 'latch.json');
    const kill: StationProxy['kill'] = async (act) => {
      rmSync(latch);
      mkdirSync(join(latch, 'in-the-way'), { recursive: true });
      try {
        return await one.proxy.kill(act);
      } finally {
        rmSync(latch, { recursive: true });
      }
    };
    const called = await drill(lying({ kill }));
    expect(called).toEqual([
      'CER-DRILL-LATCH: it could not be written',
      expect.stringMatching(/^proxy\.latchNotWritten, problem the latch file could not be written/),
    ]);
    const up = must(await one.proxy.start(practicePin()));
    expect(up.latch.killed, 'without a latch it is killed').toBe(true);
    await armed();
  });

  it('names a proxy that comes up armed after the crash, and goes no further', async () => {
    const crash = async () => {
      await armed();
      return one.proxy.crash();
    };
    expect(await drill(lying({ crash }))).toEqual(['CER-DRILL-STILL-KILLED: it serves again']);
  });

  it('names a kill that came late: uses that went on, and operations of the HSM while it was said to be killed', async () => {
    const kill: StationProxy['kill'] = async (act) => {
      await new Promise((resolve) => setTimeout(resolve, 600));
      return one.proxy.kill(act);
    };
    const called = await drill(lying({ kill }));
    expect(called[0]).toMatch(/^CER-DRILL-LAST-OPERATION: the last after \d{3,} ms$/);
    expect(called.at(-1)).toMatch(/^CER-DRILL-NO-OPERATION: \d+, the first at /);
  });

  it('names a process that had to be ended because it did not answer', async () => {
    const kill: StationProxy['kill'] = async (act) => {
      const { pid } = must(await one.proxy.ask({ verb: 'status' }));
      process.kill(pid, 'SIGSTOP');
      return one.proxy.kill(act);
    };
    const called = await drill(lying({ kill }));
    expect(called.join('; ')).toContain('CER-DRILL-ACKNOWLEDGED: its process had to be ended');
  });

  it('does not begin with failures, with a proxy that is killed, or with another number of proxies than planned', async () => {
    must(await one.aws.running()).fail({ operation: 'Decrypt', times: 1, kind: { error: { name: 'KMSInvalidStateException' } } });
    expect(await drill()).toEqual(['CER-DRILL-BASELINE: 19 of 20 uses']);
    const back = await inPlan(/"fleetSize": 1/, '"fleetSize": 2');
    expect(await drill()).toEqual(['CER-DRILL-FLEET: 1 behind the endpoint']);
    await back();
    await pullKillSwitch(join(one.proxyFolder, 'state'), ACT);
    expect(await drill()).toEqual([expect.stringMatching(/^CER-DRILL-ARMED: killed by a test/)]);
    await armed();
  });

  it('measures nothing where somebody had pulled the switch a moment before', async () => {
    const kms: StationGround['kms'] = async (request) => {
      const opened = await one.ground.kms(request);
      if (!opened.ok) return opened;
      let uses = 0;
      const decrypt: typeof opened.value.decrypt = async (...asked) => {
        uses += 1;
        // the last use of the baseline was the twentieth
        if (uses === 21) await pullKillSwitch(join(one.proxyFolder, 'state'), ACT);
        return opened.value.decrypt(...asked);
      };
      return { ok: true, value: { ...opened.value, decrypt } };
    };
    expect(await drill({ kms })).toEqual(['CER-DRILL-REFUSED: 5 of 5 uses were refused before the switch was pulled']);
  });

  it('arms nothing that is armed', async () => {
    expect(await drill({}, { script: 'proxy-arm' })).toEqual(['CER-ARM-KILLED: it is armed already']);
  });

  it('arms nothing where somebody pulled the switch once more after people had read who did', async () => {
    await pullKillSwitch(join(one.proxyFolder, 'state'), ACT);
    const station = one.open();
    must(await one.start(station, 'proxy-arm'));
    must(await one.playUntil(station, isNext('proxy.arm')));
    await pullKillSwitch(join(one.proxyFolder, 'state'), { who: 'night guard', why: 'smoke in the room' });
    const view = must(await one.play(station));
    await station.leave();
    expect([view.outcome, happened(view)]).toEqual(['aborted', [expect.stringMatching(/^ceremony\.differs, found night guard/)]]);
    expect(must(await one.proxy.ask({ verb: 'status' })).latch.killed).toBe(true);
    await armed();
  });

  it('does not take its own run for another one after a restart', async () => {
    expect(await drill({}, { restart: 'yes' })).toEqual(['CER-DRILL-RESTARTED: the same run']);
    await armed();
  });
});

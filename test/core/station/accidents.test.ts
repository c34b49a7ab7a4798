import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyPack } from '../../../core/pack/verify';
import { play } from '../../../core/rehearsal/player';
import type { Station } from '../../../core/station/port';
import { CAST, decision, playTo, stage, value, type Stage } from './stage';

let s: Stage;
beforeEach(async () => {
  s = await stage();
});
afterEach(() => s.done());

const bytes = (text: string) => new TextEncoder().encode(text);

async function started(): Promise<Station> {
  value(await s.station.start(s.request));
  return s.station;
}

describe('accidents', () => {
  it('a clock set back is written down as an exception, once, and the ceremony goes on', async () => {
    await started();
    await playTo(s.station, '1.3');
    s.clock.offsetMs = -3_600_000;
    const view = value(await play(s.station, CAST));
    expect(view.exceptions).toMatchObject([{ source: 'machine', happened: expect.stringMatching(/set back/) }]);
    expect((await verifyPack(join(s.ground.evidenceFolder, view.ceremonyId))).ok).toBe(true);
  });

  it('a token process that dies is an alarm, and the next act asks for the login again', async () => {
    await started();
    await playTo(s.station, '3.4');
    s.processes.at(-1)?.kill('killed by a test');
    value(await s.station.submit({ type: 'read', step: '3.4' }, null, ''));
    const view = s.station.current();
    expect(view?.alarms).toMatchObject([{ code: 'token.lost' }]);
    expect(view?.loginNeeded).toEqual({ user: 'user', seat: 'CO1', onDevice: false });
    expect(value(await play(s.station, CAST)).outcome).toBe('completed');
    expect(s.memory.generations).toBe(1);
  });

  it('a module that was exchanged meanwhile is an exception before anything goes on', async () => {
    await started();
    await playTo(s.station, '3.4');
    s.processes.at(-1)?.kill('killed by a test');
    s.memory.moduleSha256 = 'ee'.repeat(32);
    value(await s.station.submit({ type: 'read', step: '3.4' }, null, ''));
    const pin = bytes('10203040');
    expect(await s.station.login(pin)).toMatchObject({ error: { code: 'ceremony.openException' } });
    expect([...pin].every((byte) => byte === 0)).toBe(true);
    const view = s.station.current();
    expect(view?.token?.loggedIn).toBeNull();
    expect(view?.exceptions).toMatchObject([
      { severity: 'security', source: 'machine', expected: expect.stringMatching(/CER-MODULE-SAME/) },
    ]);
    expect(await s.station.submit({ type: 'act', step: '3.4' }, null, '')).toMatchObject({
      error: { code: 'ceremony.openException' },
    });
  });

  it('a removed token opens an exception at its step, and the step can be repeated', async () => {
    await started();
    await playTo(s.station, '3.9');
    s.faults.current = { before: { functionalTest: 'token.removed' } };
    let view = value(await s.station.submit({ type: 'act', step: '3.9' }, null, ''));
    expect(view.exceptions).toMatchObject([{ happened: expect.stringMatching(/token\.removed/), allowed: ['repeat', 'stop'] }]);
    view = value(await s.station.submit(decision(1, 'repeat', 'The cable was loose.'), null, ''));
    expect(value(await play(s.station, CAST)).outcome).toBe('completed');
  });

  it.each(['token.timeout', 'token.device', 'token.moduleCrashed'])(
    '%s during generation leads to inspection, never to a second key',
    async (code) => {
      await started();
      await playTo(s.station, '3.3');
      value(await s.station.submit({ type: 'read', step: '3.3' }, null, ''));
      s.faults.current = { after: { generate: code } };
      let view = value(await s.station.submit({ type: 'act', step: '3.3' }, null, ''));
      expect(view.phase).toBe('recovery');
      expect(await s.station.submit({ type: 'act', step: '3.3' }, null, '')).toMatchObject({
        error: { code: 'ceremony.recoveryNeeded' },
      });
      if (view.exceptions.some(({ decision }) => decision === null)) {
        view = value(await s.station.submit(decision(1, 'repeat', 'Inspect.'), null, ''));
      }
      view = value(await play(s.station, CAST));
      expect(view.outcome).toBe('completed');
      expect(s.memory.generations).toBe(1);
    },
  );

  it('evidence that cannot be written stops the ceremony with nothing lost, until it can be written again', async () => {
    await started();
    const view = await playTo(s.station, '1.3');
    const folder = join(s.ground.evidenceFolder, view.ceremonyId);
    await rm(join(folder, 'transcript.jsonl'));
    await writeFile(join(folder, 'transcript.jsonl'), 'something else');
    expect(await s.station.submit({ type: 'act', step: '1.3' }, null, '')).toMatchObject({
      ok: false,
      error: { code: expect.stringMatching(/^file\./) },
    });
    expect(s.station.current()?.halt?.code).toMatch(/^file\./);
    expect(await s.station.submit({ type: 'act', step: '1.3' }, null, '')).toMatchObject({
      ok: false,
      error: { code: expect.stringMatching(/^file\./) },
    });
  });
});

describe('a mirror that is not there when the ceremony begins', () => {
  it('is an alarm in the record from the start', async () => {
    const other = await stage({ mirror: '/nowhere/keyrite-mirror' });
    const view = value(await other.station.start(other.request));
    expect(view.alarms).toMatchObject([{ code: 'file.mirrorLost' }]);
    await other.station.leave();
    await other.done();
  });
});

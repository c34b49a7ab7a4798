import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEvent, type CeremonyEvent } from '../../../core/ceremony/events';
import { evolve, replay } from '../../../core/ceremony/evolve';
import type { CeremonyState } from '../../../core/ceremony/state';
import { transcriptEvent } from '../../../core/evidence/event';
import { verifyPack } from '../../../core/pack/verify';
import { play } from '../../../core/rehearsal/player';
import { CAST, stage, value, type Stage } from './stage';

/** A finished ceremony, its lines, and how many objects the token held after each. */
let s: Stage;
let ceremonyId: string;
let lines: string[];
let events: CeremonyEvent[];
let keyAfter: string;

beforeAll(async () => {
  s = await stage();
  value(await s.station.start(s.request));
  ceremonyId = value(await play(s.station, CAST)).ceremonyId;
  await s.station.leave();
  lines = (await readFile(join(s.ground.evidenceFolder, ceremonyId, 'transcript.jsonl'), 'utf8')).trimEnd().split('\n');
  events = lines.map((line) => {
    const reading = readEvent(transcriptEvent.parse(JSON.parse(line)));
    if (!reading.ok) throw new Error(reading.problem);
    return reading.event;
  });
  keyAfter = JSON.stringify(s.memory.objects);
}, 30_000);
afterAll(() => s.done());

describe('replaying a transcript', () => {
  it('gives, at every prefix, the state that was live', () => {
    let live: CeremonyState | null = null;
    for (const [i, event] of events.entries()) {
      live = evolve(live, event);
      expect(replay(events.slice(0, i + 1))).toEqual(live);
    }
  });
});

/** The evidence and the token as they were when the machine died right after line `count` was on disk. */
async function diedAfter(count: number, keyExists: boolean): Promise<Stage> {
  const after = await stage();
  Object.assign(after.memory, {
    ...s.memory,
    objects: keyExists ? (JSON.parse(keyAfter) as typeof s.memory.objects) : [],
    generations: 0,
  });
  const folder = join(after.ground.evidenceFolder, ceremonyId);
  const original = join(s.ground.evidenceFolder, ceremonyId);
  await mkdir(join(folder, 'artefacts'), { recursive: true });
  await writeFile(join(folder, 'script.yaml'), await readFile(join(original, 'script.yaml')));
  await writeFile(join(folder, 'transcript.jsonl'), `${lines.slice(0, count).join('\n')}\n`);
  for (const event of events.slice(0, count)) {
    if (event.type !== 'result') continue;
    for (const { name } of event.data.artefacts)
      await writeFile(join(folder, 'artefacts', name), await readFile(join(original, 'artefacts', name)));
  }
  return after;
}

/** Was the key on the token when line `count` was the last? Between intent and result nobody can know: both are tried. */
function keyWasThere(count: number): boolean[] {
  const intent = events.findIndex(({ type, data }) => type === 'intent' && data.operation === 'token.generate');
  if (count <= intent) return [false];
  return count === intent + 1 ? [false, true] : [true];
}

/** Every write with KEYRITE_TEST_DEATHS=every; else each fourth, and all around the one act that must not happen twice. */
function deaths(): number[] {
  const intent = events.findIndex(({ type, data }) => type === 'intent' && data.operation === 'token.generate');
  const all = lines.map((_, i) => i + 1);
  return process.env['KEYRITE_TEST_DEATHS'] === 'every'
    ? all
    : all.filter((count) => count % 4 === 1 || Math.abs(count - intent - 1) <= 2 || count >= lines.length - 2);
}

describe('after a crash at any write', () => {
  it('the ceremony is finished with one key, one pack that verifies, and no evidence lost', { timeout: 900_000 }, async () => {
    for (const count of deaths()) {
      for (const keyExists of keyWasThere(count)) {
        const after = await diedAfter(count, keyExists);
        value(await after.station.reopen(ceremonyId));
        const view = value(await play(after.station, CAST));
        expect([count, view.outcome, after.memory.objects.length, after.memory.generations]).toEqual([
          count,
          'completed',
          1,
          keyExists ? 0 : 1,
        ]);
        const folder = join(after.ground.evidenceFolder, ceremonyId);
        const transcript = await readFile(join(folder, 'transcript.jsonl'), 'utf8');
        expect(transcript.startsWith(`${lines.slice(0, count).join('\n')}\n`)).toBe(true);
        expect([count, await verifyPack(folder)]).toMatchObject([count, { ok: true, judged: true }]);
        await after.station.leave();
        await after.done();
      }
    }
  });

  it('two keys under the planned id stop the ceremony', async () => {
    const intent = events.findIndex(({ type, data }) => type === 'intent' && data.operation === 'token.generate');
    const after = await diedAfter(intent + 1, true);
    after.memory.objects.push(...structuredClone(after.memory.objects));
    value(await after.station.reopen(ceremonyId));
    const view = value(await play(after.station, CAST));
    expect(view).toMatchObject({ outcome: 'aborted' });
    expect(after.memory.generations).toBe(0);
    await after.station.leave();
    await after.done();
  });

  it('another script in the folder than the approved one is not run', async () => {
    const after = await diedAfter(20, false);
    const path = join(after.ground.evidenceFolder, ceremonyId, 'script.yaml');
    await writeFile(path, (await readFile(path, 'utf8')).replace('Nothing is hurried today.', 'Hurry.'));
    expect(await after.station.reopen(ceremonyId)).toMatchObject({ error: { code: 'file.changedUnderneath' } });
    await after.done();
  });

  it('a second program cannot go on with a ceremony that is running', async () => {
    const after = await diedAfter(10, false);
    value(await after.station.reopen(ceremonyId));
    expect(await after.restarted().reopen(ceremonyId)).toMatchObject({ error: { code: 'ceremony.alreadyRunning' } });
    await after.station.leave();
    await after.done();
  });
});

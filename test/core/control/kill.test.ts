import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { endProcess } from '../../../core/control/end-process';
import { KILL_OPTIONS, pullKillSwitch } from '../../../core/control/kill';
import { latchDisk } from '../../../core/control/latch-disk';
import { latchBytes, type LatchRecord } from '../../../core/control/latch-record';
import { takeStateLock } from '../../../core/control/state-lock';
import { processStart } from '../../../core/pack/process-start';
import { cleanUp, quietHandlers, served, stateFolder } from '../../proxy/control/control-ground';
import { buildEntries, type BuiltEntries } from '../../softhsm/build-child';

const ACT = { who: 'ada', why: 'drill' };
const ARMED: LatchRecord = {
  version: 1,
  state: 'armed',
  by: 'ben',
  why: 'begin',
  at: '2026-11-20T12:00:00.000Z',
  blocks: [{ key: 'k', by: 'ben', why: '', at: '2026-11-21T12:00:00.000Z' }],
};
const QUICK = { ...KILL_OPTIONS, answerMs: 200 };

let built: BuiltEntries;
const children: ChildProcess[] = [];
beforeAll(async () => {
  built = await buildEntries({ stubborn: 'test/core/control/stubborn-proxy.ts' });
}, 60_000);
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await cleanUp();
});
afterAll(() => built.remove());

async function armedFolder(): Promise<string> {
  const folder = await stateFolder();
  await latchDisk(join(folder, 'latch.json')).replace(latchBytes(ARMED));
  return folder;
}

async function latchIn(folder: string): Promise<unknown> {
  const reading = await latchDisk(join(folder, 'latch.json')).read();
  return reading.kind === 'read' ? reading.record : reading;
}

async function stubborn(folder: string, how: 'hung' | 'starting'): Promise<ChildProcess> {
  const child = spawn(process.execPath, [built.path('stubborn'), folder, how], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}

describe('the kill switch', () => {
  it('is acknowledged by a proxy that answers, and left to it', async () => {
    const asked: unknown[] = [];
    const { folder } = await served(quietHandlers(asked));
    expect(await pullKillSwitch(folder, ACT)).toMatchObject({ how: 'acknowledged', answer: { sessions: 16 } });
    expect(asked).toEqual([['kill', ACT]]);
  });

  it('is written for the next start where no proxy runs, with the blocks kept', async () => {
    const folder = await armedFolder();
    expect(await pullKillSwitch(folder, ACT)).toEqual({ how: 'notRunning', latch: { isKept: true, problem: '' } });
    expect(await latchIn(folder)).toMatchObject({ state: 'killed', by: 'ada', why: 'drill', blocks: ARMED.blocks });
    const lock = await takeStateLock(folder);
    expect(lock.ok).toBe(true); // and was given back
  });

  it('keeps who killed it first, and who pulled again while no proxy ran', async () => {
    const folder = await armedFolder();
    await pullKillSwitch(folder, ACT);
    expect(await latchIn(folder)).not.toHaveProperty('pulls');
    await pullKillSwitch(folder, { who: 'cleo', why: 'smoke' });
    await pullKillSwitch(folder, { who: 'dan', why: '' });
    expect(await latchIn(folder)).toMatchObject({
      state: 'killed',
      by: 'ada',
      pulls: [{ by: 'cleo', why: 'smoke' }, { by: 'dan' }],
    });
  });

  it('is pulled as often as anybody likes: the newest pulls are kept', async () => {
    const folder = await armedFolder();
    for (let i = 0; i <= 25; i++) await pullKillSwitch(folder, { who: `w${i}`, why: '' });
    const { by, pulls } = (await latchIn(folder)) as LatchRecord;
    expect([by, pulls?.length, pulls?.at(-1)?.by]).toEqual(['w0', 20, 'w25']);
  });

  it('is written where no latch is, and leaves one alone that cannot be used', async () => {
    const folder = await stateFolder();
    expect(await pullKillSwitch(folder, ACT)).toMatchObject({ latch: { isKept: true, problem: '' } });
    expect(await latchIn(folder)).toMatchObject({ state: 'killed', blocks: [] });
    await writeFile(join(folder, 'latch.json'), 'evidence');
    expect(await pullKillSwitch(folder, ACT)).toMatchObject({
      how: 'notRunning',
      latch: { isKept: true, problem: expect.stringContaining('counts as killed') },
    });
    expect(await readFile(join(folder, 'latch.json'), 'utf8')).toBe('evidence');
  });

  it('kills nothing in a folder that is not there, and says so', async () => {
    const folder = join(await stateFolder(), 'typo');
    expect(await pullKillSwitch(folder, ACT)).toMatchObject({ how: 'failed', error: { code: 'proxy.notRunning' } });
  });

  it.skipIf(process.platform === 'win32').each(['hung', 'starting'] as const)(
    'ends a proxy that is %s, after its latch was written',
    async (how) => {
      const folder = await armedFolder();
      const child = await stubborn(folder, how);
      const closed = once(child, 'close');
      expect(await pullKillSwitch(folder, ACT, QUICK)).toEqual({
        how: 'forced',
        pid: child.pid,
        latch: { isKept: true, problem: '' },
        problem: '',
      });
      expect(await closed).toEqual([null, 'SIGKILL']);
      expect(await latchIn(folder)).toMatchObject({ state: 'killed', by: 'ada', blocks: ARMED.blocks });
      expect(await latchIn(folder)).not.toHaveProperty('pulls'); // it was one pull, written twice
      expect((await takeStateLock(folder)).ok).toBe(true); // the next start is not kept out
    },
  );

  it('writes the latch and says that it cannot end a proxy in another machine or container', async () => {
    const folder = await armedFolder();
    const holder = { pid: process.pid, host: `${hostname()}-other`, start: '', nonce: 'n' };
    await writeFile(join(folder, 'lock'), JSON.stringify(holder));
    const end = await pullKillSwitch(folder, ACT, QUICK);
    expect(end).toMatchObject({ how: 'forced', latch: { isKept: true }, problem: expect.stringContaining('another machine') });
    expect(await latchIn(folder)).toMatchObject({ state: 'killed' });
  });

  it('fails rather than guess where the lock names nobody', async () => {
    const folder = await armedFolder();
    await writeFile(join(folder, 'lock'), '{"pid":');
    expect(await pullKillSwitch(folder, ACT, QUICK)).toMatchObject({ how: 'failed', error: { code: 'proxy.notAnswering' } });
  });
});

describe('ending the process that holds a lock', () => {
  it.runIf(process.platform === 'linux')('ends no process that was given the number later', async () => {
    const told = await endProcess({ pid: process.pid, host: hostname(), start: 'another boot:1', nonce: 'n' });
    expect(told).toContain('another one by now'); // and this process is still here to say it
  });

  it.runIf(process.platform === 'linux')('is content when it is gone already', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    const start = await processStart(child.pid!);
    await once(child, 'close');
    expect(await endProcess({ pid: child.pid!, host: hostname(), start, nonce: 'n' })).toBe('');
  });
});

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failure } from '../../../core/contract/result';
import type { KillEnd } from '../../../core/control/kill';
import { addressesGone } from '../../../core/supervision/addresses';
import { keep, keptOf } from '../../../core/supervision/keep-running';
import { killOutcome } from '../../../core/supervision/kill-outcome';
import { LastWords } from '../../../core/supervision/last-words';
import { latchOnDisk } from '../../../core/supervision/latch-glance';
import { OutputLog } from '../../../core/supervision/output-log';
import { PinHolder } from '../../../core/supervision/pin-holder';
import { glanceAtSettings } from '../../../core/supervision/settings-glance';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyrite-supervision-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the holder of the PIN', () => {
  it('overwrites what it was given, what it handed out, and what it holds when it forgets', () => {
    const holder = new PinHolder();
    const given = bytes('12345678');
    holder.hold(given);
    expect([...given]).toEqual(Array(8).fill(0));
    const handedOut: Uint8Array[] = [];
    holder.use((pin) => {
      if (pin !== null) handedOut.push(pin);
      expect(new TextDecoder().decode(pin ?? undefined)).toBe('12345678');
    });
    expect(handedOut).toEqual([new Uint8Array(8)]);
    holder.forget();
    expect(holder.isEmpty).toBe(true);
    expect(holder.use((pin) => pin)).toBeNull();
  });
});

describe('the last words of a process', () => {
  it('are its last twenty lines, printable and short, however they arrive', () => {
    const words = new LastWords();
    for (let n = 0; n < 50; n++) words.add(bytes(`line ${n}\n`));
    words.add(bytes(`\u001B[31mred\u001B[0m ${'x'.repeat(500)}\nhalf a `));
    words.add(bytes('line'));
    const lines = words.lines();
    expect(lines).toHaveLength(20);
    expect(lines.at(-1)).toBe('half a line');
    expect(lines.at(-2)?.length).toBeLessThanOrEqual(200);
    expect(lines.join('')).not.toContain('\u001B');
    expect(lines[0]).toBe('line 32');
  });

  it('do not grow with a line that never ends', () => {
    const words = new LastWords();
    for (let n = 0; n < 1_000; n++) words.add(bytes('y'.repeat(1_000)));
    expect(words.lines().join('').length).toBeLessThanOrEqual(200);
  });
});

describe('the log of what a process prints', () => {
  it('is for its owner alone, and never larger than two files', async () => {
    const path = join(folder, 'process.log');
    const log = new OutputLog(path, 1_000);
    for (let n = 0; n < 100; n++) {
      log.add(bytes(`${String(n).padStart(99, '.')}\n`));
      await log.flush();
    }
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(path).size + statSync(`${path}.1`).size).toBeLessThanOrEqual(2_000);
    expect(readFileSync(path, 'utf8').trim().endsWith('99')).toBe(true);
  });

  it('is given up where there is no place for it', async () => {
    writeFileSync(join(folder, 'file'), '');
    const log = new OutputLog(join(folder, 'file', 'process.log'));
    log.add(bytes('x'));
    await log.flush();
    expect(existsSync(join(folder, 'file', 'process.log'))).toBe(false);
  });
});

describe('the latch of a proxy that does not run', () => {
  const state = () => join(folder, 'state');
  const audit = () => join(folder, 'audit');
  const write = (text: string): void => {
    mkdirSync(state(), { recursive: true });
    writeFileSync(join(state(), 'latch.json'), text, { mode: 0o600 });
  };

  it('is what its file says', async () => {
    write('{"version":1,"state":"killed","by":"Ada","why":"a drill","at":"2026-01-01T00:00:00.000Z","blocks":[]}');
    expect(await latchOnDisk(state(), audit())).toEqual({
      state: 'killed',
      by: 'Ada',
      why: 'a drill',
      at: '2026-01-01T00:00:00.000Z',
      problem: '',
    });
  });

  it.each(['', '{', '{"state":"armed"}', '{"version":2}'])('is unknown where its file is %j', async (text) => {
    write(text);
    expect(await latchOnDisk(state(), audit())).toMatchObject({
      state: 'unknown',
      problem: expect.stringMatching(/^The latch file/),
    });
  });

  it('is armed before a first start, and lost where an audit log tells of one', async () => {
    expect((await latchOnDisk(state(), audit())).state).toBe('armed');
    mkdirSync(audit());
    writeFileSync(join(audit(), 'lock'), 'x');
    expect((await latchOnDisk(state(), audit())).state).toBe('armed');
    writeFileSync(join(audit(), 'audit-0.jsonl'), '{}\n');
    expect(await latchOnDisk(state(), audit())).toMatchObject({ state: 'unknown', problem: expect.stringMatching(/lost/) });
  });
});

describe('a glance at settings', () => {
  it('is null where there are none, and empty where they are no TOML or of another shape', async () => {
    const file = join(folder, 'settings.toml');
    expect(await glanceAtSettings(file)).toBeNull();
    writeFileSync(file, '[hsm\n');
    expect(await glanceAtSettings(file)).toEqual({});
    writeFileSync(file, '[server]\nport = "x"\n');
    expect(await glanceAtSettings(file)).toEqual({});
    writeFileSync(file, '[hsm]\npin_from = "supervisor"\nprofile = "softhsm"\nother = 1\n');
    expect(await glanceAtSettings(file)).toEqual({ hsm: { pin_from: 'supervisor', profile: 'softhsm' } });
  });

  it('finds addresses that this machine does not have', () => {
    expect(addressesGone({ server: { ip: '192.0.2.77', port: 443, region: '' } })).toEqual(['192.0.2.77']);
    expect(addressesGone({ server: { ip: '0.0.0.0', port: 443, region: '' }, metrics: { ip: '127.0.0.1' } })).toEqual([]);
  });
});

describe('what was meant to run', () => {
  it('is remembered, and forgotten where the file says nothing', async () => {
    const file = join(folder, 'keep-running.json');
    const nothing = { version: 1, isWanted: false, state: '' };
    expect(await keptOf(file)).toMatchObject({ isWanted: false, state: '' });
    for (const isWanted of [true, false]) {
      await keep(file, { isWanted, state: '/run/proxy' });
      expect(await keptOf(file)).toMatchObject({ isWanted, state: '/run/proxy' });
    }
    writeFileSync(file, '{"version":1,"isWanted":true}');
    expect(await keptOf(file)).toEqual({ ...nothing, isWanted: true });
    writeFileSync(file, '{"isWanted":true}');
    expect(await keptOf(file)).toEqual({ isWanted: false, state: '' });
  });
});

describe('how a kill went', () => {
  const answer = { recorded: true, pid: 1, restart: 'same', problem: '', stopped: true, sessions: 2, tookMs: 3 } as const;

  it('is in order where the process said so and its latch is written', () => {
    expect(killOutcome({ how: 'acknowledged', answer, guess: null }, 4)).toEqual({ how: 'acknowledged', tookMs: 4, problem: '' });
  });

  it.each<[KillEnd, RegExp]>([
    [
      { how: 'acknowledged', answer: { ...answer, restart: 'unknown', problem: 'the latch file could not be written (EIO)' } },
      /restart.*EIO/,
    ],
    [{ how: 'acknowledged', answer: { ...answer, stopped: false } }, /not seen to end/],
    [{ how: 'notRunning', latch: { isKept: false, problem: 'The latch file could not be written (EROFS).' } }, /EROFS/],
    [{ how: 'forced', pid: 1, latch: { isKept: true, problem: '' }, problem: 'process 1 is another one by now' }, /still there/],
    [{ how: 'failed', error: failure('proxy.foreign').error }, /belongs to somebody else/],
  ])('says what is not', (end, problem) => {
    expect(killOutcome({ ...end, guess: null }, 1).problem).toMatch(problem);
  });

  it('names what was killed where nobody could tell which proxy is meant', () => {
    const guess = { reached: ['/home/ada/state'], missed: ['/station/state'] };
    const { how, problem } = killOutcome({ how: 'acknowledged', answer, guess }, 4);
    expect(how).toBe('acknowledged');
    expect(problem).toMatch(/nobody can tell.*killed.*: \/home\/ada\/state\. Arm again/);
    const { error } = failure('proxy.notRunning');
    const none = killOutcome({ how: 'failed', error, guess: { reached: [], missed: ['/a', '/b'] } }, 4);
    expect(none.problem).toMatch(/None was found at \/a or \/b\. No proxy is running/);
  });
});

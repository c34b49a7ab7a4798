import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { chosenFolder } from '../../../core/control/chosen-folder';
import { runPlaces, type RunPlaces } from '../../../core/supervision/run-places';
import { settingsPlaces, type SettingsPlaces } from '../../../core/supervision/settings-places';

const ACT = { who: 'a test', why: 'to see' };

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyrite-places-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const settings = (): string => join(folder, 'station', 'settings.toml');
/** What a set-up on this station has, what a proxy of this user has without a word about it, and another one. */
const own = (): string => join(folder, 'station', 'state');
const standard = (): string => join(folder, 'home', 'keyrite', 'proxy');
const other = (): string => join(folder, 'other');

const isKilled = (state: string): boolean =>
  existsSync(join(state, 'latch.json')) && readFileSync(join(state, 'latch.json'), 'utf8').includes('"killed"');

function made(...folders: readonly string[]): void {
  mkdirSync(join(folder, 'station'), { recursive: true });
  for (const each of folders) mkdirSync(each, { recursive: true, mode: 0o700 });
}

function places(remembered = ''): RunPlaces {
  return runPlaces({
    // also for root, whose own usual folder is the machine's
    look: () => settingsPlaces(settings(), () => ({ STATE_DIRECTORY: standard() })),
    isAlive: () => false,
    remembered: () => Promise.resolve(remembered),
  });
}

describe('a kill of the proxy of a station', () => {
  it('reaches the state folder that the settings name, though they are wrong elsewhere, and no other', async () => {
    made(own(), standard(), other());
    writeFileSync(settings(), `[server]\nport = "x"\n\n[state]\nfolder = "${other()}"\n`);
    expect(await places(own()).kill(ACT)).toMatchObject({ how: 'notRunning', guess: null });
    expect([own(), standard(), other()].map(isKilled)).toEqual([false, false, true]);
  });

  it('asks nothing of its surroundings where the settings name the state folder', async () => {
    made(other());
    writeFileSync(settings(), `[state]\nfolder = "${other()}"\n`);
    const failing = (): never => {
      throw new Error('is not asked');
    };
    const there = runPlaces({ look: () => settingsPlaces(settings(), failing), isAlive: () => false, remembered: failing });
    expect(await there.kill(ACT)).toMatchObject({ how: 'notRunning', guess: null });
    expect(isKilled(other())).toBe(true);
  });

  it('reaches the usual folder where the settings name none', async () => {
    made(own(), standard());
    writeFileSync(settings(), '[server]\nport = 443\n');
    expect(await places().kill(ACT)).toMatchObject({ how: 'notRunning', guess: null });
    expect([own(), standard()].map(isKilled)).toEqual([false, true]);
  });

  it.each([
    ['cannot be read', '[state\n'],
    ['are gone', null],
  ])('reaches what the proxy was started with last where the settings %s, and not the usual folder', async (_, text) => {
    made(standard(), other());
    if (text !== null) writeFileSync(settings(), text);
    expect(await places(other()).kill(ACT)).toMatchObject({ how: 'notRunning', guess: null });
    expect([standard(), other()].map(isKilled)).toEqual([false, true]);
  });

  it('reaches each that it may be where nobody can tell, and names them', async () => {
    made(own(), standard());
    writeFileSync(settings(), '[state\n');
    expect(await places().kill(ACT)).toMatchObject({
      how: 'notRunning',
      guess: { reached: [own(), standard()], missed: [] },
    });
    expect([own(), standard()].map(isKilled)).toEqual([true, true]);
  });

  it('does not wait for settings that never come: where the proxy runs is killed, or where it ran last', async () => {
    made(own(), other());
    const never = runPlaces({ look: () => new Promise(() => undefined), isAlive: () => true, remembered: async () => other() });
    expect(await never.kill(ACT)).toMatchObject({ how: 'notRunning', guess: null });
    expect([own(), other()].map(isKilled)).toEqual([false, true]);
    never.startsWith(own(), true);
    expect(await never.kill(ACT)).toMatchObject({ how: 'notRunning', guess: null });
    expect(isKilled(own())).toBe(true);
  });

  it('kills where the proxy runs before it knows where the settings lead, and there as soon as they come', async () => {
    made(own(), other());
    let arrive: (found: SettingsPlaces) => void = () => undefined;
    const late = new Promise<SettingsPlaces>((resolve) => (arrive = resolve));
    const slow = runPlaces({ look: () => late, isAlive: () => true, remembered: async () => '' });
    slow.startsWith(own(), true);
    await slow.kill(ACT);
    expect([own(), other()].map(isKilled)).toEqual([true, false]);
    arrive({ glance: {}, isNamed: true, state: other(), audit: '', fallback: async () => '' });
    await vi.waitUntil(() => isKilled(other()));
  });

  it('waits for slow settings where nothing else says where the proxy is', async () => {
    made(other());
    const found = { glance: {}, isNamed: true, state: other(), audit: '', fallback: async () => '' };
    const slow = runPlaces({ look: () => pause(400, found), isAlive: () => false, remembered: async () => '' });
    expect(await slow.kill(ACT)).toMatchObject({ how: 'notRunning', guess: null });
    expect(isKilled(other())).toBe(true);
  });

  it('pulls once where the settings name the folder that it runs with, and makes that one where it is gone', async () => {
    made(own());
    writeFileSync(settings(), `[state]\nfolder = "${own()}"\n`);
    const known = places();
    known.startsWith(own(), true);
    rmSync(own(), { recursive: true });
    expect(await known.kill(ACT)).toMatchObject({ how: 'notRunning', guess: null });
    expect(isKilled(own())).toBe(true);
  });

  it.skipIf(process.platform === 'win32')(
    'does not wait for whoever writes into a pipe in the place of the settings',
    async () => {
      made(own());
      execFileSync('mkfifo', [settings()]);
      expect(await places().kill(ACT)).toMatchObject({ how: 'notRunning', guess: { reached: [own()], missed: [standard()] } });
      expect(await chosenFolder({ state: '', config: settings(), env: {} })).toMatchObject({ error: { code: 'input.invalid' } });
    },
  );

  it('makes no folder of a proxy that never was, and says that it found none', async () => {
    made();
    expect(await places().kill(ACT)).toMatchObject({
      how: 'failed',
      error: { code: 'proxy.notRunning' },
      guess: { reached: [], missed: [own(), standard()] },
    });
    expect(existsSync(standard())).toBe(false);
  });
});

describe('where a station’s proxy is asked and watched', () => {
  it('is never somebody else’s, where its settings cannot be read', async () => {
    made(standard());
    writeFileSync(settings(), '[state\n');
    expect(await places().now()).toMatchObject({ isNamed: false, state: own() });
    expect(await places(other()).now()).toMatchObject({ isNamed: false, state: other() });
  });
});

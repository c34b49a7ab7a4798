import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_AWS_SETTINGS } from '../../core/contract/aws-settings';
import type { Settings } from '../../core/contract/values';
import { openSettings } from '../../electron/settings-store';

let folder = '';
let heard: Settings[] = [];
const open = () => openSettings(join(folder, 'settings.json'), '/evidence', (settings) => heard.push(settings));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyrite-settings-'));
  heard = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the settings', () => {
  it('begin as a rehearsal on the embedded token', () => {
    expect(open().get()).toMatchObject({
      profile: 'softhsm',
      modulePath: '',
      token: null,
      embeddedToken: true,
      mirror: '',
      evidenceFolder: '/evidence',
    });
    expect(open().get().station.id).toMatch(/^[A-Za-z0-9-]{1,40}$/);
  });

  it('are told and kept when they change', () => {
    const changed = open().change({ appearance: 'dark' });
    expect(heard).toEqual([changed]);
    expect(open().get().appearance).toBe('dark');
  });

  it('leave the embedded token as soon as a module or another profile is chosen', () => {
    expect(open().change({ modulePath: '/usr/lib/x.so' }).embeddedToken).toBe(false);
    expect(open().change({ modulePath: '', profile: 'luna' }).embeddedToken).toBe(false);
    expect(open().change({ profile: 'softhsm' }).embeddedToken).toBe(true);
  });

  describe('of AWS', () => {
    const older = {
      appearance: 'dark',
      station: { id: 'station-1', kind: 'online' },
      profile: 'softhsm',
      modulePath: '',
      token: null,
      mirror: '/media/mirror',
    };
    const keep = (value: unknown): void => writeFileSync(join(folder, 'settings.json'), JSON.stringify(value));

    it('are the embedded rehearsal KMS and no profile at first', () => {
      expect(open().get().aws).toEqual(DEFAULT_AWS_SETTINGS);
      expect(DEFAULT_AWS_SETTINGS.rehearsalKms).toBe('embedded');
    });

    it('have their defaults in a file of an older version, which is not damaged by that', () => {
      keep(older);
      const settings = open();
      expect(settings.damaged).toBeNull();
      expect(settings.get()).toMatchObject({ ...older, aws: DEFAULT_AWS_SETTINGS });
    });

    it('are kept', () => {
      const aws = {
        ...DEFAULT_AWS_SETTINGS,
        region: 'eu-west-1',
        profiles: { ...DEFAULT_AWS_SETTINGS.profiles, operator: 'op' },
      };
      open().change({ aws });
      expect(open().get().aws).toEqual(aws);
    });

    it.each([
      ['a Region that is none', { region: 'Frankfurt' }],
      ['a member nobody knows', { secretAccessKey: 'x' }],
      ['a profile with a line break', { profiles: { ...DEFAULT_AWS_SETTINGS.profiles, user: 'a\nb' } }],
    ])('are refused with the file when they hold %s', (_, wrong) => {
      keep({ ...older, aws: { ...DEFAULT_AWS_SETTINGS, ...wrong } });
      expect(open().damaged).not.toBeNull();
    });
  });
});

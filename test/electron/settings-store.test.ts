import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
});

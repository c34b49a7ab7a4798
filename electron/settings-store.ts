import { hostname } from 'node:os';
import { z } from 'zod';
import { awsSettings, DEFAULT_AWS_SETTINGS } from '../core/contract/aws-settings';
import type { Settings } from '../core/contract/values';
import { openJsonFile } from './json-file';

/** What is kept of the settings; the rest of `Settings` follows from it. */
const storedSettings = z.strictObject({
  appearance: z.enum(['system', 'light', 'dark']),
  station: z.strictObject({ id: z.string().regex(/^[A-Za-z0-9-]{1,40}$/), kind: z.enum(['online', 'offline']) }),
  profile: z.string().min(1).max(40),
  modulePath: z.string().max(4096),
  token: z.strictObject({ serial: z.string().max(16), label: z.string().max(32) }).nullable(),
  mirror: z.string().max(4096),
  /** not in files of older versions */
  aws: awsSettings.default(DEFAULT_AWS_SETTINGS),
  /** once: that the app stays in the tray while its proxy runs */
  toldOfTray: z.boolean().default(false),
});

export type StoredSettings = z.infer<typeof storedSettings>;

export interface SettingsStore {
  readonly get: () => Settings;
  readonly toldOfTray: () => boolean;
  /** Changes some, writes all, tells the listener. */
  readonly change: (some: Partial<StoredSettings>) => Settings;
  readonly damaged: string | null;
}

/** A name for the station that people recognise and that fits everywhere. */
function stationName(): string {
  return (
    hostname()
      .replace(/[^A-Za-z0-9-]+/g, '-')
      .slice(0, 40) || 'station'
  );
}

/** A station starts as a rehearsal: SoftHSM, no module picked, no token chosen. */
function defaults(): StoredSettings {
  return {
    appearance: 'system',
    station: { id: stationName(), kind: 'online' },
    profile: 'softhsm',
    modulePath: '',
    token: null,
    mirror: '',
    aws: DEFAULT_AWS_SETTINGS,
    toldOfTray: false,
  };
}

export function openSettings(path: string, evidenceFolder: string, onChange: (settings: Settings) => void): SettingsStore {
  const file = openJsonFile(path, storedSettings, defaults());
  const get = (): Settings => {
    const { toldOfTray: _, ...stored } = file.value();
    return { ...stored, embeddedToken: stored.profile === 'softhsm' && stored.modulePath === '', evidenceFolder };
  };
  return {
    get,
    toldOfTray: () => file.value().toldOfTray,
    change: (some) => {
      file.save({ ...file.value(), ...some });
      onChange(get());
      return get();
    },
    damaged: file.damaged,
  };
}

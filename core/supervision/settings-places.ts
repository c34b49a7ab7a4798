import { join } from 'node:path';
import { defaultStateFolder } from '../control/state-folder';
import { glanceAtSettings, type SettingsGlance } from './settings-glance';

export interface SettingsPlaces {
  /** null: there is no settings file */
  readonly glance: SettingsGlance | null;
  /** the state folder and that of the audit log, as a proxy with these settings and this environment would have them */
  readonly state: string;
  readonly audit: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** `environment` is asked only where the settings name no state folder. */
export async function settingsPlaces(
  settingsFile: string,
  environment: () => Environment | Promise<Environment>,
): Promise<SettingsPlaces> {
  const glance = await glanceAtSettings(settingsFile);
  const state = glance?.state?.folder ?? defaultStateFolder(await environment());
  return { glance, state, audit: glance?.audit?.folder ?? join(state, 'audit') };
}

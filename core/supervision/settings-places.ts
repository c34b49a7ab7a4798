import { dirname, join } from 'node:path';
import { chosenFolder } from '../control/chosen-folder';
import { defaultStateFolder } from '../control/state-folder';
import { glanceAtSettings, type SettingsGlance } from './settings-glance';

export interface SettingsPlaces {
  /** null: there is no settings file */
  readonly glance: SettingsGlance | null;
  /** false: the settings are not there, or cannot be read as far as the state folder; `state` is then where a set-up would have put it */
  readonly isNamed: boolean;
  /** the state folder and that of the audit log, as a proxy with these settings and this environment would have them */
  readonly state: string;
  readonly audit: string;
  /** where the state folder is when settings name none; '' where the environment tells no home */
  readonly fallback: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

export async function settingsPlaces(
  settingsFile: string,
  environment: () => Environment | Promise<Environment>,
): Promise<SettingsPlaces> {
  const env = await environment();
  const [glance, named] = await Promise.all([
    glanceAtSettings(settingsFile),
    chosenFolder({ state: '', config: settingsFile, env }),
  ]);
  const state = named.ok ? named.value : join(dirname(settingsFile), 'state');
  const audit = glance?.audit?.folder ?? join(state, 'audit');
  return { glance, isNamed: named.ok, state, audit, fallback: defaultStateFolder(env) };
}

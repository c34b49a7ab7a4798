import { dirname, isAbsolute, join } from 'node:path';
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
  /** Where the state folder is when settings name none; '' where the environment tells no home. */
  readonly fallback: () => Promise<string>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** `environment` is asked only where the settings name no state folder: a kill must not wait for it, or fail with it. */
export async function settingsPlaces(
  settingsFile: string,
  environment: () => Environment | Promise<Environment>,
): Promise<SettingsPlaces> {
  const glance = await glanceAtSettings(settingsFile);
  const places = (state: string, isNamed: boolean): SettingsPlaces => ({
    glance,
    isNamed,
    state,
    audit: glance?.audit?.folder ?? join(state, 'audit'),
    fallback: async () => defaultStateFolder(await environment()),
  });
  const told = glance?.state?.folder ?? '';
  if (isAbsolute(told)) return places(told, true);
  // what is wrong elsewhere in them does not matter here
  const named = await chosenFolder({ state: '', config: settingsFile, env: await environment() });
  return named.ok ? places(named.value, true) : places(join(dirname(settingsFile), 'state'), false);
}

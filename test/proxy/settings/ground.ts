import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readSettings, type SettingsAnswer } from '../../../proxy/settings/read';
import type { Settings, SettingsRemark } from '../../../proxy/settings/settings';

export const PROFILES_FOLDER = resolve(import.meta.dirname, '../../../resources/profiles');

/** Reads `text` as a settings file of mode 0600 that is gone afterwards. */
export async function read(
  text: string | Uint8Array,
  env: Readonly<Record<string, string>> = { HOME: '/home/operator' },
  mode = 0o600,
): Promise<SettingsAnswer> {
  const folder = mkdtempSync(join(tmpdir(), 'keyrite-settings-'));
  try {
    const file = join(folder, 'settings.toml');
    writeFileSync(file, text, { mode });
    return await readSettings(file, { env, profilesFolder: PROFILES_FOLDER });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export async function settingsOf(text: string, env?: Readonly<Record<string, string>>): Promise<Settings> {
  const answer = await read(text, env);
  if (!answer.ok) throw new Error(JSON.stringify(answer.remarks, null, 2));
  return answer.settings;
}

/** The remarks of one severity, `key: problem | remedy`. */
export async function remarksOf(
  severity: SettingsRemark['severity'],
  text: string | Uint8Array,
  env?: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const { remarks } = await read(text, env);
  return remarks.filter((each) => each.severity === severity).map(({ key, problem, remedy }) => `${key}: ${problem} | ${remedy}`);
}

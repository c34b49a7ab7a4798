import { failure } from '../contract/result';
import type { Act } from '../control/act';
import type { KillEnd } from '../control/kill';
import { makeOwnFolder } from '../control/own-folder';
import { pullEvery } from './pull-every';
import type { SettingsPlaces } from './settings-places';

/** Where the settings lead, and every state folder they named since our process was started: it may run with any of them. */
export interface RunPlaces {
  readonly now: () => Promise<SettingsPlaces>;
  /** A process is about to be started with this state folder. @param isFirst none of ours runs */
  readonly startsWith: (state: string, isFirst: boolean) => void;
  /** Never rejects. */
  readonly kill: (act: Act) => Promise<KillEnd>;
}

export function runPlaces(look: () => Promise<SettingsPlaces>, isAlive: () => boolean): RunPlaces {
  const stateFolders = new Set<string>();

  async function now(): Promise<SettingsPlaces> {
    const found = await look();
    if (found.glance !== null && isAlive()) stateFolders.add(found.state);
    return found;
  }

  async function kill(act: Act): Promise<KillEnd> {
    const { glance, state } = await now();
    // A proxy that never ran has no folder yet; its first start shall come up killed all the same.
    if (glance !== null) await makeOwnFolder(state);
    // Settings that were changed or spoilt underneath lead elsewhere than the process that runs: it is killed where it runs as
    // well, or the kill would be gone as soon as they are mended.
    const folders = new Set(stateFolders);
    if (glance !== null || folders.size === 0) folders.add(state);
    return pullEvery(folders, act);
  }

  return {
    now,
    startsWith: (state, isFirst) => {
      if (isFirst) stateFolders.clear();
      stateFolders.add(state);
    },
    kill: (act) =>
      kill(act).catch((error: unknown): KillEnd => {
        const fault = error instanceof Error ? error.name : typeof error;
        return { how: 'failed', error: failure('proxy.fault', { verb: 'kill', fault }).error };
      }),
  };
}

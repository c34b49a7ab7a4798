import { join } from 'node:path';
import { failure } from '../contract/result';
import type { Act } from '../control/act';
import type { KillEnd } from '../control/kill';
import { makeOwnFolder } from '../control/own-folder';
import { gravest, isReached, pullEvery } from './pull-every';
import type { SettingsPlaces } from './settings-places';

/** Where the settings lead, and every state folder they named since our process was started: it may run with any of them. */
export interface RunPlaces {
  /** Where nobody can read the settings, the state folder that a proxy of ours had last. */
  readonly now: () => Promise<SettingsPlaces>;
  /** A process is about to be started with this state folder. @param isFirst none of ours runs */
  readonly startsWith: (state: string, isFirst: boolean) => void;
  /** Never rejects. */
  readonly kill: (act: Act) => Promise<StationKill>;
}

/** State folders that were tried because nobody could tell which one is meant. */
export interface Guess {
  readonly reached: readonly string[];
  readonly missed: readonly string[];
}

/** How the kill of a station's proxy went; `guess` null: it was known which one that is. */
export type StationKill = KillEnd & { readonly guess: Guess | null };

interface RunParts {
  readonly look: () => Promise<SettingsPlaces>;
  readonly isAlive: () => boolean;
  /** the state folder of the last start, also of an earlier program here; '' where it is not known */
  readonly remembered: () => Promise<string>;
}

export function runPlaces({ look, isAlive, remembered }: RunParts): RunPlaces {
  const stateFolders = new Set<string>();

  async function now(): Promise<SettingsPlaces> {
    const found = await look();
    if (found.isNamed) {
      if (isAlive()) stateFolders.add(found.state);
      return found;
    }
    const known = [...stateFolders].at(-1) ?? (await remembered());
    if (known === '') return found;
    stateFolders.add(known);
    return { ...found, state: known, audit: join(known, 'audit') };
  }

  async function kill(act: Act): Promise<StationKill> {
    const { isNamed, state, fallback } = await now();
    // A proxy that never ran has no folder yet; its first start shall come up killed all the same.
    if (isNamed) await makeOwnFolder(state);
    // Settings that were changed or spoilt underneath lead elsewhere than the process that runs: it is killed where it runs as
    // well, or the kill would be gone as soon as they are mended.
    const folders = new Set(stateFolders);
    if (isNamed) folders.add(state);
    // Nobody knows which one: each that it may be, for a kill that misses is worse than one too many. Who pulled it is told.
    const isGuess = folders.size === 0;
    const tried = isGuess ? [...new Set([state, await fallback()])].filter((folder) => folder !== '') : [...folders];
    const ends = await pullEvery(tried, act);
    const those = (wanted: boolean): string[] =>
      tried.filter((_, i) => {
        const end = ends[i];
        return end !== undefined && isReached(end) === wanted;
      });
    return { ...gravest(ends), guess: isGuess ? { reached: those(true), missed: those(false) } : null };
  }

  return {
    now,
    startsWith: (state, isFirst) => {
      if (isFirst) stateFolders.clear();
      stateFolders.add(state);
    },
    kill: (act) =>
      kill(act).catch((error: unknown): StationKill => {
        const fault = error instanceof Error ? error.name : typeof error;
        return { how: 'failed', error: failure('proxy.fault', { verb: 'kill', fault }).error, guess: null };
      }),
  };
}

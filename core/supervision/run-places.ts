import { join } from 'node:path';
import { failure } from '../contract/result';
import type { Act } from '../control/act';
import type { KillEnd } from '../control/kill';
import { makeOwnFolder } from '../control/own-folder';
import { within } from '../control/within';
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

/** What was pulled, how each ended, in this order, and whether that was a guess. */
interface Pulled {
  readonly tried: readonly string[];
  readonly ends: readonly KillEnd[];
  readonly isGuess: boolean;
}

/** How long a kill waits for the settings before it goes by what is known without them, ms. */
const LOOK_MS = 300;

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

  /** A proxy that never ran has no folder yet; its first start shall come up killed all the same. */
  async function pullNamed(state: string, act: Act): Promise<readonly KillEnd[]> {
    await makeOwnFolder(state);
    return pullEvery([state], act);
  }

  /** Where the look at the settings leads besides the folders that are being killed already. */
  async function pullFound(running: readonly string[], ended: Promise<readonly KillEnd[]>, act: Act): Promise<Pulled> {
    const looking = now();
    const inTime = await within(LOOK_MS, looking);
    if (inTime === null) {
      const last = running.length > 0 ? '' : await remembered();
      if (running.length > 0 || last !== '') {
        // it comes too late for the answer, and is killed all the same
        void looking
          .then(({ isNamed, state }) => (isNamed && state !== last ? pullNamed(state, act) : []))
          .catch(() => undefined);
        const tried = last === '' ? [] : [last];
        return { tried, ends: await pullEvery(tried, act), isGuess: false };
      }
    }
    const { isNamed, state, fallback } = inTime?.value ?? (await looking);
    if (isNamed) {
      const before = running.includes(state) ? (await ended)[running.indexOf(state)] : undefined;
      if (before !== undefined && isReached(before)) return { tried: [], ends: [], isGuess: false };
      return { tried: [state], ends: await pullNamed(state, act), isGuess: false };
    }
    // Nobody knows which one: each that it may be, for a kill that misses is worse than one too many. Who pulled it is told.
    const isGuess = stateFolders.size === 0;
    const likely = isGuess ? [state, await fallback()].filter((folder) => folder !== '') : stateFolders;
    const tried = [...new Set(likely)].filter((folder) => !running.includes(folder));
    return { tried, ends: await pullEvery(tried, act), isGuess };
  }

  async function kill(act: Act): Promise<StationKill> {
    // Where our process runs is known without the settings, which may be changed, spoilt, or on a disk that does not answer: it is
    // killed there first. Settings that lead elsewhere are followed as well, or the kill would be gone as soon as they are mended.
    const running = [...stateFolders];
    const ended = pullEvery(running, act);
    const [first, found] = await Promise.all([ended, pullFound(running, ended, act)]);
    const ends = [...first, ...found.ends];
    const those = (wanted: boolean): string[] =>
      found.tried.filter((_, i) => {
        const end = found.ends[i];
        return end !== undefined && isReached(end) === wanted;
      });
    return { ...gravest(ends), guess: found.isGuess ? { reached: those(true), missed: those(false) } : null };
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

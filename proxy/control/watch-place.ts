import { lstat } from 'node:fs/promises';
import { errnoOf } from '../../core/pack/disk-failure';

const EVERY_MS = 1000;

export interface PlaceWatch {
  readonly close: () => void;
}

/**
 * Looks every second whether these files are still the ones that lie there now: the lock and the control socket. Without them
 * `keyrite kill` finds nobody, says that no proxy runs, and this one would serve on; another proxy could start beside it. An error of
 * the disk says nothing about them and is passed over.
 * @param onLost called once, with the path
 */
export async function watchPlace(
  paths: readonly string[],
  onLost: (path: string) => void,
  everyMs = EVERY_MS,
): Promise<PlaceWatch> {
  const known = await Promise.all(paths.map(async (path) => ({ path, mark: await markOf(path) })));
  let isOver = false;
  let isLooking = false;
  const look = async (): Promise<void> => {
    for (const { path, mark } of known) {
      const now = await markOf(path).catch(() => mark);
      if (isOver || now === mark) continue;
      close();
      onLost(path);
    }
  };
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    void look().finally(() => (isLooking = false));
  }, everyMs);
  timer.unref();
  const close = (): void => {
    isOver = true;
    clearInterval(timer);
  };
  return { close };
}

/** '' where nothing lies there. Rejects with the system's error. */
async function markOf(path: string): Promise<string> {
  try {
    const { dev, ino } = await lstat(path);
    return `${dev}:${ino}`;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return '';
    throw error;
  }
}

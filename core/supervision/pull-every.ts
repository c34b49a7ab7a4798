import type { Act } from '../control/act';
import { pullKillSwitch, type KillEnd } from '../control/kill';
import { unkeptOf } from './unkept';

/** The better an end is, the more it counts: a process that was ended, or none that ran, says less than one that did it itself. */
const WORTH: Readonly<Record<KillEnd['how'], number>> = { failed: 0, notRunning: 1, forced: 2, acknowledged: 3 };

/** Was there a proxy, or a latch for its next start? Where there is no folder no proxy ever ran. */
export function isReached(end: KillEnd): boolean {
  return end.how !== 'failed' || end.error.code !== 'proxy.notRunning';
}

/** The end that says what is left to do: one whose latch may not hold, else the one of the process that ran. */
export function gravest(ends: readonly KillEnd[]): KillEnd {
  // where none was reached, nothing was killed
  const real = ends.filter(isReached);
  const [first, ...rest] = real.length > 0 ? real : ends;
  if (first === undefined) throw new RangeError('Nothing was killed.');
  const all = [first, ...rest];
  return all.find((end) => unkeptOf(end) !== null) ?? all.reduce((best, end) => (WORTH[end.how] > WORTH[best.how] ? end : best));
}

/** The kill switch of each of these state folders at once. @returns how each went, in this order */
export function pullEvery(stateFolders: readonly string[], act: Act): Promise<readonly KillEnd[]> {
  return Promise.all(stateFolders.map((folder) => pullKillSwitch(folder, act)));
}

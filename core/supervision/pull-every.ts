import type { Act } from '../control/act';
import { pullKillSwitch, type KillEnd } from '../control/kill';
import { unkeptOf } from './unkept';

/** The better an end is, the more it counts: a process that was ended, or none that ran, says less than one that did it itself. */
const WORTH: Readonly<Record<KillEnd['how'], number>> = { failed: 0, notRunning: 1, forced: 2, acknowledged: 3 };

/** The end that says what is left to do: one whose latch may not hold, else the one of the process that ran. */
export function gravest(ends: readonly KillEnd[]): KillEnd {
  // where there is no folder no proxy ran; where that is true of all, nothing was killed
  const real = ends.filter((end) => end.how !== 'failed' || end.error.code !== 'proxy.notRunning');
  const [first, ...rest] = real.length > 0 ? real : ends;
  if (first === undefined) throw new RangeError('Nothing was killed.');
  const all = [first, ...rest];
  return all.find((end) => unkeptOf(end) !== null) ?? all.reduce((best, end) => (WORTH[end.how] > WORTH[best.how] ? end : best));
}

/** The kill switch of each of these state folders at once. */
export async function pullEvery(stateFolders: ReadonlySet<string>, act: Act): Promise<KillEnd> {
  return gravest(await Promise.all([...stateFolders].map((folder) => pullKillSwitch(folder, act))));
}

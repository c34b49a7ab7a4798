import { errnoOf } from '../pack/disk-failure';
import type { Act } from './act';
import { latchDisk, type LatchReading } from './latch-disk';
import { spoilLatch } from './latch-fallback';
import { latchBytes, pulledAgain, type LatchRecord } from './latch-record';
import { latchPath } from './place';

/** What became of a latch file that was written without a proxy. `isKept`: the next start surely comes up killed. */
export interface OfflineKill {
  readonly isKept: boolean;
  /** a sentence for people where something is odd, else '' */
  readonly problem: string;
}

/**
 * Makes the latch file say killed, past the proxy: it does not run, or hangs. Keeps the blocks, who killed it first, and
 * who pulled after that: the next start has them recorded. A file that counts as killed because it cannot be used is left as it is: it may be evidence.
 */
export async function killOffline(stateFolder: string, act: Act, now: Date): Promise<OfflineKill> {
  const disk = latchDisk(latchPath(stateFolder));
  const reading = await disk.read();
  if (reading.kind === 'unusable' && !reading.mayPass)
    return { isKept: true, problem: `The latch file ${reading.problem}. It counts as killed, and was left as it is.` };
  const bytes = latchBytes(killed(reading, act, now));
  try {
    await disk.replace(bytes);
    return { isKept: true, problem: reading.kind === 'unusable' ? `The old latch file ${reading.problem}.` : '' };
  } catch (error) {
    const restart = await spoilLatch(disk, bytes, false);
    const problem = restart === 'same' ? '' : `The latch file could not be written (${errnoOf(error) || String(error)}).`;
    return { isKept: restart !== 'unknown', problem };
  }
}

function killed(reading: LatchReading, { who, why }: Act, now: Date): LatchRecord {
  const old = reading.kind === 'read' ? reading.record : null;
  const pull = { by: who, why, at: now.toISOString() };
  if (old?.state === 'killed') return pulledAgain(old, pull);
  return { version: 1, state: 'killed', ...pull, blocks: old?.blocks ?? [] };
}

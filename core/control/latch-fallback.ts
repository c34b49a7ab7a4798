import type { LatchDisk, LatchReading } from './latch-disk';
import { EMPTY_LATCH } from './latch-record';
import type { AfterRestart } from '../contract/latch-state';

/**
 * A kill could not be written the regular way (no room, no permission). Tries to make the file say killed, or nothing, by means
 * that need less: over the old content, emptied, and gone, where a missing latch counts as lost. Each counts only when it is on the
 * medium and reads back as what it should be: an error of reading (no file descriptor left) would be gone at the next start.
 * @param isMissingKilled the audit log has lines, so a start without a latch file comes up killed
 */
export async function spoilLatch(disk: LatchDisk, killed: Uint8Array, isMissingKilled: boolean): Promise<AfterRestart> {
  if (await worked(disk, () => disk.overwrite(killed), saysKilled)) return 'same';
  if (await worked(disk, disk.empty, (reading) => reading.kind === 'unusable' && reading.problem === EMPTY_LATCH))
    return 'killed';
  if (!isMissingKilled) return 'unknown';
  return (await worked(disk, disk.remove, (reading) => reading.kind === 'missing')) ? 'killed' : 'unknown';
}

function saysKilled(reading: LatchReading): boolean {
  return reading.kind === 'read' && reading.record.state === 'killed';
}

async function worked(disk: LatchDisk, attempt: () => Promise<void>, isSo: (reading: LatchReading) => boolean): Promise<boolean> {
  try {
    await attempt();
    return isSo(await disk.read());
  } catch {
    return false; // the next means asks less of the disk
  }
}

import { plainText } from '../../core/control/act';
import { errnoOf } from '../../core/pack/disk-failure';
import type { LatchDisk } from '../../core/control/latch-disk';
import { latchBytes, type LatchRecord } from '../../core/control/latch-record';
import type { AfterRestart } from '../../core/contract/latch-state';

/** What the proxy comes up as. */
export interface Beginning {
  readonly record: LatchRecord;
  /** '' or why it is killed without the file saying so */
  readonly problem: string;
  readonly restart: AfterRestart;
}

const OURSELVES = 'keyrite';

/** See `openLatch`. A file that cannot be used is left as it is: it may be evidence of what happened to it. */
export async function beginning(disk: LatchDisk, hasHistory: boolean, now: () => number): Promise<Beginning> {
  const reading = await disk.read();
  const at = new Date(now()).toISOString();
  switch (reading.kind) {
    case 'read':
      return { record: reading.record, problem: '', restart: 'same' };
    case 'unusable':
      return killedBy(`The latch file ${reading.problem}.`, at, reading.mayPass ? 'unknown' : 'killed');
    case 'missing':
      return hasHistory
        ? killedBy('The latch file is lost: the audit log has lines, and no latch is there.', at, 'killed')
        : first(disk, at);
  }
}

function killedBy(problem: string, at: string, restart: AfterRestart): Beginning {
  return { record: { version: 1, state: 'killed', by: OURSELVES, why: plainText(problem), at, blocks: [] }, problem, restart };
}

/** Where the latch cannot be written now, a kill could not be kept later: so it does not come up armed. */
async function first(disk: LatchDisk, at: string): Promise<Beginning> {
  const record: LatchRecord = { version: 1, state: 'armed', by: OURSELVES, why: 'first start', at, blocks: [] };
  try {
    await disk.replace(latchBytes(record));
    return { record, problem: '', restart: 'same' };
  } catch (error) {
    return killedBy(`The latch file cannot be written (${errnoOf(error) || String(error)}).`, at, 'unknown');
  }
}

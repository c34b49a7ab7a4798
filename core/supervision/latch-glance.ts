import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LatchState } from '../contract/latch-state';
import type { ProxySnapshot } from '../contract/proxy-values';
import { latchDisk } from '../control/latch-disk';
import { latchPath } from '../control/place';
import { errnoOf } from '../pack/disk-failure';

type LatchShown = ProxySnapshot['latch'];

export const NO_LATCH: LatchShown = { state: 'armed', by: '', why: '', at: '', problem: '' };

function unknown(problem: string): LatchShown {
  return { state: 'unknown', by: '', why: '', at: '', problem };
}

export function latchOfRunning({ killed, by, why, at, problem }: LatchState): LatchShown {
  return { state: killed ? 'killed' : 'armed', by, why, at, problem };
}

/** Has an audit log been kept here? Then a latch that is missing was lost, and the proxy comes up killed. */
async function hasHistory(auditFolder: string): Promise<boolean> {
  try {
    const names = (await readdir(auditFolder)).filter((name) => name !== 'lock');
    const sizes = await Promise.all(names.map((name) => stat(join(auditFolder, name)).then(({ size }) => size)));
    return sizes.some((size) => size > 0);
  } catch (error) {
    return errnoOf(error) !== 'ENOENT' && errnoOf(error) !== 'ENOTDIR';
  }
}

/** The latch of a proxy that does not run, as its next start would read it. Whatever is not surely armed is `unknown`, and counts as killed. */
export async function latchOnDisk(stateFolder: string, auditFolder: string): Promise<LatchShown> {
  const reading = await latchDisk(latchPath(stateFolder)).read();
  switch (reading.kind) {
    case 'read': {
      const { state, by, why, at } = reading.record;
      return { state, by, why, at, problem: '' };
    }
    case 'unusable':
      return unknown(`The latch file ${reading.problem}.`);
    case 'missing':
      return (await hasHistory(auditFolder))
        ? unknown('The latch file is lost: the audit log has lines, and no latch is there.')
        : NO_LATCH;
  }
}

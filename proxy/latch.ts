import type { Act } from '../core/control/act';
import { latchDisk, type LatchDisk } from '../core/control/latch-disk';
import type { LatchState } from '../core/contract/latch-state';
import { latchPath } from '../core/control/place';
import type { Result } from '../core/contract/result';
import type { HsmRules } from './hsm/port';
import { beginning } from './latch/beginning';
import { KeptLatch } from './latch/kept-latch';

/**
 * The kill switch and the blocks of single keys, in memory and in `latch.json`. What tightens (kill, block) takes effect at once,
 * in the call itself, and is written afterwards; what loosens (arm, unblock) is written first and takes effect when it is on the
 * medium. A promise that resolves `ok` says that a restart comes up the same (docs/decisions/0015).
 */
export interface Latch extends HsmRules {
  /** null: it may be used. Else InvalidStateException with reason `killed` or `blocked`. */
  readonly mayUse: HsmRules['mayUse'];
  /**
   * One more with each time that a person killed, or blocked this key (null: killed), changes nothing or not. Whoever is about to loosen
   * and has to wait for something first compares: somebody who tightened meanwhile was told that it is so.
   */
  readonly tightened: (key: string | null) => number;
  /** A new value after each change. */
  readonly state: () => LatchState;
  /**
   * Killed when this returns, not only when it resolves. `proxy.latchNotWritten` when the file could not be written as it should:
   * it is killed all the same, and `detail.restart` (`killed` or `unknown`) says what a restart would be.
   */
  readonly kill: (act: Act) => Promise<Result<null>>;
  /** `proxy.latchNotWritten`: still killed. `proxy.overtaken`: a kill came after it and counts. */
  readonly arm: (act: Act) => Promise<Result<null>>;
  /** Blocked when this returns. `proxy.latchNotWritten`: blocked, but maybe not after a restart. */
  readonly block: (key: string, act: Act) => Promise<Result<null>>;
  /** `proxy.latchNotWritten`: still blocked. `proxy.overtaken`: somebody blocked it meanwhile. Who and why is for the audit log. */
  readonly unblock: (key: string) => Promise<Result<null>>;
}

export interface LatchOptions {
  /** the audit log has lines, so this is no first start: a latch that is missing was lost */
  readonly hasHistory: boolean;
  /** milliseconds since 1970 */
  readonly now: () => number;
  /** for tests: a disk that fails */
  readonly disk?: LatchDisk;
}

/**
 * Reads the latch at boot. Armed only when the file says so beyond doubt (a file of ours, whole, of this version), or on a first
 * start, where it is then written; in every other case killed, with `problem` saying why. Needs the state folder's lock.
 */
export async function openLatch(stateFolder: string, options: LatchOptions): Promise<Latch> {
  const { hasHistory, now, disk = latchDisk(latchPath(stateFolder)) } = options;
  const kept = new KeptLatch(await beginning(disk, hasHistory, now), { hasHistory, now, disk });
  return {
    mayUse: (key) => kept.mayUse(key),
    tightened: (key) => kept.tightened(key),
    state: () => kept.state(),
    kill: (act) => kept.kill(act),
    arm: (act) => kept.arm(act),
    block: (key, act) => kept.block(key, act),
    unblock: (key) => kept.unblock(key),
  };
}

import { setTimeout as pause } from 'node:timers/promises';
import type { ProxyStatus } from '../contract/proxy-status';
import { failure, success, type Result } from '../contract/result';
import { isUp, type Supervisor } from './supervisor';

/** Loading a library, finding the token, logging in: how long a start waits for a session, ms. */
const SESSION_MS = 20_000;
const SETTLE_MS = 40;

/** Does nothing of ours run, or come up again by itself? */
export function isOver({ phase }: Supervisor): boolean {
  return phase === 'stopped' || phase === 'failed' || phase === 'attached';
}

export interface StartUnderWay {
  /** the process before; only one with a higher number counts */
  readonly before: number;
  /** for the failure of a process that is gone without a word */
  readonly folder: string;
  /** it is told, or was, to try a PIN that a person has just given: an older log-out is about to be forgotten */
  readonly isTryingFresh: () => boolean;
}

/**
 * Waits until a process serves, or nothing will. Errors: why the supervision gave up; `proxy.notRunning`, `proxy.loggedOut`,
 * `proxy.noSession`.
 */
export async function untilSettled(
  supervisor: Supervisor,
  { before, folder, isTryingFresh }: StartUnderWay,
): Promise<Result<ProxyStatus>> {
  await supervisor.until(() => isOver(supervisor) || (supervisor.phase === 'ready' && supervisor.starts > before));
  const until = performance.now() + SESSION_MS;
  for (;;) {
    if (isOver(supervisor)) return { ok: false, error: supervisor.problem ?? failure('proxy.notRunning', { folder }).error };
    const { status } = supervisor;
    if (status !== null && supervisor.phase === 'ready') {
      if (isUp(status)) return success(status);
      if (status.hsm.loggedOut !== 'no' && !isTryingFresh()) return failure('proxy.loggedOut');
      const isFound = status.hsm.condition !== 'starting' || status.hsm.problem === '';
      if (!isFound || performance.now() > until) return failure('proxy.noSession', { problem: status.hsm.problem });
    }
    supervisor.beat();
    await pause(SETTLE_MS);
  }
}

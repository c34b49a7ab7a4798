import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Failure } from '../contract/result';
import { lockHolder } from '../pack/lock';
import type { Act } from './act';
import { ask } from './ask';
import type { Answer } from './contract';
import { endProcess } from './end-process';
import { killOffline, type OfflineKill } from './offline-kill';
import { ownFolder } from './own-folder';
import { PLACE } from './place';
import { takeStateLock } from './state-lock';

/** How a kill went. */
export type KillEnd =
  /** the proxy did it itself */
  | { readonly how: 'acknowledged'; readonly answer: Answer<'kill'> }
  /** none runs; the latch was written for the next start */
  | { readonly how: 'notRunning'; readonly latch: OfflineKill }
  /** it did not answer, so its latch was written and its process ended; `problem` says why it is not gone, else '' */
  | { readonly how: 'forced'; readonly pid: number; readonly latch: OfflineKill; readonly problem: string }
  | { readonly how: 'failed'; readonly error: Failure };

export interface KillOptions {
  /** how long the proxy has to answer, ms */
  readonly answerMs: number;
  /** how long the disk has to take the latch before the process is ended without it, ms */
  readonly writeMs: number;
  readonly now: () => Date;
}

export const KILL_OPTIONS: KillOptions = { answerMs: 1_000, writeMs: 2_000, now: () => new Date() };

/** What makes one round not enough (a proxy that starts or ends in between) can hardly happen more often than this in a row. */
const ROUNDS = 4;
const BETWEEN_MS = 50;

/**
 * Pulls the kill switch of the proxy with this state folder, whatever state that proxy is in: asks it; where none runs, writes the
 * latch for the next start under the folder's lock; where one runs that does not answer, writes the latch and ends its process.
 */
export async function pullKillSwitch(stateFolder: string, act: Act, options: KillOptions = KILL_OPTIONS): Promise<KillEnd> {
  const folder = await ownFolder(stateFolder);
  if (!folder.ok) return { how: 'failed', error: folder.error };
  for (let round = 1; ; round++) {
    const end = await pull(folder.value, act, options);
    if (end !== 'again') return end;
    if (round === ROUNDS) return { how: 'failed', error: { code: 'proxy.notAnswering', detail: { folder: folder.value } } };
    await pause(BETWEEN_MS);
  }
}

async function pull(folder: string, act: Act, options: KillOptions): Promise<KillEnd | 'again'> {
  const asked = await ask(folder, { verb: 'kill', act }, { timeoutMs: options.answerMs });
  if (asked.ok) return { how: 'acknowledged', answer: asked.value };
  if (asked.error.code === 'proxy.notRunning') return withoutProxy(folder, act, options);
  return pastProxy(folder, act, options);
}

/** Under the lock, so that a proxy starting this moment reads what was written or does not start. */
async function withoutProxy(folder: string, act: Act, { now }: KillOptions): Promise<KillEnd | 'again'> {
  const lock = await takeStateLock(folder);
  if (!lock.ok && lock.error.code === 'proxy.alreadyRunning') return 'again';
  // a disk without room for a lock has none for a starting proxy's either, and may still take the latch over the old one
  const latch = await killOffline(folder, act, now());
  if (lock.ok) await lock.value.release();
  return { how: 'notRunning', latch };
}

/**
 * The latch first: whatever starts the process again must find it killed. But a disk that hangs must not keep the process alive. A
 * write of the process itself may have been under way and won, so the latch is looked at once more when it is gone.
 */
async function pastProxy(folder: string, act: Act, options: KillOptions): Promise<KillEnd | 'again'> {
  const { writeMs } = options;
  const at = options.now(); // once: it is one pull, written twice
  const holder = await lockHolder(join(folder, PLACE.lock)).catch(() => null);
  if (holder === null) return withoutProxy(folder, act, options);
  await intime(killOffline(folder, act, at), writeMs);
  const problem = await endProcess(holder);
  const latch = await intime(killOffline(folder, act, at), writeMs);
  return { how: 'forced', pid: holder.pid, latch, problem };
}

function intime(work: Promise<OfflineKill>, ms: number): Promise<OfflineKill> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve({ isKept: false, problem: 'The disk does not take the latch file.' }), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

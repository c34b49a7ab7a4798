import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { errnoOf } from '../pack/disk-failure';
import type { LockHolder } from '../pack/lock';
import { isAlive, isZombie, processStart } from '../pack/process-start';

/** A process that was sent SIGKILL is gone within milliseconds; one that waits for a device in the kernel is not. */
const GONE_MS = 5_000;
const LOOK_MS = 10;

/**
 * Ends the process that holds a lock, by SIGKILL, so that nothing in it can object. Only that process: its start time is compared
 * first, because its number may have been given to another one meanwhile.
 * @returns '' when it is gone, else why it is not, for people
 */
export async function endProcess({ pid, host, start }: LockHolder): Promise<string> {
  if (host !== hostname()) return `it runs on another machine or in another container (${host}), and cannot be ended from here`;
  if ((await processStart(pid)) !== start) return isAlive(pid) ? `process ${pid} is another one by now` : '';
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    return errnoOf(error) === 'ESRCH' ? '' : `process ${pid} may not be ended by this user (${errnoOf(error)})`;
  }
  const until = performance.now() + GONE_MS;
  while (performance.now() < until) {
    if (await isGone(pid, start)) return '';
    await pause(LOOK_MS);
  }
  return `process ${pid} was told to end, but is still there`;
}

async function isGone(pid: number, start: string): Promise<boolean> {
  return !isAlive(pid) || (await isZombie(pid)) || (await processStart(pid)) !== start;
}

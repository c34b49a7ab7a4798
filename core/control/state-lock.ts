import { join } from 'node:path';
import { failure, type Result } from '../contract/result';
import { takeLock, type Lock } from '../pack/lock';
import { PLACE } from './place';

/**
 * One proxy per state folder: two with one latch would contradict each other. Also taken by whoever writes the latch of a proxy
 * that is not running, so that none can start in between.
 * @returns `proxy.alreadyRunning` with the pid of the holder
 */
export async function takeStateLock(stateFolder: string): Promise<Result<Lock>> {
  const taken = await takeLock(join(stateFolder, PLACE.lock));
  if (taken.ok || taken.error.code !== 'ceremony.alreadyRunning') return taken;
  return failure('proxy.alreadyRunning', taken.error.detail);
}

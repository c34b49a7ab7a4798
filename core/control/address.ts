import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, success, type Result } from '../contract/result';
import { diskFailure } from '../pack/disk-failure';
import { PLACE } from './place';
import { LONGEST_STATE_FOLDER, socketFits } from './state-folder';

/**
 * Where the control channel of a state folder listens: `control.sock` in it, or a named pipe on Windows. Pipes there live in one
 * name space of all users, so the name is made of the lock file, which is new with each start and readable to its owner alone:
 * nobody else can listen there first and answer in the proxy's place.
 */
export async function controlAddress(stateFolder: string, platform: NodeJS.Platform = process.platform): Promise<Result<string>> {
  if (platform === 'win32') return pipeName(stateFolder);
  if (!socketFits(stateFolder)) return failure('proxy.pathTooLong', { folder: stateFolder, limit: LONGEST_STATE_FOLDER });
  return success(join(stateFolder, PLACE.socket));
}

async function pipeName(stateFolder: string): Promise<Result<string>> {
  const lock = join(stateFolder, PLACE.lock);
  try {
    const digest = createHash('sha256')
      .update(`${stateFolder}\n`)
      .update(await readFile(lock));
    return success(`\\\\.\\pipe\\keyrite-${digest.digest('hex')}`);
  } catch (error) {
    return diskFailure(error, lock);
  }
}

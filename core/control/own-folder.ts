import type { Stats } from 'node:fs';
import { chmod, mkdir, realpath, stat } from 'node:fs/promises';
import { failure, success, type Result } from '../contract/result';
import { diskFailure, errnoOf } from '../pack/disk-failure';
import { distrust } from './ownership';

/**
 * The real path of a state folder that exists and can be trusted. A link that leads to it is followed (systemd's DynamicUser= makes
 * one); what counts is the folder at its end.
 * @returns `proxy.notRunning` where there is none: no proxy ever ran with it; `proxy.foreign` where others could write to it
 */
export async function ownFolder(path: string): Promise<Result<string>> {
  try {
    const real = await realpath(path);
    return judge(real, await stat(real));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR')
      return failure('proxy.notRunning', { folder: path, reason: 'there is no such folder' });
    if (errnoOf(error) === 'EACCES' || errnoOf(error) === 'EPERM')
      return failure('proxy.foreign', { folder: path, reason: 'this user may not look into it' });
    return diskFailure(error, path);
  }
}

/** For the proxy itself: makes the folder where it is missing, and closes it to others (0700) where it is ours. */
export async function makeOwnFolder(path: string): Promise<Result<string>> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    const own = await ownFolder(path);
    if (own.ok) await chmod(own.value, 0o700);
    return own;
  } catch (error) {
    return diskFailure(error, path);
  }
}

function judge(folder: string, stats: Stats): Result<string> {
  const reason = stats.isDirectory() ? distrust(stats) : 'is not a folder';
  return reason === '' ? success(folder) : failure('proxy.foreign', { folder, reason });
}

import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, success, type Result } from '../../contract/result';
import { diskFailure, errnoOf } from '../../pack/disk-failure';

/** Folder on the BACK medium; in it one folder for each host, with a copy of its audit folder. */
const FOLDER = 'servers';
/** A host by its short or its whole name. */
const HOST = /^[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?$/;
/** AWS KMS is not served by more proxies than this; a medium with a million folders is no fleet's. */
const MOST_HOSTS = 64;

export interface HostFolder {
  readonly host: string;
  readonly folder: string;
}

/** The hosts whose logs lie on a medium, by name. `file.serverLogs`: there are none, or something else lies there. */
export async function hostsOn(medium: string): Promise<Result<readonly HostFolder[]>> {
  const top = join(medium, FOLDER);
  try {
    if (!(await lstat(top)).isDirectory()) return refused(FOLDER, 'This is not a folder.');
    const names = (await readdir(top)).toSorted();
    if (names.length === 0) return refused(FOLDER, 'There is no folder of a host in it.');
    if (names.length > MOST_HOSTS) return refused(FOLDER, `There are more than ${MOST_HOSTS} entries in it.`);
    for (const name of names) {
      const isFolder = (await lstat(join(top, name))).isDirectory();
      if (!isFolder || !HOST.test(name)) return refused(name, 'This is not a folder with the name of a host.');
    }
    return success(names.map((host) => ({ host, folder: join(top, host) })));
  } catch (error) {
    return errnoOf(error) === 'ENOENT' ? refused(FOLDER, 'There is no such folder on the medium.') : diskFailure(error, top);
  }
}

function refused(name: string, problem: string): Result<never> {
  return failure('file.serverLogs', { name, problem });
}

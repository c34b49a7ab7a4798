import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, success, type Result } from '../../contract/result';
import { diskFailure, errnoOf } from '../../pack/disk-failure';
import { isSideFile } from '../../pack/side-file';

/** A host by its short or its whole name. */
const HOST = /^[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?$/;
/** AWS KMS is not served by more proxies than this; a medium with a million folders is no fleet's. */
const MOST_HOSTS = 64;

/** `servers`: copies of audit folders; `settings`: what each host runs by. */
type HostsFolder = 'servers' | 'settings';

const REFUSALS = { servers: 'file.serverLogs', settings: 'file.serverSettings' } as const;

export interface HostFolder {
  readonly host: string;
  readonly folder: string;
}

/** The hosts of which something lies in a folder of the medium, one folder for each, by name. `file.serverLogs`, `file.serverSettings`: none, or something else lies there. */
export async function hostsOn(medium: string, folder: HostsFolder): Promise<Result<readonly HostFolder[]>> {
  const top = join(medium, folder);
  const refused = (name: string, problem: string) => failure(REFUSALS[folder], { name, problem });
  try {
    if (!(await lstat(top)).isDirectory()) return refused(folder, 'This is not a folder.');
    const entries = await readdir(top, { withFileTypes: true });
    const names = entries.filter((entry) => !(entry.isFile() && isSideFile(entry.name))).map(({ name }) => name);
    names.sort();
    if (names.length === 0) return refused(folder, 'There is no folder of a host in it.');
    if (names.length > MOST_HOSTS) return refused(folder, `There are more than ${MOST_HOSTS} entries in it.`);
    for (const name of names) {
      const isFolder = (await lstat(join(top, name))).isDirectory();
      if (!isFolder || !HOST.test(name)) return refused(name, 'This is not a folder with the name of a host.');
    }
    return success(names.map((host) => ({ host, folder: join(top, host) })));
  } catch (error) {
    return errnoOf(error) === 'ENOENT' ? refused(folder, 'There is no such folder on the medium.') : diskFailure(error, top);
  }
}

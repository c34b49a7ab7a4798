import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readLines } from '../../core/pack/lines';
import type { Authorizer } from './authorizer';
import { replayLog, type Replay } from './replay';

/** The files of an audit log in the order in which they were written; a file is taken as it is. */
async function logFiles(path: string): Promise<readonly string[]> {
  const place = await realpath(path);
  if (!(await stat(place)).isDirectory()) return [place];
  const names = await readdir(place);
  return names
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .map((name) => join(place, name));
}

const STOPPED = new Error('stopped');

/**
 * Replays an audit log, one file or a folder of them, line by line: memory does not grow with it. It may be one that a running
 * proxy still writes. Rejects with the system's error.
 * @returns null when `signal` was aborted
 */
export async function replayPath(
  path: string,
  authorizer: Authorizer,
  signal: { readonly aborted: boolean },
): Promise<Replay | null> {
  const replaying = replayLog(authorizer);
  const line = (text: string): void => {
    if (signal.aborted) throw STOPPED;
    replaying.line(text);
  };
  try {
    for (const file of await logFiles(path)) await readLines(file, { line, fault: replaying.fault });
  } catch (error) {
    if (error === STOPPED) return null;
    throw error;
  }
  return replaying.finished();
}

import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { pino } from 'pino';
import { success, type Result } from '../../core/contract/result';
import { diskFailure } from '../../core/pack/disk-failure';
import type { Settings } from '../settings/settings';
import { logPath } from './log-path';

/** Bytes that may wait for a slow reader; what is beyond is dropped. */
const WAITING_BYTES = 4 * 1024 * 1024;
const CLOSE_MS = 2000;

type Stream = ReturnType<typeof pino.destination>;

export interface LogTools {
  /** milliseconds since 1970 */
  readonly now: () => number;
  /** in place of the process's stdout; for tests */
  readonly stdout?: { readonly write: (line: string) => unknown };
}

export interface Sink {
  write(line: string): void;
  close(): Promise<void>;
}

/** Where lines go: stdout, a file that changes its name with the time (UTC), or both. */
export function openSink({ stdout, file }: Settings['log'], { now, stdout: given }: LogTools): Result<Sink> {
  let path = file === null ? '' : logPath(file, now());
  const problem = path === '' ? null : openingProblem(path);
  if (problem) return problem;
  const console = stdout && given === undefined ? stream(1) : null;
  const disk = path === '' ? null : stream(path);
  let isClosed = false;
  return success({
    write: (line) => {
      if (isClosed) return;
      if (stdout) (given ?? console)?.write(line);
      if (file === null || disk === null) return;
      const next = logPath(file, now());
      if (next !== path) disk.reopen(next);
      path = next;
      disk.write(line);
    },
    close: async () => {
      isClosed = true;
      await Promise.all([console, disk].filter((one) => one !== null).map(ended));
    },
  });
}

/** A log nobody can write is said at start, not found out at the first error. Its folder is made, as the AWS sample proxy does. */
function openingProblem(path: string): ReturnType<typeof diskFailure> | null {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openSync(path, 'a', 0o600));
    return null;
  } catch (error) {
    return diskFailure(error, path);
  }
}

function stream(dest: number | string): Stream {
  const opened = pino.destination({ dest, sync: false, mode: 0o600, maxLength: WAITING_BYTES });
  opened.on('error', () => undefined); // a full disk or a reader that left: the audit log and the metrics tell of trouble
  return opened;
}

function ended(one: Stream): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, CLOSE_MS);
    one.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    one.end();
  });
}

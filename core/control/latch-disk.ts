import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf } from '../pack/disk-failure';
import { READ_PLAIN, removeIfThere, replaceFile, syncFolder, UPDATE_PLAIN, writeAll } from '../pack/durable';
import { LATCH_SIZE_LIMIT, readLatchBytes, type LatchRecord } from './latch-record';
import { distrust } from './ownership';

/** What lies where the latch should be. `unusable` counts as killed, and `problem` ends the sentence "The latch file ...". */
export type LatchReading =
  | { readonly kind: 'read'; readonly record: LatchRecord }
  | { readonly kind: 'missing' }
  | {
      readonly kind: 'unusable';
      readonly problem: string;
      /** an error of reading, which may be gone next time */ readonly mayPass: boolean;
    };

/**
 * The latch file as a disk gives and takes it. Everything but `read` resolves when it is on the medium and rejects with the
 * system's error; tests have a disk that fails.
 */
export interface LatchDisk {
  readonly path: string;
  readonly read: () => Promise<LatchReading>;
  /** The file becomes `bytes` in one move: after a crash it is the old one or the new one. */
  readonly replace: (bytes: Uint8Array) => Promise<void>;
  /** The same without a second file, for a disk that has no room for one. A crash in the middle leaves neither. */
  readonly overwrite: (bytes: Uint8Array) => Promise<void>;
  readonly empty: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

export function latchDisk(path: string): LatchDisk {
  return {
    path,
    read: () => readLatch(path),
    replace: (bytes) => replaceFile(path, bytes),
    overwrite: (bytes) =>
      update(path, async (file) => {
        await writeAll(file, bytes, 0);
        await file.truncate(bytes.length);
      }),
    empty: () => update(path, (file) => file.truncate(0)),
    remove: async () => {
      await removeIfThere(path);
      await syncFolder(dirname(path));
    },
  };
}

async function update(path: string, change: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, UPDATE_PLAIN);
  try {
    await change(file);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** O_NONBLOCK, or a pipe with the latch's name would keep the proxy from ever starting. */
const READ_AT_ONCE = READ_PLAIN | (process.platform === 'win32' ? 0 : constants.O_NONBLOCK);

/** Never through a link, and what is judged is the file that was opened, not a name that may lead elsewhere a moment later. */
async function readLatch(path: string): Promise<LatchReading> {
  let file: FileHandle;
  try {
    file = await open(path, READ_AT_ONCE);
  } catch (error) {
    return refusedReading(error);
  }
  try {
    return await judge(file);
  } catch (error) {
    return unreadable(error);
  } finally {
    await file.close();
  }
}

function refusedReading(error: unknown): LatchReading {
  const errno = errnoOf(error);
  if (errno === 'ENOENT') return { kind: 'missing' };
  return errno === 'ELOOP' ? unusable('is a link') : unreadable(error);
}

function unusable(problem: string): LatchReading {
  return { kind: 'unusable', problem, mayPass: false };
}

function unreadable(error: unknown): LatchReading {
  return { kind: 'unusable', problem: `cannot be read (${errnoOf(error) || String(error)})`, mayPass: true };
}

async function judge(file: FileHandle): Promise<LatchReading> {
  const stats = await file.stat();
  if (!stats.isFile()) return unusable('is not a file');
  const problem = distrust(stats);
  if (problem !== '') return unusable(problem);
  if (stats.size > LATCH_SIZE_LIMIT) return unusable(`is damaged: it has ${stats.size} bytes`);
  const read = readLatchBytes(await file.readFile());
  return 'record' in read ? { kind: 'read', record: read.record } : unusable(read.problem);
}

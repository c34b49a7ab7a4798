import { constants } from 'node:fs';
import { open, rename, unlink, writeFile, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf } from './disk-failure';

/** Windows has no O_NOFOLLOW; links there need a privilege and are refused by name before a file is opened. */
const NO_FOLLOW = process.platform === 'win32' ? 0 : constants.O_NOFOLLOW;

/** Opens for reading, never through a link at the last place of the path. */
export const READ_PLAIN = constants.O_RDONLY | NO_FOLLOW;
/** Opens for reading and writing what exists, never through a link. */
export const UPDATE_PLAIN = constants.O_RDWR | NO_FOLLOW;
/** Makes a new file, refuses one that exists. */
export const CREATE_NEW = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | NO_FOLLOW;

/** Makes the entries of a folder durable: a synced file whose name is lost with the power is lost all the same. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return; // folders cannot be opened there; NTFS journals its names itself
  const folder = await open(path, constants.O_RDONLY);
  await folder.sync().finally(() => folder.close());
}

/** Writes all of `bytes` at `position`; one write(2) may take fewer than it is given. */
export async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

/** Writes a new file (mode 0600) and makes it durable. Rejects with EEXIST where it exists; a half-written one is removed again. */
export async function writeNewFile(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, CREATE_NEW, 0o600);
  try {
    await writeAll(file, bytes, 0);
    await file.sync();
  } catch (error) {
    await file.close();
    await removeIfThere(path);
    throw error;
  }
  await file.close();
  await syncFolder(dirname(path));
}

/**
 * Puts `bytes` at `path` in one move: readers see the old file or the whole new one. The part file lies beside it, and goes where this
 * fails: it may be half a secret.
 */
export async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const part = `${path}.part`;
  await removeIfThere(part);
  try {
    await writeFile(part, bytes, { flag: 'wx', mode: 0o600, flush: true });
    await rename(part, path);
  } catch (error) {
    await removeIfThere(part).catch(() => undefined); // the first refusal says more
    throw error;
  }
  await syncFolder(dirname(path));
}

export async function removeIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}

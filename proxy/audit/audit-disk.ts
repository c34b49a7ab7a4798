import { writeSync } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf } from '../../core/pack/disk-failure';
import { CREATE_NEW, removeIfThere, syncFolder, UPDATE_PLAIN, writeAll } from '../../core/pack/durable';

/** One open file of the audit log. Everything rejects with the system's error. */
export interface AuditFile {
  /** all of `bytes`, from `position` on */
  readonly write: (bytes: Uint8Array, position: number) => Promise<void>;
  readonly cut: (length: number) => Promise<void>;
  /** fdatasync: POSIX has it write the size as well */
  readonly sync: () => Promise<void>;
  /** Is it still the file of that name, and how long is it (bytes)? */
  readonly look: () => Promise<{ readonly isNamed: boolean; readonly size: number }>;
  readonly close: () => Promise<void>;
}

/** What the audit log needs of a disk; tests have one that fails. */
export interface AuditDisk {
  /** A new file, 0600, its name durable. Rejects with EEXIST where the name is taken. */
  readonly create: (path: string) => Promise<AuditFile>;
  readonly reopen: (path: string) => Promise<AuditFile>;
}

export const REAL_DISK: AuditDisk = {
  create: async (path) => {
    const file = await open(path, CREATE_NEW, 0o600);
    try {
      await syncFolder(dirname(path));
    } catch (error) {
      await file.close();
      await removeIfThere(path); // or its name would be taken at the next attempt
      throw error;
    }
    return auditFile(path, file);
  },
  reopen: async (path) => auditFile(path, await open(path, UPDATE_PLAIN)),
};

/** Batches up to this many bytes are written at once. */
const QUICK_BYTES = 32_768;
/** A write that took longer, in ms, is one the whole proxy waited for ... */
const QUICK_MS = 5;
/** ... and for so long, in ms, the disk is not trusted with another. */
const WARY_MS = 30_000;

/**
 * Into the page cache, which takes microseconds, while handing the write to another thread and being woken by it costs ten times as
 * much for each request. A disk that was slow once, or is syncing, gets its writes from another thread (docs/decisions/0018).
 */
function quickWriter(file: FileHandle): Pick<AuditFile, 'write' | 'sync'> {
  let waryUntil = 0;
  let isSyncing = false;
  const writeNow = (bytes: Uint8Array, position: number): void => {
    const began = performance.now();
    for (let at = 0; at < bytes.length; at += writeSync(file.fd, bytes, at, bytes.length - at, position + at));
    const ended = performance.now();
    if (ended - began > QUICK_MS) waryUntil = ended + WARY_MS;
  };
  return {
    write: async (bytes, position) => {
      if (isSyncing || bytes.length > QUICK_BYTES || performance.now() < waryUntil) return writeAll(file, bytes, position);
      writeNow(bytes, position);
    },
    sync: async () => {
      isSyncing = true;
      await file.datasync().finally(() => (isSyncing = false));
    },
  };
}

function auditFile(path: string, file: FileHandle): AuditFile {
  return {
    ...quickWriter(file),
    cut: (length) => file.truncate(length),
    look: async () => {
      const held = await file.stat();
      return { isNamed: await isNamed(path, held), size: held.size };
    },
    close: () => file.close(),
  };
}

/** Writing into a file whose folder was removed succeeds without a word, and the evidence would be gone with the process. */
async function isNamed(path: string, held: { readonly ino: number; readonly dev: number }): Promise<boolean> {
  try {
    const named = await stat(path);
    return named.ino === held.ino && named.dev === held.dev;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return false;
    throw error;
  }
}

import { lstat, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, type Result } from '../../core/contract/result';
import { AUDIT_LOCK } from '../../core/evidence/audit-name';
import { takeLock, type Lock } from '../../core/pack/lock';

/**
 * Makes the folder where it is missing (0700) and takes it for this process. Refuses one that is a link, belongs to another user
 * or lets others in: who can write there can end the log and begin another.
 */
export async function takeAuditFolder(folder: string): Promise<Result<Lock>> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const reason = await foreignness(folder);
  if (reason !== null) return failure('file.foreign', { path: folder, reason });
  const lock = await takeLock(join(folder, AUDIT_LOCK));
  if (lock.ok || lock.error.code !== 'ceremony.alreadyRunning') return lock;
  return failure('proxy.alreadyRunning', { ...lock.error.detail, path: folder });
}

async function foreignness(folder: string): Promise<string | null> {
  const { uid, mode, isFolder } = await lstat(folder).then((it) => ({ uid: it.uid, mode: it.mode, isFolder: it.isDirectory() }));
  if (!isFolder) return 'it is not a plain folder';
  if (process.getuid === undefined) return null; // Windows: access is by lists, not by mode
  if (uid !== process.getuid()) return `it belongs to user ${uid}, and this process is user ${process.getuid()}`;
  return (mode & 0o077) === 0 ? null : 'others have access to it: chmod 700';
}

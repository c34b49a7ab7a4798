import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AUDIT_LOCK, firstSeqIn } from '../evidence/audit-name';

export interface ListedFile {
  readonly name: string;
  readonly path: string;
  /** from its name; null for a single file with another name */
  readonly firstSeq: number | null;
}

export interface AuditListing {
  /** by first seq */
  readonly files: readonly ListedFile[];
  /** what does not belong there */
  readonly foreign: readonly string[];
  /** what does not belong there either, and does no harm */
  readonly letBe: readonly string[];
}

/**
 * The audit files at `path`, a folder or one file. Rejects with the system's error.
 * @param isLetBe names that do no harm in this folder
 */
export async function listAudit(path: string, isLetBe: (name: string) => boolean = () => false): Promise<AuditListing> {
  const isFolder = (await stat(path)).isDirectory();
  if (!isFolder) {
    const name = basename(path);
    return { files: [{ name, path, firstSeq: firstSeqIn(name) }], foreign: [], letBe: [] };
  }
  const files: ListedFile[] = [];
  const foreign: string[] = [];
  const letBe: string[] = [];
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const firstSeq = firstSeqIn(entry.name);
    if (firstSeq !== null && entry.isFile()) files.push({ name: entry.name, path: join(path, entry.name), firstSeq });
    else if (entry.isFile() && isLetBe(entry.name)) letBe.push(entry.name);
    else if (!isLock(entry.name)) foreign.push(entry.name);
  }
  files.sort((a, b) => (a.firstSeq ?? 0) - (b.firstSeq ?? 0));
  return { files, foreign: foreign.sort(), letBe: letBe.sort() };
}

/** The lock of the process that writes, and what taking one over from a dead process leaves for a moment. */
function isLock(name: string): boolean {
  return name === AUDIT_LOCK || name.startsWith(`${AUDIT_LOCK}.`);
}

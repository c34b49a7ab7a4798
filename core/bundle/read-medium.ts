import { constants } from 'node:fs';
import { lstat, open, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, success, type Result } from '../contract/result';
import { errnoOf } from '../pack/disk-failure';
import { READ_PLAIN } from '../pack/durable';
import { capOf, MANIFEST } from './layout';
import { foreignEntry, isSystemFolder } from './medium-entries';

/** The bytes of every file of a bundle's folder, each read once; nothing is understood yet. */
export interface MediumReading {
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** folders of the operating system that were let be, unopened */
  readonly tolerated: readonly string[];
}

/** A folder with more entries holds no bundle; a medium prepared with millions would keep a reader busy for hours. */
const MAX_ENTRIES = 40;

/** A pipe that takes a file's place after it was looked at must not keep the reader waiting. Windows knows neither. */
const READ_AT_ONCE = READ_PLAIN | (process.platform === 'win32' ? 0 : constants.O_NONBLOCK);

/** The names in a folder, sorted; not more than a bundle's folder can have, and one. Rejects with the system's error. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name } of await opendir(folder)) {
    names.push(name);
    if (names.length > MAX_ENTRIES) break;
  }
  return names.sort();
}

/**
 * Reads a bundle's folder strictly: plain files under fixed names, no links, no folders but the operating system's own, no file
 * larger than it can be. Everything is read into memory once, before anything is parsed, so that what was checked is what is used.
 * Errors: bundle.notFound, bundle.extraFile, bundle.tooLarge, bundle.damaged; `name` and `problem` say which and why.
 */
export async function readMedium(folder: string): Promise<Result<MediumReading>> {
  try {
    const names = await namesIn(folder);
    if (names.length > MAX_ENTRIES)
      return failure('bundle.extraFile', {
        name: folder,
        problem: `More than ${MAX_ENTRIES} entries lie in it: this is no bundle.`,
      });
    if (!names.includes(MANIFEST)) return withoutManifest(folder, names);
    return await readNames(folder, names);
  } catch (error) {
    return unreadable(error, folder);
  }
}

async function readNames(folder: string, names: readonly string[]): Promise<Result<MediumReading>> {
  const tolerated: string[] = [];
  const mine: string[] = [];
  for (const name of names) {
    const found = await lstat(join(folder, name));
    if (isSystemFolder(name) && found.isDirectory()) tolerated.push(name);
    else if (capOf(name) === null) return failure('bundle.extraFile', { name, problem: `${name} is ${foreignEntry(name)}` });
    else mine.push(name);
  }
  const files = new Map<string, Uint8Array>();
  for (const name of mine) {
    const bytes = await readPlainFile(join(folder, name), name, capOf(name) ?? 0);
    if (!bytes.ok) return bytes;
    files.set(name, bytes.value);
  }
  return success({ files, tolerated });
}

/**
 * One file, once: looked at before it is opened, and again when it is open, for it may have been exchanged in between. Errors:
 * bundle.damaged, bundle.tooLarge. Rejects with the system's error.
 */
export async function readPlainFile(path: string, name: string, maxBytes: number): Promise<Result<Uint8Array>> {
  const found = await lstat(path);
  if (found.isSymbolicLink()) return damaged(name, `${name} is a link. It could show other bytes tomorrow.`);
  if (!found.isFile()) return damaged(name, `${name} is not a plain file.`);
  const file = await open(path, READ_AT_ONCE);
  try {
    if (!(await file.stat()).isFile()) return damaged(name, `${name} was exchanged while it was being read.`);
    const bytes = new Uint8Array(maxBytes + 1);
    let length = 0;
    for (let read = 1; read > 0 && length <= maxBytes; length += read) {
      ({ bytesRead: read } = await file.read(bytes, length, bytes.length - length, null));
    }
    if (length > maxBytes) return failure('bundle.tooLarge', { name, problem: `${name} has more than ${maxBytes} bytes.` });
    return success(bytes.slice(0, length));
  } finally {
    await file.close();
  }
}

export function damaged(name: string, problem: string): Extract<Result<never>, { ok: false }> {
  return failure('bundle.damaged', { name, problem });
}

function withoutManifest(folder: string, names: readonly string[]): Result<never> {
  const rest = names.find((name) => capOf(name) !== null);
  if (rest === undefined) return failure('bundle.notFound', { folder, problem: `There is no ${MANIFEST} in it.` });
  return damaged(
    MANIFEST,
    `${MANIFEST} is missing, and ${rest} is there: the bundle was not written to its end, or the file was taken away.`,
  );
}

/** A medium that is not there, or does not let itself be read: whatever a broken one makes the system answer is expected. */
function unreadable(error: unknown, folder: string): Result<never> {
  const errno = errnoOf(error);
  if (!/^E[A-Z0-9]+$/.test(errno)) throw error;
  if (GONE.includes(errno))
    return failure('bundle.notFound', { folder, problem: 'There is no such folder, or the medium was taken out.', errno });
  if (errno === 'ELOOP') return damaged(folder, 'A link took the place of a file while it was being read.');
  return failure('bundle.damaged', { name: folder, problem: 'The medium cannot be read.', errno });
}

const GONE: readonly string[] = ['ENOENT', 'ENOTDIR', 'ENODEV', 'ENXIO', 'ENOMEDIUM', 'ESTALE'];

import { lstat, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { failure, success, type Result } from '../../contract/result';
import type { ServerFile } from '../../deployment/server-files';
import type { Outcome } from '../../keys/evidence';
import { diskFailure, errnoOf } from '../../pack/disk-failure';
import { UPDATE_PLAIN, writeAll, writeNewFile } from '../../pack/durable';
import { sha256Bytes } from '../../pack/sha256';
import { check, outcome } from './act';

/** A file for the servers. */
export interface OutFile {
  /** below the folder, with slashes */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly isSecret: boolean;
}

export function openFile({ path, text }: ServerFile): OutFile {
  return { name: path, bytes: new TextEncoder().encode(text), isSecret: false };
}

/** Writes the files into a new folder on the OUT medium and reads each again. The record has digests, of secrets none; secrets are overwritten. */
export async function putOut(medium: string, folder: string, files: readonly OutFile[]): Promise<Result<Outcome>> {
  const path = join(medium, folder);
  try {
    const written = await write(path, folder, files);
    if (!written.ok) return written;
    const differing = await differ(path, files);
    const wanted = 'every file reads back as written';
    return success(
      outcome({
        data: { files: files.map(({ name, bytes, isSecret }) => ({ name, sha256: isSecret ? '' : sha256Bytes(bytes) })) },
        checks: [check('CER-PROXY-FILES', differing === '', wanted, differing || wanted)],
        show: [
          {
            kind: 'table',
            title: `On the OUT medium, in ${folder}`,
            columns: ['File', 'Bytes', 'SHA-256'],
            rows: files.map(({ name, bytes, isSecret }) => [
              name,
              String(bytes.length),
              isSecret ? 'SECRET: in no record' : sha256Bytes(bytes),
            ]),
            empty: 'Nothing.',
          },
        ],
      }),
    );
  } finally {
    for (const { bytes, isSecret } of files) if (isSecret) bytes.fill(0);
  }
}

/**
 * A medium that has such a folder already is not written over: it may be another ceremony's. One that holds exactly this was written
 * by a try whose result was not recorded any more, and is done.
 */
async function write(folder: string, name: string, files: readonly OutFile[]): Promise<Result<null>> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') return diskFailure(error, folder);
    return (await isWritten(folder, files)) ? success(null) : failure('file.outFolder', { folder: name });
  }
  try {
    for (const { name: file, bytes } of files) {
      const path = pathOf(folder, file);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeNewFile(path, bytes);
    }
    return success(null);
  } catch (error) {
    // half of it is of no use, and may hold a secret already
    for (const { name: file, bytes, isSecret } of files)
      if (isSecret) await overwrite(pathOf(folder, file), bytes.length).catch(() => undefined);
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    return diskFailure(error, folder);
  }
}

function pathOf(folder: string, file: string): string {
  return join(folder, ...file.split('/'));
}

/** Nothing but these files lies there, each as it is to be. */
async function isWritten(folder: string, files: readonly OutFile[]): Promise<boolean> {
  const seen = await lstat(folder).catch(() => null);
  if (seen?.isDirectory() !== true) return false;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => null);
  const others = entries?.filter((entry) => !entry.isDirectory()) ?? [];
  if (others.length !== files.length || !others.every((entry) => entry.isFile())) return false;
  return (await differ(folder, files)) === '';
}

async function overwrite(path: string, length: number): Promise<void> {
  const file = await open(path, UPDATE_PLAIN);
  try {
    await writeAll(file, new Uint8Array(length), 0);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function differ(folder: string, files: readonly OutFile[]): Promise<string> {
  const wrong: string[] = [];
  for (const { name, bytes } of files) {
    const read = await readFile(pathOf(folder, name)).catch(() => null);
    if (read === null || !read.equals(bytes)) wrong.push(name);
    read?.fill(0);
  }
  return wrong.join(', ');
}

import { constants } from 'node:fs';
import { cp, lstat, mkdir, open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { failure, success, type Result } from '../core/contract/result';

/** The report of a pack: a plain file that begins as a PDF does, so that no viewer is handed anything else. */
export async function reportOf(pack: string): Promise<Result<string>> {
  const path = join(pack, 'report.pdf');
  const notThroughLinks = process.platform === 'win32' ? 0 : constants.O_NOFOLLOW;
  try {
    const file = await open(path, constants.O_RDONLY | notThroughLinks);
    try {
      const { buffer } = await file.read(new Uint8Array(5), 0, 5, 0);
      return new TextDecoder().decode(buffer) === '%PDF-' ? success(path) : failure('file.damaged', { file: 'report.pdf' });
    } finally {
      await file.close();
    }
  } catch (cause) {
    return failedFor(cause, 'report.pdf');
  }
}

function failedFor(cause: unknown, file: string): Result<never> {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return failure('file.notFound', { file });
  if (code === 'ELOOP') return failure('file.foreign', { file });
  if (code === 'EEXIST') return failure('file.exists', { file });
  if (code === 'ENOSPC') return failure('file.diskFull', { file });
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return failure('file.notWritable', { file });
  throw cause;
}

/** Copies a pack into `target` under its own name. An existing folder of that name is never written into. Answers the new folder. */
export async function copyPack(pack: string, target: string): Promise<Result<string>> {
  const name = basename(pack);
  const copy = join(target, name);
  try {
    await lstat(pack);
    await mkdir(copy);
    await cp(pack, copy, { recursive: true, errorOnExist: true, force: false, verbatimSymlinks: true });
    return success(copy);
  } catch (cause) {
    return failedFor(cause, name);
  }
}

import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, success, type Result } from '../../contract/result';
import { diskFailure } from '../../pack/disk-failure';
import { replaceFile } from '../../pack/durable';
import { sha256Bytes } from '../../pack/sha256';

/** Keeps what must stay on this station, e.g. an import token: a file of this user only, never in a pack. */
export async function keepPrivately(folder: string, name: string, bytes: Uint8Array): Promise<Result<null>> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await replaceFile(join(folder, name), bytes);
    return success(null);
  } catch (error) {
    return diskFailure(error, folder);
  }
}

/** Reads it back; `file.changedUnderneath` where it is not what the transcript says it was. */
export async function readPrivately(folder: string, name: string, sha256: string): Promise<Result<Uint8Array>> {
  const bytes = await readFile(join(folder, name)).catch(() => null);
  if (bytes === null) return failure('file.notFound', { file: name });
  return sha256Bytes(bytes) === sha256 ? success(new Uint8Array(bytes)) : failure('file.changedUnderneath', { file: name });
}

/** Takes all of it away, once the ceremony is sealed: until then a killed program may need it again. */
export async function forgetPrivately(folder: string): Promise<Result<null>> {
  return rm(folder, { recursive: true, force: true }).then(
    () => success(null),
    (error: unknown) => diskFailure(error, folder),
  );
}

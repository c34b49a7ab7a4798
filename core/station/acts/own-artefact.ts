import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, success, type Result } from '../../contract/result';
import { PACK } from '../../pack/layout';
import { sha256Bytes } from '../../pack/sha256';
import type { VerbName } from '../../ceremony/verbs';
import type { ActContext } from './act';

/**
 * A file that an earlier act of this ceremony made, as the transcript knows it.
 * `file.changedUnderneath` where the disk has something else under its name.
 */
export async function ownArtefact(
  { state, packFolder }: Pick<ActContext, 'state' | 'packFolder'>,
  operation: VerbName,
  index = 0,
): Promise<Result<Uint8Array>> {
  const reference = state.artefacts[operation]?.[index];
  if (reference === undefined) return failure('file.notFound', { operation, index });
  const path = join(packFolder, PACK.artefacts, reference.name);
  const bytes = await readFile(path).catch(() => null);
  if (bytes === null) return failure('file.notFound', { file: reference.name });
  return sha256Bytes(bytes) === reference.sha256
    ? success(new Uint8Array(bytes))
    : failure('file.changedUnderneath', { file: reference.name });
}

/** The first so many files of one act, in their order. */
export async function ownArtefacts(
  context: Pick<ActContext, 'state' | 'packFolder'>,
  operation: VerbName,
  count: number,
): Promise<Result<Uint8Array[]>> {
  const files: Uint8Array[] = [];
  for (let i = 0; i < count; i += 1) {
    const file = await ownArtefact(context, operation, i);
    if (!file.ok) return file;
    files.push(file.value);
  }
  return success(files);
}

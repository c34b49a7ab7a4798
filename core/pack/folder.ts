import { lstat, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, success, type Result } from '../contract/result';
import { ARTEFACT_NAME, type ArtefactReference } from '../evidence/artefact-name';
import { diskFailure, errnoOf } from './disk-failure';
import { removeIfThere, syncFolder, writeNewFile } from './durable';
import { CEREMONY_ID, PACK } from './layout';
import { fileDigest, sha256Bytes } from './sha256';

/**
 * Makes the folder of a new pack with the exact bytes of its script, readable by its owner only.
 * @param evidenceFolder exists already
 * @returns the folder's path; `file.exists` where this ceremony id was used before
 */
export async function createPack(evidenceFolder: string, ceremonyId: string, script: Uint8Array): Promise<Result<string>> {
  if (!CEREMONY_ID.test(ceremonyId)) return failure('input.pattern', { name: 'ceremonyId', pattern: CEREMONY_ID.source });
  const folder = join(evidenceFolder, ceremonyId);
  try {
    await mkdir(folder, { mode: 0o700 });
    await mkdir(join(folder, PACK.artefacts), { mode: 0o700 });
    await writeNewFile(join(folder, PACK.script), script);
    await syncFolder(evidenceFolder);
    return success(folder);
  } catch (error) {
    return diskFailure(error, folder);
  }
}

/**
 * Writes an artefact durably, before the event that refers to it. A name that is taken (the step was repeated) gets a number:
 * `template.json`, `template-2.json`. The event refers to it by the name that is answered here.
 */
export async function writeArtefact(folder: string, name: string, bytes: Uint8Array): Promise<Result<ArtefactReference>> {
  if (!ARTEFACT_NAME.test(name)) return failure('input.pattern', { name: 'artefact', pattern: ARTEFACT_NAME.source });
  for (let copy = 1; ; copy++) {
    const free = copy === 1 ? name : numbered(name, copy);
    const path = join(folder, PACK.artefacts, free);
    try {
      await writeNewFile(path, bytes);
      return success({ name: free, size: bytes.length, sha256: sha256Bytes(bytes) });
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') return diskFailure(error, path);
    }
  }
}

function numbered(name: string, copy: number): string {
  const dot = name.lastIndexOf('.');
  const [stem, end] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  return `${stem.slice(0, 81 - end.length - 4)}-${copy}${end}`;
}

/**
 * Takes away artefacts that no event refers to: the program died between writing the file and recording the event, so nobody was
 * ever told of them. Answers what went, for the record.
 */
export async function dropUnreferenced(
  folder: string,
  references: readonly ArtefactReference[],
): Promise<Result<readonly ArtefactReference[]>> {
  const kept = new Set(references.map(({ name }) => name));
  const artefacts = join(folder, PACK.artefacts);
  const dropped: ArtefactReference[] = [];
  try {
    for (const name of (await readdir(artefacts)).filter((one) => ARTEFACT_NAME.test(one) && !kept.has(one))) {
      const path = join(artefacts, name);
      if (!(await lstat(path)).isFile()) continue;
      dropped.push({ name, ...(await fileDigest(path)) });
      await removeIfThere(path);
    }
    if (dropped.length > 0) await syncFolder(artefacts);
    return success(dropped);
  } catch (error) {
    return diskFailure(error, artefacts);
  }
}

import { lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { READ_PLAIN } from './durable';
import { PACK } from './layout';

/** Why something in a pack's folder may not be there, or is not what it should be. `where` is its path inside the pack. */
export interface FolderProblem {
  readonly where: string;
  readonly what: string;
}

export interface FolderReading {
  /** names below `artefacts/`, sorted */
  readonly artefacts: readonly string[];
  readonly problem: FolderProblem | null;
}

const FILES: readonly string[] = [PACK.script, PACK.transcript, PACK.report, PACK.manifest];

/**
 * Lists a pack's folder strictly: exactly the files of a pack, each a plain file, the artefacts in their one flat folder, no
 * links (they would let other bytes be read tomorrow). Rejects with the system's error.
 */
export async function readFolder(folder: string): Promise<FolderReading> {
  const names = (await readdir(folder)).sort();
  for (const name of names) {
    const isArtefacts = name === PACK.artefacts;
    if (!isArtefacts && !FILES.includes(name)) return refuse(name, 'a foreign file or folder: nothing but the pack may lie here');
    const what = await kindProblem(join(folder, name), isArtefacts ? 'folder' : 'file');
    if (what) return refuse(name, what);
  }
  const artefacts = names.includes(PACK.artefacts) ? (await readdir(join(folder, PACK.artefacts))).sort() : [];
  for (const name of artefacts) {
    const what = await kindProblem(join(folder, PACK.artefacts, name), 'file');
    if (what) return refuse(`${PACK.artefacts}/${name}`, what);
  }
  const missing = FILES.find((name) => !names.includes(name));
  return { artefacts, problem: missing ? { where: missing, what: missingText(missing) } : null };
}

function missingText(name: string): string {
  const unfinished = name === PACK.report || name === PACK.manifest;
  return unfinished ? 'it is missing: the pack was not finished, or the file was taken away' : 'it is missing';
}

function refuse(where: string, what: string): FolderReading {
  return { artefacts: [], problem: { where, what } };
}

/** Why something is not the plain file or folder it should be, or null. Asked before anything is opened: a pipe would never answer. */
export async function kindProblem(path: string, wanted: 'file' | 'folder'): Promise<string | null> {
  const found = await lstat(path);
  if (found.isSymbolicLink()) return 'it is a link';
  if (wanted === 'file' ? found.isFile() : found.isDirectory()) return null;
  return `it is not a plain ${wanted}`;
}

/** Is there a transcript at all? Without one a folder is no pack. Rejects where there is no folder. */
export async function hasTranscript(folder: string): Promise<boolean> {
  return (await readdir(folder)).includes(PACK.transcript);
}

/** The bytes of a plain file that is there and not larger than `maxBytes`; null for anything else, whose fault is named elsewhere. */
export async function readWholeFile(path: string, maxBytes: number): Promise<Uint8Array | null> {
  const found = await lstat(path).catch(() => null);
  if (!found?.isFile() || found.size > maxBytes) return null;
  const file = await open(path, READ_PLAIN);
  return file.readFile().finally(() => file.close());
}

import { access, constants, mkdtemp, rmdir, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { fine, type Finding } from './finding';

const MEGABYTE = 1024 * 1024;
/** Below this the ceremony's own check of the station (CER-DISK-SPACE) raises an exception. */
const ENOUGH_MB = 1024;
/** Below this not even one pack is sure to fit. */
const LEAST_MB = 20;

/** The folder itself, or the nearest one above it that is there: what is not made yet will be made inside that. */
async function existing(folder: string): Promise<string> {
  try {
    await access(folder, constants.F_OK);
    return folder;
  } catch {
    const above = path.dirname(folder);
    return above === folder ? folder : existing(above);
  }
}

/** Can evidence be written to `folder`? A journal that cannot be written stops a ceremony at its first step. */
export async function checkEvidenceFolder(folder: string): Promise<Finding> {
  const title = 'Evidence folder';
  const place = await existing(path.resolve(folder));
  const problem = await whyNotWritable(place);
  if (problem === null) return fine('evidence', title, path.resolve(folder));
  return { id: 'evidence', title, state: 'missing', found: `${place} ${problem}`, remedy: 'choose another one with --out DIR' };
}

/** Asked by making a folder and taking it away again: permissions alone say little about /proc, or to root. */
async function whyNotWritable(place: string): Promise<string | null> {
  if (!(await stat(place)).isDirectory()) return 'is not a folder';
  try {
    await rmdir(await mkdtemp(path.join(place, '.keyrite-')));
    return null;
  } catch {
    return 'cannot be written';
  }
}

export async function checkDiskSpace(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(await existing(path.resolve(folder)));
  const freeMb = Math.floor((bavail * bsize) / MEGABYTE);
  const found = `${freeMb} MB free`;
  if (freeMb >= ENOUGH_MB) return fine('disk', 'Disk space', found);
  return {
    id: 'disk',
    title: 'Disk space',
    state: freeMb < LEAST_MB ? 'missing' : 'warning',
    found,
    remedy: 'free some space, or choose another disk with --out DIR',
  };
}

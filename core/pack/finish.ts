import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, success, type Result } from '../contract/result';
import type { TranscriptEvent } from '../evidence/event';
import { diskFailure, errnoOf } from './disk-failure';
import { removeIfThere, replaceFile } from './durable';
import { PACK } from './layout';
import { manifestBytes } from './manifest';
import { proveTranscript, type ProvenTranscript } from './prove-transcript';
import { ReportDigest, withDigest } from './report-digest';
import { fileDigest } from './sha256';

/** Draws the report of a sealed transcript. `script` are the exact bytes that ran. */
export type DrawReport = (events: readonly TranscriptEvent[], script: Uint8Array) => Promise<Uint8Array>;

/**
 * Completes a sealed pack: report, then manifest, each put in place in one move. Done again after a crash in between it picks up
 * where it was; done again on a finished pack it changes nothing.
 * @returns `ceremony.notNow` for a transcript that is not sealed, `file.damaged` for one that does not hold
 */
export async function finishPack(folder: string, drawReport: DrawReport): Promise<Result<null>> {
  try {
    await removeIfThere(join(folder, `${PACK.report}.part`));
    await removeIfThere(join(folder, `${PACK.manifest}.part`));
    const events: TranscriptEvent[] = [];
    const proven = await proveTranscript(join(folder, PACK.transcript), (event) => events.push(event));
    if (proven.isUnfinished) return failure('ceremony.notNow', { waitingFor: 'sealed' });
    if (proven.problem) return failure('file.damaged', { ...proven.problem });
    if (!(await hasWholeReport(folder))) {
      const pdf = await drawReport(events, await readFile(join(folder, PACK.script)));
      await replaceFile(join(folder, PACK.report), withDigest(pdf));
    }
    return await writeManifest(folder, proven);
  } catch (error) {
    return diskFailure(error, folder);
  }
}

async function hasWholeReport(folder: string): Promise<boolean> {
  const digest = new ReportDigest();
  try {
    await fileDigest(join(folder, PACK.report), (piece) => digest.take(piece));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw error;
  }
  return digest.isWhole();
}

async function writeManifest(folder: string, { facts, file }: ProvenTranscript): Promise<Result<null>> {
  const { opening, seal } = facts;
  if (opening === null || seal === null) throw new Error('A transcript held without opening or seal.');
  const digestOf = async (name: string) => ({ name, ...(await fileDigest(join(folder, name))) });
  const artefacts = [...facts.artefacts.values()].map(({ name, size, sha256 }) => ({
    name: `${PACK.artefacts}/${name}`,
    size,
    sha256,
  }));
  const files = [await digestOf(PACK.script), { name: PACK.transcript, ...file }, await digestOf(PACK.report), ...artefacts];
  const path = join(folder, PACK.manifest);
  const wanted = manifestBytes(opening, seal, files);
  if (await holds(path, wanted)) return success(null);
  await replaceFile(path, wanted);
  return success(null);
}

async function holds(path: string, wanted: Uint8Array): Promise<boolean> {
  try {
    if ((await lstat(path)).size !== wanted.length) return false;
    return Buffer.compare(await readFile(path), wanted) === 0;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw error;
  }
}

import { open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { success, type Result } from '../contract/result';
import type { PackSummary } from '../contract/values';
import { readEvent, type CeremonyEvent } from '../ceremony/events';
import { transcriptEvent } from '../evidence/event';
import { shortWords } from '../evidence/words';
import { diskFailure, errnoOf } from './disk-failure';
import { READ_PLAIN } from './durable';
import { CEREMONY_ID, PACK } from './layout';
import { readLines } from './lines';

/** How every line of an exception ends in canonical form: `type` is the last member. Inside a text the quotes would be escaped. */
const EXCEPTION_END = ',"type":"exceptionOpened"}';

/**
 * The packs in a folder, newest first, as a list shows them. Cheap, so it believes what it reads: whether a pack holds is for
 * `verifyPack`. A sealed pack without its manifest still counts as running, because finishing it is still to be done.
 */
export async function listPacks(evidenceFolder: string): Promise<Result<readonly PackSummary[]>> {
  try {
    const entries = await readdir(evidenceFolder, { withFileTypes: true });
    const ids = entries.filter((entry) => entry.isDirectory() && CEREMONY_ID.test(entry.name)).map(({ name }) => name);
    const packs: PackSummary[] = [];
    for (const id of ids) packs.push(await summary(evidenceFolder, id));
    return success(packs.sort((a, b) => (a.openedAt < b.openedAt ? 1 : -1)));
  } catch (error) {
    return errnoOf(error) === 'ENOENT' ? success([]) : diskFailure(error, evidenceFolder);
  }
}

async function summary(evidenceFolder: string, ceremonyId: string): Promise<PackSummary> {
  const damaged: PackSummary = {
    ceremonyId,
    title: ceremonyId,
    runMode: 'production',
    openedAt: '',
    state: 'damaged',
    head: '',
    headWords: '',
    exceptions: 0,
  };
  const folder = join(evidenceFolder, ceremonyId);
  const skim = await skimTranscript(join(folder, PACK.transcript));
  const first = skim && asEvent(skim.first);
  const last = skim && asEvent(skim.last);
  if (!first || !last || first.type !== 'opened' || first.data.ceremonyId !== ceremonyId) return damaged;
  const head = last.type === 'sealed' ? last.data.head : last.hash;
  const finished = last.type === 'sealed' && (await exists(join(folder, PACK.manifest)));
  return {
    ceremonyId,
    title: first.data.script.title,
    runMode: first.data.runMode,
    openedAt: first.at,
    state: finished ? last.data.outcome : 'running',
    head,
    headWords: shortWords(head),
    exceptions: skim.exceptions,
  };
}

interface Skim {
  readonly first: string;
  readonly last: string;
  readonly exceptions: number;
}

async function skimTranscript(path: string): Promise<Skim | null> {
  const ends: string[] = [];
  let exceptions = 0;
  const line = (text: string): void => {
    ends.splice(1, 1);
    ends.push(text);
    if (text.endsWith(EXCEPTION_END)) exceptions += 1;
  };
  try {
    await readLines(path, { line, fault: () => line('') });
  } catch (error) {
    if (errnoOf(error) === '') throw error;
    return null; // whatever the reason, this pack cannot be listed as more than damaged
  }
  const [first, last = first] = ends;
  return first === undefined || last === undefined ? null : { first, last, exceptions };
}

function asEvent(line: string): CeremonyEvent | null {
  try {
    const parsed = transcriptEvent.safeParse(JSON.parse(line));
    const reading = parsed.success ? readEvent(parsed.data) : null;
    return reading?.ok ? reading.event : null;
  } catch {
    return null; // not JSON: the list says damaged
  }
}

async function exists(path: string): Promise<boolean> {
  let file: FileHandle;
  try {
    file = await open(path, READ_PLAIN);
  } catch (error) {
    if (errnoOf(error) === '') throw error;
    return false;
  }
  await file.close();
  return true;
}

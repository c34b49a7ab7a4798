import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { firstSeqIn } from '../../core/evidence/audit-name';
import type { AuditPlace } from '../../core/evidence/audit-line';
import { GENESIS_PREV, type TranscriptEvent } from '../../core/evidence/event';
import { readLine } from '../../core/evidence/line';
import { removeIfThere } from '../../core/pack/durable';
import { readLines } from '../../core/pack/lines';
import { fileDigest, sha256Text } from '../../core/pack/sha256';
import type { ActData } from './drafts';
import { skimFile, type Skim } from './skim-file';

/** An event about how the folder was found, to be recorded first. */
export interface Finding {
  readonly type: 'tornLineCut' | 'chainBroken';
  readonly data: ActData;
}

/** Where the chain in a folder ends. */
export interface ChainEnd {
  readonly place: AuditPlace;
  /** the file to go on in; null: a new one begins */
  readonly file: { readonly path: string; readonly length: number; readonly day: string; readonly isTorn: boolean } | null;
  /** there was an event, or the beginning of one */
  readonly hadHistory: boolean;
  readonly findings: readonly Finding[];
}

/**
 * Reads the newest file of the folder, and older ones only while it is empty. Its last line is proved, and its number held against
 * the count of lines, so that nothing is chained to a line that was changed. Whether the whole log holds is for `keyrite verify
 * --audit`. Newest files without a whole line are removed: a crash came between making the file and its first event. Rejects with
 * the system's error.
 */
export async function findChainEnd(folder: string): Promise<ChainEnd> {
  const names = (await readdir(folder)).filter((name) => firstSeqIn(name) !== null);
  names.sort((a, b) => (firstSeqIn(b) ?? 0) - (firstSeqIn(a) ?? 0));
  const findings: Finding[] = [];
  for (const name of names) {
    const path = join(folder, name);
    const skim = await skimFile(path);
    if (skim.lines > 0) return endIn(path, skim, findings);
    if (skim.tornBytes > 0) findings.push(tornLineCut(name, skim));
    await removeIfThere(path);
  }
  return { place: { seq: 0, prev: GENESIS_PREV }, file: null, hadHistory: findings.length > 0, findings };
}

async function endIn(path: string, skim: Skim, findings: readonly Finding[]): Promise<ChainEnd> {
  const name = basename(path);
  const last = lastEvent(skim, firstSeqIn(name) ?? 0);
  if (typeof last === 'string') return brokenEnd(path, last, findings);
  const isTorn = skim.tornBytes > 0;
  return {
    place: { seq: last.seq + 1, prev: last.hash },
    file: { path, length: skim.wholeBytes, day: last.at.slice(0, 10), isTorn },
    hadHistory: true,
    findings: isTorn ? [...findings, tornLineCut(name, skim)] : findings,
  };
}

/** The event of the last line, or what is wrong with it. */
function lastEvent({ lines, last, fault }: Skim, firstSeq: number): TranscriptEvent | string {
  if (fault !== '') return fault;
  const reading = readLine(last, sha256Text);
  if (!reading.ok) return `line ${lines}: ${reading.what}`;
  if (reading.event.seq === firstSeq + lines - 1) return reading.event;
  return `line ${lines}: it is event ${reading.event.seq}, and event ${firstSeq + lines - 1} belongs there`;
}

/**
 * The log goes on in a new file, behind the last event of the damaged one that is whole in itself. The damaged file is left as it
 * is, and `chainBroken` fixes its bytes: later damage can be told from what was found at this start.
 */
async function brokenEnd(path: string, problem: string, findings: readonly Finding[]): Promise<ChainEnd> {
  const firstSeq = firstSeqIn(basename(path)) ?? 0;
  let place: AuditPlace = { seq: firstSeq + 1, prev: GENESIS_PREV };
  let lines = 0;
  await readLines(path, {
    line: (text) => {
      lines += 1;
      const reading = readLine(text, sha256Text);
      if (!reading.ok || reading.event.seq < firstSeq || reading.event.seq > firstSeq + lines + MOST_MISSING) return;
      place = { seq: reading.event.seq + 1, prev: reading.event.hash };
    },
    fault: () => void (lines += 1),
  });
  const { size, sha256 } = await fileDigest(path);
  const data = { file: basename(path), problem, bytes: size, sha256, goesOnBehind: place.seq - 1 };
  return { place, file: null, hadHistory: true, findings: [...findings, { type: 'chainBroken', data }] };
}

/** A line that claims a number far beyond its place is not believed. */
const MOST_MISSING = 1_000_000;

function tornLineCut(file: string, { tornBytes, torn }: Skim): Finding {
  return { type: 'tornLineCut', data: { file, bytes: tornBytes, text: torn } };
}

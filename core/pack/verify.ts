import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackVerdict } from '../contract/values';
import type { Opening } from '../evidence/bearing';
import type { Seal, TranscriptFacts, TranscriptNote } from '../evidence/verify';
import { fingerprintRows } from '../evidence/words';
import { errnoOf } from './disk-failure';
import { READ_PLAIN } from './durable';
import { PACK } from './layout';
import { manifestBytes, type ManifestFile } from './manifest';
import { manifestProblem } from './manifest-problem';
import { hasTranscript, kindProblem, readFolder, type FolderReading } from './pack-files';
import { proveTranscript, type ProvenTranscript } from './prove-transcript';
import { ReportDigest } from './report-digest';
import { ScriptWatch, type Departure } from './script-watch';
import { fileDigest, type FileDigest } from './sha256';

/** The first thing that fails. `event` and `line` where it lies in the transcript. */
export interface PackProblem {
  readonly where: string;
  readonly what: string;
  readonly event: number | null;
  readonly line: number | null;
}

/** The verdict on a pack with what a terminal or an auditor wants besides. */
export interface PackCheck extends PackVerdict {
  /** 0 it holds; 1 it does not, and `problem` is the first reason; 2 it cannot be read as a pack */
  readonly exitCode: 0 | 1 | 2;
  readonly problem: PackProblem | null;
  readonly title: string;
  readonly openedAt: string;
  readonly exceptions: number;
  readonly notes: readonly TranscriptNote[];
  /** Each event was held against the pack's script; false where this version cannot read that script. */
  readonly judged: boolean;
}

/**
 * Proves an evidence pack without anything but its folder: the chain and the signatures of the transcript, then every file
 * against what the transcript says of it, the manifest against all of them, and each event against the script. Files are streamed.
 * Names the first failure.
 */
export async function verifyPack(folder: string): Promise<PackCheck> {
  try {
    if (!(await hasTranscript(folder)))
      return unreadable(folder, 'there is no transcript.jsonl in it: this is not an evidence pack');
    return await check(folder);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === '') throw error;
    return unreadable(
      folder,
      errno === 'ENOENT' || errno === 'ENOTDIR' ? 'there is no such folder' : `it cannot be read (${errno})`,
    );
  }
}

async function check(folder: string): Promise<PackCheck> {
  const kind = await kindProblem(join(folder, PACK.transcript), 'file');
  if (kind !== null) return verdict(EMPTY_FACTS, inFile(PACK.transcript, kind));
  const watch = await ScriptWatch.open(folder);
  const proven = await proveTranscript(join(folder, PACK.transcript), (event) => watch.feed(event));
  if (proven.problem) return verdict(proven.facts, { where: PACK.transcript, ...proven.problem });
  const { opening, seal } = proven.facts;
  if (opening === null || seal === null) throw new Error('A transcript held without opening or seal.');
  const listing = await readFolder(folder);
  if (listing.problem) return verdict(proven.facts, inFile(listing.problem.where, listing.problem.what));
  const problem = (await filesProblem(folder, listing, proven, opening, seal)) ?? departureProblem(watch.departure);
  return { ...verdict(proven.facts, problem), judged: watch.isJudging };
}

async function filesProblem(
  folder: string,
  { artefacts }: FolderReading,
  { facts, file }: ProvenTranscript,
  opening: Opening,
  seal: Seal,
): Promise<PackProblem | null> {
  const digestOf = (name: string) => fileDigest(join(folder, name));
  const script = await digestOf(PACK.script);
  if (script.sha256 !== opening.script.sha256)
    return inFile(PACK.script, 'it is not the script that event 0 names: the bytes differ');
  const artefactFiles: ManifestFile[] = [];
  for (const name of artefacts) {
    const found = { name: `${PACK.artefacts}/${name}`, ...(await digestOf(`${PACK.artefacts}/${name}`)) };
    const what = artefactProblem(found, facts.artefacts.get(name));
    if (what) return inFile(found.name, what);
    artefactFiles.push(found);
  }
  const absent = [...facts.artefacts.keys()].find((name) => !artefacts.includes(name));
  if (absent) return inFile(`${PACK.artefacts}/${absent}`, 'it is missing: an event refers to it');
  const ownDigest = new ReportDigest();
  const report = await fileDigest(join(folder, PACK.report), (piece) => ownDigest.take(piece));
  if (!ownDigest.isWhole())
    return inFile(PACK.report, 'it was changed after it was written: its last line does not fit the rest');
  const files = [
    { name: PACK.script, ...script },
    { name: PACK.transcript, ...file },
    { name: PACK.report, ...report },
    ...artefactFiles,
  ];
  const wanted = manifestBytes(opening, seal, files);
  const problem = manifestProblem(await readStart(join(folder, PACK.manifest), wanted.length + 1), wanted, report);
  return problem && inFile(problem.where, problem.what);
}

function artefactProblem(found: FileDigest, reference: FileDigest | undefined): string | null {
  if (!reference) return 'no event refers to it: it was put here from outside';
  return found.sha256 === reference.sha256 && found.size === reference.size
    ? null
    : 'it is not what the event recorded: the bytes differ';
}

/** At most `size` bytes: a manifest longer than it should be need not be read to its end to be wrong. */
async function readStart(path: string, size: number): Promise<Uint8Array> {
  const file = await open(path, READ_PLAIN);
  const { buffer, bytesRead } = await file.read(new Uint8Array(size), 0, size, 0).finally(() => file.close());
  return buffer.subarray(0, bytesRead);
}

/** Everything holds together, everybody signed, and still it is not what this script allows. */
function departureProblem(departure: Departure | null): PackProblem | null {
  if (departure === null) return null;
  const { event, what } = departure;
  return { where: PACK.transcript, what: `it departs from its own script: ${what}`, event, line: event + 1 };
}

function inFile(where: string, what: string): PackProblem {
  return { where, what, event: null, line: null };
}

const EMPTY_FACTS: TranscriptFacts = {
  events: 0,
  head: '',
  opening: null,
  openedAt: '',
  exceptions: 0,
  artefacts: new Map(),
  notes: [],
  seal: null,
};

function verdict(facts: TranscriptFacts, problem: PackProblem | null): PackCheck {
  const { opening, seal, events, exceptions, notes, openedAt } = facts;
  const head = events === 0 ? '' : (seal?.head ?? facts.head);
  return {
    ceremonyId: opening?.ceremonyId ?? '',
    title: opening?.script.title ?? '',
    ok: problem === null,
    exitCode: problem === null ? 0 : 1,
    summary:
      problem === null
        ? `The pack holds: ${events} events, ${seal?.outcome ?? ''}.`
        : `The pack does not hold: ${problem.where}: ${problem.what}.`,
    events,
    head,
    headWords: fingerprintRows(head).map(({ words }) => words),
    runMode: opening?.runMode ?? null,
    outcome: seal?.outcome ?? null,
    signatures: (seal?.signatures ?? []).map((line) => ({
      seat: line.seat,
      name: line.name,
      verdict: 'signature' in line ? 'signed' : 'dissented',
      reason: 'doNotAgree' in line ? line.doNotAgree : '',
    })),
    problem,
    openedAt,
    exceptions,
    notes,
    judged: false,
  };
}

function unreadable(folder: string, what: string): PackCheck {
  return { ...verdict(EMPTY_FACTS, inFile(folder, what)), exitCode: 2, summary: `${folder}: ${what}.` };
}

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TranscriptEvent } from '../../../core/evidence/event';
import { finishPack } from '../../../core/pack/finish';
import { linesOf, sampleTranscript, SAMPLE_ARTEFACTS, SAMPLE_SCRIPT, type SampleOptions } from '../evidence/sample-transcript';

const folders: string[] = [];

/** A folder of the test's own. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'keyrite-pack-'));
  folders.push(folder);
  return folder;
}

/** For afterAll. */
export async function removeTemporaryFolders(): Promise<void> {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
}

/** Bytes that stand for a drawn report where its content does not matter. */
export const TINY_REPORT = Buffer.from(`%PDF-1.3\n${'x'.repeat(120)}\n%%EOF\n`, 'latin1');

/** Lays a pack out on disk from any events, so that a test can make what no journal would write. */
export async function layPack(events: readonly TranscriptEvent[]): Promise<string> {
  const folder = join(await temporaryFolder(), 'hsm-key-2026-11-22-a1b2');
  await mkdir(join(folder, 'artefacts'), { recursive: true });
  await writeFile(join(folder, 'script.yaml'), SAMPLE_SCRIPT);
  await writeFile(join(folder, 'transcript.jsonl'), linesOf(events));
  for (const { name, bytes } of SAMPLE_ARTEFACTS) await writeFile(join(folder, 'artefacts', name), bytes);
  return folder;
}

/** A finished pack that holds. */
export async function samplePack(options: SampleOptions = {}): Promise<{ folder: string } & ReturnType<typeof sampleTranscript>> {
  const sample = sampleTranscript(options);
  const folder = await layPack(sample.events);
  const finished = await finishPack(folder, () => Promise.resolve(TINY_REPORT));
  if (!finished.ok) throw new Error(JSON.stringify(finished.error));
  return { folder, ...sample };
}

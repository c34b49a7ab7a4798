import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Inputs } from '../../core/ceremony/variant';
import { buildEntries } from './build-child';
import { enrolPractice, RESOURCES } from './byok-stations';
import type { DriverArguments } from './sigkill-driver';

export interface Run {
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
  readonly said: string;
}

export interface Deaths {
  readonly home: string;
  /** the pack of the one ceremony that was begun */
  readonly pack: () => Promise<string>;
  /** the last run's end, the number of runs, the transcript, and every write that a run died at */
  readonly dieThroughout: () => Promise<{
    readonly run: Run;
    readonly runs: number;
    readonly transcript: string;
    /** transcripts that do not begin with what was on disk before */
    readonly lost: number;
    readonly diedAt: readonly string[];
  }>;
  /** Objects on the token, as its files: a SoftHSM token keeps each object in a file of its own. */
  readonly objectsOnToken: () => Promise<number>;
  readonly remove: () => Promise<void>;
}

/** More deaths than a ceremony has writes. */
const MAX_RUNS = 1_000;

/** A ceremony that is begun in one process and gone on with in the next, until one comes to its end. */
export async function prepareDeaths(plan: {
  readonly script: string;
  readonly inputs: Inputs;
  readonly spared: readonly string[];
}): Promise<Deaths> {
  const built = await buildEntries({ 'token-child': 'core/pkcs11/child/main.ts', driver: 'test/softhsm/sigkill-driver.ts' });
  const root = await mkdtemp(join(tmpdir(), 'keyrite-sigkill-'));
  const [home, evidence, diedAtFile] = [join(root, 'home'), join(root, 'evidence'), join(root, 'died-at')];
  await writeFile(diedAtFile, '');
  await enrolPractice(join(home, 'officers'));
  const places = { home, evidence, diedAtFile, resourcesFolder: RESOURCES, tokenChild: built.path('token-child') };

  function drive(ceremonyId: string): Promise<Run> {
    const facts: DriverArguments = { ...places, ...plan, ceremonyId };
    const child = spawn(process.execPath, [built.path('driver'), JSON.stringify(facts)], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    return new Promise((done) => child.once('close', (code, signal) => done({ code, signal, said })));
  }

  /** The ceremony that has begun: one whose event 0 is on disk. */
  async function begun(): Promise<{ id: string; transcript: string }> {
    for (const id of await readdir(evidence).catch(() => [])) {
      const transcript = await readFile(join(evidence, id, 'transcript.jsonl'), 'utf8').catch(() => '');
      if (transcript !== '') return { id, transcript };
    }
    return { id: '', transcript: '' };
  }

  return {
    home,
    pack: async () => join(evidence, (await begun()).id),
    async dieThroughout() {
      let written = '';
      let run: Run = { signal: 'SIGKILL', code: null, said: '' };
      let [runs, lost] = [0, 0];
      for (; run.signal === 'SIGKILL' && runs < MAX_RUNS; runs += 1) {
        const before = await begun();
        run = await drive(before.id);
        const { transcript } = await begun();
        if (!transcript.startsWith(written)) lost += 1;
        written = transcript;
      }
      const diedAt = (await readFile(diedAtFile, 'utf8')).trimEnd().split('\n');
      return { run, runs, transcript: written, lost, diedAt };
    },
    async objectsOnToken() {
      const tokens = join(home, 'softhsm', 'tokens');
      const [token] = await readdir(tokens);
      const files = await readdir(join(tokens, token ?? ''));
      return files.filter((name) => name.endsWith('.object') && name !== 'token.object').length;
    },
    async remove() {
      await rm(root, { recursive: true, force: true });
      await built.remove();
    },
  };
}

/** Events of a transcript of this type whose operation is this. */
export function linesOf(transcript: string, type: string, operation: string): readonly string[] {
  return transcript
    .split('\n')
    .filter((line) => line.includes(`"operation":"${operation}"`) && line.includes(`"type":"${type}"`));
}

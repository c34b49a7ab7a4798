import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Inputs } from '../../core/ceremony/variant';
import { PLACE } from '../../core/control/place';
import { lockHolder } from '../../core/pack/lock';
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
  /** the pack of the one ceremony of a script that was begun; of the first script without a name */
  readonly pack: (script?: string) => Promise<string>;
  /** the last run's end, the number of runs, the transcript, and every write that a run died at */
  readonly dieThroughout: () => Promise<Throughout>;
  /** the same with another script at the same station, after the first has ended */
  readonly thenDieThroughout: (next: Omit<DeathPlan, 'withProxy'>) => Promise<Throughout>;
  /** Objects on the token, as its files: a SoftHSM token keeps each object in a file of its own. */
  readonly objectsOnToken: () => Promise<number>;
  readonly remove: () => Promise<void>;
}

export interface Throughout {
  readonly run: Run;
  readonly runs: number;
  readonly transcript: string;
  /** transcripts that do not begin with what was on disk before */
  readonly lost: number;
  readonly diedAt: readonly string[];
  /** deaths that a process of the proxy outlived for long */
  readonly orphans: number;
}

export interface DeathPlan {
  readonly script: string;
  readonly inputs: Inputs;
  readonly spared: readonly string[];
  readonly chosen?: readonly string[] | null;
  /** the station has a proxy under its supervision */
  readonly withProxy?: boolean;
}

/** How long a child may take to notice that its parent is gone, ms. */
const ORPHAN_MS = 15_000;

/** More deaths than a ceremony has writes. */
const MAX_RUNS = 1_000;

/** A ceremony that is begun in one process and gone on with in the next, until one comes to its end. */
export async function prepareDeaths({ withProxy = false, ...first }: DeathPlan): Promise<Deaths> {
  const driver = await buildEntries({ driver: 'test/softhsm/sigkill-driver.ts' });
  const built = await buildEntries({
    'token-child': 'core/pkcs11/child/main.ts',
    ...(withProxy && { 'hsm-process': 'proxy/hsm/process/main.ts', 'proxy-child': 'proxy/child.ts' }),
  });
  const root = await mkdtemp(join(tmpdir(), 'keyrite-sigkill-'));
  const [home, evidence] = [join(root, 'home'), join(root, 'evidence')];
  await enrolPractice(join(home, 'officers'));
  const places = {
    ...{ home, evidence, resourcesFolder: RESOURCES },
    tokenChild: built.path('token-child'),
    proxyChild: withProxy ? built.path('proxy-child') : '',
  };

  function drive(plan: Omit<DeathPlan, 'withProxy'>, diedAtFile: string, ceremonyId: string): Promise<Run> {
    const facts: DriverArguments = { chosen: null, ...places, ...plan, diedAtFile, ceremonyId };
    const child = spawn(process.execPath, [driver.path('driver'), JSON.stringify(facts)], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    return new Promise((done) => {
      child.once('close', (code, signal) => {
        done({ code, signal, said });
      });
    });
  }

  /** The ceremony of this script that has begun: one whose event 0 is on disk. */
  async function begun(script: string): Promise<{ id: string; transcript: string }> {
    const ids = await readdir(evidence).catch(() => []);
    for (const id of ids.filter((one) => /^-\d{8}-/.test(one.slice(script.length)) && one.startsWith(script))) {
      const transcript = await readFile(join(evidence, id, 'transcript.jsonl'), 'utf8').catch(() => '');
      if (transcript !== '') return { id, transcript };
    }
    return { id: '', transcript: '' };
  }

  /** Is a process of the proxy still there, after the program that had started it is gone? */
  async function isOrphaned(): Promise<boolean> {
    const lock = join(home, 'proxy', 'state', PLACE.lock);
    const until = performance.now() + ORPHAN_MS;
    while (performance.now() < until) {
      if ((await lockHolder(lock).catch(() => null)) === null) return false;
      await pause(20);
    }
    return true;
  }

  async function throughout(plan: Omit<DeathPlan, 'withProxy'>): Promise<Throughout> {
    const diedAtFile = join(root, `died-at-${plan.script}`);
    await writeFile(diedAtFile, '');
    let written = '';
    let run: Run = { signal: 'SIGKILL', code: null, said: '' };
    let [runs, lost, orphans] = [0, 0, 0];
    for (; run.signal === 'SIGKILL' && runs < MAX_RUNS; runs += 1) {
      const before = await begun(plan.script);
      run = await drive(plan, diedAtFile, before.id);
      const { transcript } = await begun(plan.script);
      if (!transcript.startsWith(written)) lost += 1;
      if (withProxy && (await isOrphaned())) orphans += 1;
      written = transcript;
    }
    const diedAt = (await readFile(diedAtFile, 'utf8')).trimEnd().split('\n');
    return { run, runs, transcript: written, lost, diedAt, orphans };
  }

  return {
    home,
    pack: async (script = first.script) => join(evidence, (await begun(script)).id),
    dieThroughout: () => throughout(first),
    thenDieThroughout: throughout,
    async objectsOnToken() {
      const tokens = join(home, 'softhsm', 'tokens');
      const [token] = await readdir(tokens);
      const files = await readdir(join(tokens, token ?? ''));
      return files.filter((name) => name.endsWith('.object') && name !== 'token.object').length;
    },
    async remove() {
      await rm(root, { recursive: true, force: true });
      await Promise.all([driver.remove(), built.remove()]);
    },
  };
}

/** Events of a transcript of this type whose operation is this. */
export function linesOf(transcript: string, type: string, operation: string): readonly string[] {
  return transcript
    .split('\n')
    .filter((line) => line.includes(`"operation":"${operation}"`) && line.includes(`"type":"${type}"`));
}

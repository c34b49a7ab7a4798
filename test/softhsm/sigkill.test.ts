import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeOfficer } from '../../core/officers/officer-file';
import { verifyPack } from '../../core/pack/verify';
import { PRACTICE, PRACTICE_OFFICERS } from '../../core/rehearsal/practice';
import { buildEntries, type BuiltEntries } from './build-child';
import { bytes, hasSoftHsm, must } from './ground';
import type { DriverArguments } from './sigkill-driver';

const RESOURCES = resolve(import.meta.dirname, '../../resources');

let built: BuiltEntries;
let root: string;
let home: string;
let evidence: string;
let diedAtFile: string;

beforeAll(async () => {
  built = await buildEntries({ 'token-child': 'core/pkcs11/child/main.ts', driver: 'test/softhsm/sigkill-driver.ts' });
  root = await mkdtemp(join(tmpdir(), 'keyrite-sigkill-'));
  [home, evidence, diedAtFile] = [join(root, 'home'), join(root, 'evidence'), join(root, 'died-at')];
  await writeFile(diedAtFile, '');
  const officers = join(home, 'officers');
  await mkdir(officers, { recursive: true });
  // cheap officers: scrypt is not what is tested
  for (const { name } of PRACTICE_OFFICERS) {
    const cost = { N: 2 ** 14, r: 8, p: 1 };
    const officer = must(
      await makeOfficer({ name, passphrase: bytes(PRACTICE.passphrase), enrolledAt: new Date(), rehearsal: true, cost }),
    );
    await writeFile(join(officers, `${officer.id}.officer.json`), JSON.stringify(officer));
  }
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
  await built.remove();
});

interface Run {
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
  readonly said: string;
}

function drive(ceremonyId: string): Promise<Run> {
  const places = { home, evidence, diedAtFile, resourcesFolder: RESOURCES, tokenChild: built.path('token-child') };
  const facts: DriverArguments = { ...places, ceremonyId };
  const child = spawn(process.execPath, [built.path('driver'), JSON.stringify(facts)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((done) => child.once('close', (code, signal) => done({ code, signal, said })));
}

/** The ceremony that has begun: one whose event 0 is on disk. */
async function begun(): Promise<{ id: string; transcript: string }> {
  for (const id of (await readdir(evidence).catch(() => [])).filter((name) => name.startsWith('hsm-key'))) {
    const transcript = await readFile(join(evidence, id, 'transcript.jsonl'), 'utf8').catch(() => '');
    if (transcript !== '') return { id, transcript };
  }
  return { id: '', transcript: '' };
}

/** Objects on the token, as its files: a SoftHSM token keeps each object in a file of its own. */
async function objectsOnToken(): Promise<number> {
  const tokens = join(home, 'softhsm', 'tokens');
  const [token] = await readdir(tokens);
  const files = await readdir(join(tokens, token ?? ''));
  return files.filter((name) => name.endsWith('.object') && name !== 'token.object').length;
}

/** More deaths than a ceremony has writes. */
const MAX_RUNS = 400;

describe.skipIf(!hasSoftHsm)('a ceremony whose program is killed with SIGKILL at every write of its journal', () => {
  it('loses no evidence, never makes a second key, and comes to its seal', { timeout: 900_000 }, async () => {
    let written = '';
    let run: Run = { signal: 'SIGKILL', code: null, said: '' };
    let runs = 0;
    for (; run.signal === 'SIGKILL' && runs < MAX_RUNS; runs += 1) {
      const before = await begun();
      run = await drive(before.id);
      const { transcript } = await begun();
      expect(transcript.startsWith(written), 'what was on disk before is still there').toBe(true);
      written = transcript;
    }
    expect(run).toMatchObject({ code: 0, signal: null });
    const { id } = await begun();
    const operations = written
      .split('\n')
      .filter((line) => line.includes('"operation":"token.generate"') && line.includes('"type":"intent"'));
    expect(operations.length, 'generation was begun, found undone, and begun again').toBeGreaterThan(1);
    expect(await objectsOnToken()).toBe(1);
    expect(await verifyPack(join(evidence, id))).toMatchObject({ ok: true, judged: true, outcome: 'completed' });
    expect(runs).toBeGreaterThan(120);
  });
});

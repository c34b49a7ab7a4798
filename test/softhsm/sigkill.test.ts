import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
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

/** Two at a time: the machine has two cores, and each driver waits for the disk. */
const ABREAST = 2;

let built: BuiltEntries;
let root: string;
/** a home with officers (cheap ones: scrypt is not what is tested) and an initialised token */
let template: string;

beforeAll(async () => {
  built = await buildEntries({ 'token-child': 'core/pkcs11/child/main.ts', driver: 'test/softhsm/sigkill-driver.ts' });
  root = await mkdtemp(join(tmpdir(), 'keyrite-sigkill-'));
  template = join(root, 'template');
  const officers = join(template, 'officers');
  await mkdir(officers, { recursive: true });
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

function drive(home: string, request: Pick<DriverArguments, 'ceremonyId' | 'killAt' | 'when'>): Promise<Run> {
  const facts: DriverArguments = {
    ...request,
    home,
    resourcesFolder: RESOURCES,
    tokenChild: built.path('token-child'),
    evidence: join(home, 'evidence'),
  };
  const child = spawn(process.execPath, [built.path('driver'), JSON.stringify(facts)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((done) => child.once('close', (code, signal) => done({ code, signal, said })));
}

async function freshHome(name: string): Promise<string> {
  const home = join(root, name);
  await cp(template, home, { recursive: true });
  return home;
}

async function ceremonyIn(home: string): Promise<string> {
  return (await readdir(join(home, 'evidence')).catch(() => [])).find((name) => name.startsWith('hsm-key')) ?? '';
}

async function linesOf(home: string, ceremonyId: string): Promise<string[]> {
  const text = await readFile(join(home, 'evidence', ceremonyId, 'transcript.jsonl'), 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}

/** Objects on the token, as its files: a SoftHSM token keeps each object in a file of its own. */
async function objectsOn(home: string): Promise<number> {
  const tokens = join(home, 'softhsm', 'tokens');
  const [token] = await readdir(tokens);
  const files = await readdir(join(tokens, token ?? ''));
  return files.filter((name) => name.endsWith('.object') && name !== 'token.object').length;
}

/** Killed at one write, then started again and played to the end. Answers what is wrong, or ''. */
async function killAndFinish(killAt: number, when: 'before' | 'after'): Promise<string> {
  const home = await freshHome(`${when}-${killAt}`);
  const killed = await drive(home, { ceremonyId: '', killAt, when });
  if (killed.signal !== 'SIGKILL') return `not killed: ${killed.said}`;
  const ceremonyId = await ceremonyIn(home);
  const before = await linesOf(home, ceremonyId);
  const begun = before.length > 0;
  const finished = await drive(home, { ceremonyId: begun ? ceremonyId : '', killAt: 0, when });
  if (finished.code !== 0) return `not finished: ${finished.said}`;
  const outcome = JSON.parse(finished.said) as { ceremonyId: string; outcome: string };
  const after = await linesOf(home, outcome.ceremonyId);
  const verdict = await verifyPack(join(home, 'evidence', outcome.ceremonyId));
  const keys = await objectsOn(home);
  await rm(home, { recursive: true, force: true });
  if (outcome.outcome !== 'completed') return `ended as ${outcome.outcome}`;
  if (keys !== 1) return `${keys} keys on the token`;
  if (begun && after.slice(0, before.length).join('\n') !== before.join('\n')) return 'evidence was lost';
  return verdict.ok ? '' : `the pack does not verify: ${verdict.summary}`;
}

describe.skipIf(!hasSoftHsm)('SIGKILL at every write of the journal', () => {
  it(
    'never makes a second key, never loses evidence, and the ceremony is finished after the restart',
    { timeout: 900_000 },
    async () => {
      const home = await freshHome('whole');
      const whole = await drive(home, { ceremonyId: '', killAt: 0, when: 'before' });
      expect(whole).toMatchObject({ code: 0 });
      const lines = await linesOf(home, await ceremonyIn(home));
      // the token made in this run is the one all others begin with: making it is not what is tested
      const points = lines.flatMap((line, i) => {
        const { type } = JSON.parse(line) as { type: string };
        return type === 'intent'
          ? [
              { at: i + 1, when: 'before' as const },
              { at: i + 1, when: 'after' as const },
            ]
          : [{ at: i + 1, when: 'before' as const }];
      });
      const wrong: string[] = [];
      const next = async (): Promise<void> => {
        for (let point = points.shift(); point !== undefined; point = points.shift()) {
          const problem = await killAndFinish(point.at, point.when);
          if (problem !== '') wrong.push(`${point.when} write ${point.at}: ${problem}`);
        }
      };
      await Promise.all(Array.from({ length: ABREAST }, next));
      expect(wrong).toEqual([]);
      expect(lines.length).toBeGreaterThan(100);
    },
  );
});

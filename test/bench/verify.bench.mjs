/** Proving a transcript: seconds for 100,000 events, memory against 10,000, and the cost against merely hashing and parsing the same bytes. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'vite';

const ROUNDS = 3;
const folder = mkdtempSync(path.join(tmpdir(), 'keyrite-bench-'));

/** @param {...string} args */
function subject(...args) {
  return execFileSync(process.execPath, [path.join(folder, 'subject.mjs'), ...args], { encoding: 'utf8' });
}

/**
 * The quickest of a few runs, each in a process of its own: other load on the machine only ever adds.
 * @param {'prove' | 'plain'} act
 * @param {string} file
 * @returns {{ events: number, ms: number, peakMiB: number }}
 */
function best(act, file) {
  const runs = Array.from({ length: ROUNDS }, () => JSON.parse(subject(act, file)));
  return runs.reduce((a, b) => (b.ms < a.ms ? b : a));
}

try {
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: path.join(import.meta.dirname, 'verify-subject.ts'),
      outDir: folder,
      emptyOutDir: false,
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: 'subject.mjs' } },
    },
    ssr: { noExternal: true },
  });
  const [small, large] = [path.join(folder, 'small.jsonl'), path.join(folder, 'large.jsonl')];
  subject('write', small, '10000');
  subject('write', large, '100000');
  const [proven, tenth, plain] = [best('prove', large), best('prove', small), best('plain', large)];
  const growth = proven.peakMiB - tenth.peakMiB;
  const rows = [
    {
      name: `verify ${proven.events} events (${Math.round(statSync(large).size / 1e6)} MB)`,
      value: proven.ms,
      unit: 'ms',
      target: '<= 2000',
      holds: proven.ms <= 2000,
    },
    { name: 'against SHA-256 and JSON.parse of the same bytes', value: proven.ms / plain.ms, unit: 'x', target: '', holds: null },
    { name: 'peak memory at 100,000 events', value: proven.peakMiB, unit: 'MiB', target: '', holds: null },
    { name: 'memory growth from 10,000 to 100,000 events', value: growth, unit: 'MiB', target: '<= 24', holds: growth <= 24 },
  ];
  console.log(JSON.stringify(rows));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

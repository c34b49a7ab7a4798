import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from './child.mjs';
import { countPlaywright, countVitest } from './reports.mjs';
import { inRepository } from './root.mjs';

/**
 * @typedef {import('./test-ground.mjs').Ground} Ground
 * @typedef {import('./reports.mjs').Counts & { readonly output: string }} Outcome
 *
 * @typedef {object} Part
 * @property {string} id
 * @property {string} title
 * @property {number} cores
 * @property {'softhsm' | 'electron' | null} needs
 * @property {(ground: Ground) => Promise<Outcome>} run
 */

const MINUTES = 45;
const REPORTS = inRepository('.cache', 'test-reports');

/**
 * @param {string} file inside node_modules
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
async function tool(file, args, env = process.env) {
  const ended = await run(process.execPath, [inRepository('node_modules', ...file.split('/')), ...args], {
    env,
    timeoutMs: MINUTES * 60_000,
  });
  return ended.timedOut ? { ...ended, output: `${ended.output}\nStopped after ${MINUTES} minutes.` } : ended;
}

/**
 * @param {boolean} ok
 * @param {string} output
 * @returns {Outcome}
 */
function one(ok, output) {
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0, output };
}

/**
 * @param {string} file
 * @param {readonly string[]} args
 * @returns {() => Promise<Outcome>}
 */
function check(file, ...args) {
  return async () => {
    const ended = await tool(file, args);
    return one(ended.code === 0, ended.output);
  };
}

/** dependency-cruiser ends well when it could read no file at all, so the number of modules it cruised is part of the verdict. */
async function importRules() {
  const rooms = ['core', 'electron', 'renderer', 'test'].filter((room) => existsSync(inRepository(room)));
  const ended = await tool('dependency-cruiser/bin/dependency-cruise.mjs', [...rooms, '--output-type', 'err-long']);
  const cruised = Number(/(\d+) modules/.exec(ended.output)?.[1] ?? 0);
  return one(
    ended.code === 0 && cruised > 0,
    cruised > 0 ? ended.output : `${ended.output}\nIt cruised no module: its rules prove nothing.`,
  );
}

/**
 * Reads the report a test runner left. A runner that ended badly and has no failed case to show for it (it crashed, a worker
 * died, an error outside of any test) is a failure all the same.
 * @template R
 * @param {string} file
 * @param {import('./child.mjs').Ended} ended
 * @param {(report: R) => import('./reports.mjs').Counts} count
 * @returns {Outcome}
 */
function counted(file, ended, count) {
  if (!existsSync(file)) return one(false, ended.output);
  const counts = count(JSON.parse(readFileSync(file, 'utf8')));
  const unexplained = ended.code !== 0 && counts.failed === 0 ? 1 : 0;
  const nothing = counts.passed + counts.failed + counts.skipped === 0 ? 1 : 0;
  return { ...counts, failed: counts.failed + Math.max(unexplained, nothing), output: ended.output };
}

/** @param {string} name */
function freshReport(name) {
  mkdirSync(REPORTS, { recursive: true });
  const file = path.join(REPORTS, `${name}.json`);
  rmSync(file, { force: true });
  return file;
}

/**
 * @param {string} project
 * @returns {(ground: Ground) => Promise<Outcome>}
 */
function vitest(project) {
  return async ({ env }) => {
    const file = freshReport(project);
    const args = ['run', '--project', project, '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`];
    return counted(file, await tool('vitest/vitest.mjs', args, env), countVitest);
  };
}

/** @param {Ground} ground */
async function appTests({ env }) {
  const file = freshReport('app');
  const args = ['test', '--config', inRepository('test', 'app', 'playwright.config.ts'), '--reporter=list,json'];
  return counted(
    file,
    await tool('@playwright/test/cli.js', args, { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: file }),
    countPlaywright,
  );
}

/** What a person would do: rehearse in the terminal, then have the pack verified. */
async function terminalRehearsal() {
  const folder = mkdtempSync(path.join(tmpdir(), 'keyrite-rehearsal-'));
  const keyrite = (/** @type {readonly string[]} */ args) =>
    run(process.execPath, [inRepository('dist', 'main', 'keyrite.js'), ...args], { timeoutMs: MINUTES * 60_000 });
  try {
    const rehearsed = await keyrite(['rehearse', 'hsm-key', '--out', folder]);
    if (rehearsed.code !== 0) return one(false, rehearsed.output);
    const packs = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (file) => path.basename(file) === 'transcript.jsonl',
    );
    const [pack] = packs;
    if (pack === undefined || packs.length !== 1)
      return one(false, `${rehearsed.output}\nIt left ${packs.length} packs instead of one.`);
    const verified = await keyrite(['verify', path.join(folder, path.dirname(pack))]);
    return one(verified.code === 0, `${rehearsed.output}\n${verified.output}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * In the order they begin. The app tests come first: they take long, and one worker drives one app after the other, so that what keeps
 * one core busy runs beside them.
 * @type {readonly Part[]}
 */
export const PARTS = [
  { id: 'app', title: 'app tests', cores: 1, needs: 'electron', run: appTests },
  { id: 'lint', title: 'lint', cores: 1, needs: null, run: check('eslint/bin/eslint.js', '.') },
  { id: 'types', title: 'types', cores: 1, needs: null, run: check('@typescript/native/bin/tsc', '-b') },
  {
    id: 'format',
    title: 'format',
    cores: 1,
    needs: null,
    run: check('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'),
  },
  { id: 'imports', title: 'import rules', cores: 1, needs: null, run: importRules },
  { id: 'unused', title: 'unused code', cores: 1, needs: null, run: check('knip/bin/knip.js') },
  { id: 'rehearsal', title: 'terminal rehearsal', cores: 1, needs: 'softhsm', run: terminalRehearsal },
  { id: 'unit', title: 'unit and property tests', cores: 2, needs: null, run: vitest('unit') },
  { id: 'renderer', title: 'screens', cores: 2, needs: null, run: vitest('renderer') },
  { id: 'softhsm', title: 'SoftHSM suite', cores: 2, needs: 'softhsm', run: vitest('softhsm') },
];

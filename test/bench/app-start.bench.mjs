/**
 * Time from spawning the app to its first usable screen (the desk is drawn and a ceremony can be started from it), against an empty
 * Electron window on the same machine in the same run. Both are driven the same way, in turns, so that a busy machine slows
 * both. How long it takes until the desk has heard from the token (a process is started and a module loaded) is told besides.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron as electron } from '@playwright/test';
import { hasDisplay, startVirtualDisplay } from '../../core/setup/display.mjs';
import { findElectron } from '../../core/setup/electron-runtime.mjs';
import { sandboxFor } from '../../core/setup/electron-sandbox.mjs';
import { ROOT } from '../../core/setup/root.mjs';
import { median } from './median.mjs';

const RUNS = 7;
const TARGET_MS = 2_000;
const TARGET_RATIO = 1.5;

const EMPTY_MAIN = `const { app, BrowserWindow } = require('electron');
app.whenReady().then(() => new BrowserWindow({ width: 1280, height: 800 }).loadFile('page.html'));
app.on('window-all-closed', () => app.quit());`;

/** @param {string} folder */
function writeEmptyApp(folder) {
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: 'empty', version: '1.0.0', main: 'main.cjs' }));
  writeFileSync(path.join(folder, 'main.cjs'), EMPTY_MAIN);
  writeFileSync(path.join(folder, 'page.html'), '<!doctype html><title>Empty</title><button>Start</button>');
  return folder;
}

/**
 * One start: milliseconds until the first and until the second thing is on the screen.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {(window: import('@playwright/test').Page) => readonly import('@playwright/test').Locator[]} marks
 * @param {NodeJS.ProcessEnv} env
 */
async function startOnce(program, args, marks, env) {
  const startedAt = performance.now();
  const app = await electron.launch({ executablePath: program, args: [...sandboxFor(program).args, ...args], env });
  try {
    const times = [];
    for (const mark of marks(await app.firstWindow())) {
      await mark.first().waitFor();
      times.push(performance.now() - startedAt);
    }
    return times;
  } finally {
    await app.close();
  }
}

/**
 * @param {string} program
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} env
 */
async function measure(program, folder, env) {
  const emptyArgs = [writeEmptyApp(path.join(folder, 'empty')), `--user-data-dir=${path.join(folder, 'empty-data')}`];
  const keyriteArgs = [ROOT, '--data', path.join(folder, 'data')];
  const runs = { empty: [], desk: [], token: [] };
  // The first of each is not counted: it fills the file cache and makes the embedded token.
  for (let run = 0; run <= RUNS; run += 1) {
    const [empty] = await startOnce(program, emptyArgs, (window) => [window.getByRole('button', { name: 'Start' })], env);
    const [desk, token] = await startOnce(
      program,
      keyriteArgs,
      (window) => [
        window.getByRole('button', { name: /^Start a (rehearsal|ceremony)$/ }),
        window.getByText('Ready', { exact: true }),
      ],
      env,
    );
    if (run > 0) for (const [name, ms] of Object.entries({ empty, desk, token })) runs[name].push(ms);
  }
  return { emptyMs: median(runs.empty), deskMs: median(runs.desk), tokenMs: median(runs.token) };
}

const program = findElectron();
if (program === null) throw new Error('There is no Electron runtime: npx install-electron');
const virtual = hasDisplay() ? null : await startVirtualDisplay();
const folder = mkdtempSync(path.join(tmpdir(), 'keyrite-start-'));
try {
  const env = virtual ? { ...process.env, DISPLAY: virtual.display } : process.env;
  const { emptyMs, deskMs, tokenMs } = await measure(program, folder, env);
  const ratio = deskMs / emptyMs;
  const rows = [
    { name: `empty Electron window (median of ${RUNS})`, value: emptyMs, unit: 'ms', target: '', holds: null },
    { name: 'Keyrite to its desk', value: deskMs, unit: 'ms', target: `<= ${TARGET_MS}`, holds: deskMs <= TARGET_MS },
    { name: 'Keyrite / empty window', value: ratio, unit: 'x', target: `<= ${TARGET_RATIO}`, holds: ratio <= TARGET_RATIO },
    {
      name: 'Keyrite to word of the token on its desk',
      value: tokenMs,
      unit: 'ms',
      target: `<= ${TARGET_MS}`,
      holds: tokenMs <= TARGET_MS,
    },
  ];
  console.log(JSON.stringify(rows));
} finally {
  virtual?.stop();
  rmSync(folder, { recursive: true, force: true });
}

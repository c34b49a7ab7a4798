import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { stripVTControlCharacters } from 'node:util';
import { ROOT } from './root.mjs';

/**
 * @typedef {object} RunOptions
 * @property {NodeJS.ProcessEnv} [env] the whole environment; default: ours
 * @property {number} [timeoutMs] default: none
 * @property {boolean} [interactive] give the child our terminal (a password prompt, a window's log); its output is then not kept
 * @property {string} [cwd] default: the repository
 *
 * @typedef {object} Ended
 * @property {number} code exit code; 127 when it could not be started, 128 + n when a signal ended it
 * @property {string} output stdout and stderr in the order they came, without colours
 * @property {boolean} timedOut
 */

/**
 * What ends each living child together with whatever it started: one that does not share our terminal leads a process
 * group of its own, because `npm ci` killed alone would leave its compilers running.
 * @type {Map<import('node:child_process').ChildProcess, (signal: NodeJS.Signals) => void>}
 */
const endings = new Map();

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {boolean} ownGroup
 * @returns {(signal: NodeJS.Signals) => void}
 */
function ending(child, ownGroup) {
  return (signal) => {
    if (child.pid === undefined) return;
    try {
      process.kill(ownGroup ? -child.pid : child.pid, signal);
    } catch (error) {
      // Already gone: the very thing that was wanted.
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
    }
  };
}

/**
 * Runs a program to its end. Never rejects: a program that cannot be started ends with code 127.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<Ended>}
 */
export function run(command, args, options = {}) {
  const interactive = options.interactive ?? false;
  const ownGroup = !interactive && process.platform !== 'win32';
  const child = spawn(command, args, {
    cwd: options.cwd ?? ROOT,
    env: options.env ?? process.env,
    stdio: interactive ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    detached: ownGroup,
    // npm and its kind are .cmd files on Windows, which only a shell can start.
    shell: process.platform === 'win32' && !/\.exe$/i.test(command),
  });
  const end = ending(child, ownGroup);
  endings.set(child, end);
  let output = '';
  let timedOut = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (/** @type {string} */ text) => (output += text));
  }
  const timer = options.timeoutMs && setTimeout(() => ((timedOut = true), end('SIGKILL')), options.timeoutMs);
  return new Promise((resolve) => {
    const settle = (/** @type {number} */ code) => {
      clearTimeout(timer || undefined);
      endings.delete(child);
      resolve({ code, output: stripVTControlCharacters(output), timedOut });
    };
    child.on('error', (error) => ((output += `${error.message}\n`), settle(127)));
    child.on('close', (code, signal) => settle(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

/**
 * Ctrl-C and SIGTERM end the children first, then us, with 128 + the signal's number. A child that holds our terminal has
 * got Ctrl-C from the terminal itself and is waited for, so that the app can close its journal.
 * @param {() => void} [tidy]
 */
export function endCleanlyOnSignals(tidy = () => undefined) {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.once(signal, () => {
      for (const end of endings.values()) end(signal === 'SIGINT' ? 'SIGINT' : 'SIGTERM');
      tidy();
      const leave = () => process.exit(128 + constants.signals[signal]);
      if (endings.size === 0) leave();
      setTimeout(() => [...endings.values()].forEach((end) => end('SIGKILL')), 5_000).unref();
      for (const child of endings.keys()) child.once('close', () => setImmediate(() => endings.size === 0 && leave()));
    });
  }
}

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

const KILL_AFTER_MS = 5_000;

/** A signal came: what is running ends, nothing new begins, and nobody who waits for a child goes on to the next thing. */
let stopping = false;

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
  if (stopping) return new Promise(() => undefined);
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
      if (!stopping) resolve({ code, output: stripVTControlCharacters(output), timedOut });
    };
    child.on('error', (error) => ((output += `${error.message}\n`), settle(127)));
    child.on('close', (code, signal) => settle(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

/**
 * Ctrl-C and SIGTERM end the children first, then us, with 128 + the signal's number. A child that does not end within five
 * seconds is killed, but never one that holds our terminal: the app may be asking whether to leave a running ceremony.
 */
export function endCleanlyOnSignals() {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.once(signal, () => {
      stopping = true;
      const leave = () => process.exit(128 + constants.signals[signal]);
      if (endings.size === 0) leave();
      for (const [child, end] of endings) {
        end(signal === 'SIGINT' ? 'SIGINT' : 'SIGTERM');
        if (child.stdout) setTimeout(() => end('SIGKILL'), KILL_AFTER_MS).unref();
        child.once('close', () => setImmediate(() => endings.size === 0 && leave()));
      }
    });
  }
}

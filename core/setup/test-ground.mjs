import { build } from './build.mjs';
import { hasDisplay, startVirtualDisplay } from './display.mjs';
import { setUpSurroundings } from './set-up.mjs';
import { installPackages } from './system-packages.mjs';

/**
 * What the machine offers to the parts: what is missing for each kind of part, or null.
 * @typedef {object} Ground
 * @property {string | null} buildProblem
 * @property {string | null} softHsmProblem
 * @property {string | null} electronProblem
 * @property {NodeJS.ProcessEnv} env with DISPLAY, where one was found or started
 *
 * @typedef {import('./system-packages.mjs').Permission} Permission
 */

/**
 * A screen for the app tests: the one there is, or a virtual one.
 * @param {Permission} permission
 * @returns {Promise<{ readonly env: NodeJS.ProcessEnv, readonly problem: string | null, readonly stop: () => void }>}
 */
async function screen(permission) {
  const none = { env: process.env, stop: () => undefined };
  if (hasDisplay()) return { ...none, problem: null };
  const first = await startVirtualDisplay();
  const installed = first ? null : await installPackages('xvfb', 'A virtual screen (Xvfb)', permission);
  const virtual = first ?? (installed?.ok ? await startVirtualDisplay() : null);
  if (virtual) return { env: { ...process.env, DISPLAY: virtual.display }, problem: null, stop: virtual.stop };
  return { ...none, problem: installed && !installed.ok ? installed.reason : 'There is no display, and Xvfb does not start.' };
}

/**
 * Prepares what the chosen parts need, and nothing else: `--only types` must not fetch an Electron.
 * @param {readonly import('./parts.mjs').Part[]} parts
 * @param {Permission} permission
 * @returns {Promise<{ readonly ground: Ground, readonly stop: () => void }>}
 */
export async function prepareGround(parts, permission) {
  const nothing = {
    ground: { buildProblem: null, softHsmProblem: null, electronProblem: null, env: process.env },
    stop: () => undefined,
  };
  if (parts.every(({ needs }) => needs === null)) return nothing;
  const buildProblem = await build();
  const { softHsmProblem, electronProblem } = await setUpSurroundings(
    permission,
    parts.some(({ needs }) => needs === 'electron'),
  );
  const ground = { buildProblem, softHsmProblem, electronProblem, env: process.env };
  if (electronProblem !== null || !parts.some(({ needs }) => needs === 'electron')) return { ...nothing, ground };
  const { env, problem, stop } = await screen(permission);
  return { ground: { ...ground, electronProblem: problem, env }, stop };
}

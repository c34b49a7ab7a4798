import { installDependencies } from './dependencies.mjs';
import { ensureLibraries } from './electron-libraries.mjs';
import { ensureElectron } from './electron-runtime.mjs';
import { sandboxFor } from './electron-sandbox.mjs';
import { nodeProblem } from './node-version.mjs';
import { ensureSoftHsm } from './softhsm.mjs';

/** @typedef {import('./system-packages.mjs').Permission} Permission */

/**
 * What nothing works without: Node and the dependencies.
 * @param {Permission} permission
 * @returns {Promise<string | null>} what is missing and what to do, or null
 */
export async function setUpDependencies(permission) {
  return nodeProblem() ?? installDependencies(permission);
}

/**
 * @param {Permission} permission
 * @returns {Promise<{ readonly electron: string | null, readonly electronProblem: string | null }>}
 */
async function setUpElectron(permission) {
  const electron = await ensureElectron(permission);
  if ('reason' in electron) return { electron: null, electronProblem: electron.reason };
  const librariesProblem = await ensureLibraries(electron.program, permission);
  return { electron: electron.program, electronProblem: librariesProblem ?? sandboxFor(electron.program).problem };
}

/**
 * What the ceremony and its window need. Each may be missing; its problem then says what, and how to get it.
 * @param {Permission} permission
 * @param {boolean} withElectron
 */
export async function setUpSurroundings(permission, withElectron) {
  const softHsmProblem = await ensureSoftHsm(permission);
  const electron = withElectron ? await setUpElectron(permission) : { electron: null, electronProblem: null };
  return { softHsmProblem, ...electron };
}

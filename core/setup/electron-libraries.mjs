import { run } from './child.mjs';
import { installPackages } from './system-packages.mjs';

/**
 * The libraries `ldd` could not find.
 * @param {string} output of ldd
 */
export function missingLibraries(output) {
  return [...output.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1] ?? '');
}

/** @param {string} program */
async function missingFor(program) {
  const ended = await run('ldd', [program]);
  // No ldd (musl, some minimal images): Electron itself will say what it lacks.
  return ended.code === 127 ? [] : missingLibraries(ended.output);
}

/**
 * The shared libraries Chromium needs; a server or container image has few of them. Linux only.
 * @param {string} program the Electron program
 * @param {import('./system-packages.mjs').Permission} permission
 * @returns {Promise<string | null>} what is missing and the exact command, or null
 */
export async function ensureLibraries(program, permission) {
  if (process.platform !== 'linux') return null;
  const missing = await missingFor(program);
  if (missing.length === 0) return null;
  const installed = await installPackages('libraries', `What Electron needs of the system (${missing.join(', ')})`, permission);
  if (!installed.ok) return installed.reason;
  const still = await missingFor(program);
  return still.length === 0 ? null : `Electron still lacks ${still.join(', ')}.`;
}

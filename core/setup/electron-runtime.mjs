import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { run } from './child.mjs';
import { inRepository } from './root.mjs';
import { say } from './say.mjs';

const DOWNLOAD_MINUTES = 5;

const EXECUTABLE =
  process.platform === 'darwin'
    ? 'Electron.app/Contents/MacOS/Electron'
    : process.platform === 'win32'
      ? 'electron.exe'
      : 'electron';

/**
 * The Electron program at hand: the folder ELECTRON_OVERRIDE_DIST_PATH names, else the one `install-electron` filled.
 * @returns {string | null}
 */
export function findElectron() {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  const program = path.join(override || inRepository('node_modules', 'electron', 'dist'), EXECUTABLE);
  return existsSync(program) ? program : null;
}

/** @param {string} output */
function cause(output) {
  const lines = output
    .trim()
    .split('\n')
    .filter((line) => !/^\s+at /.test(line));
  return lines.slice(0, 2).join(' ').trim();
}

/**
 * Gets an Electron runtime where there is none, with the official installer of the `electron` package.
 * @param {import('./system-packages.mjs').Permission} permission
 * @returns {Promise<{ readonly program: string } | { readonly reason: string }>}
 */
export async function ensureElectron(permission) {
  const found = findElectron();
  if (found) return { program: found };
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (override) return { reason: `ELECTRON_OVERRIDE_DIST_PATH is ${override}, but there is no ${EXECUTABLE} in it.` };
  if (permission.noInstall) return { reason: 'There is no Electron runtime. Install it with: npx install-electron' };
  const { version } = /** @type {{ version: string }} */ (
    JSON.parse(readFileSync(inRepository('node_modules', 'electron', 'package.json'), 'utf8'))
  );
  say(`Fetching Electron ${version} (npx install-electron).`);
  const ended = await run(process.execPath, [inRepository('node_modules', 'electron', 'install.js')], {
    timeoutMs: DOWNLOAD_MINUTES * 60_000,
  });
  const program = findElectron();
  if (ended.code === 0 && program) return { program };
  const why = ended.timedOut ? `no answer within ${DOWNLOAD_MINUTES} minutes` : cause(ended.output) || `exit code ${ended.code}`;
  return {
    reason: `Electron could not be downloaded (${why}). With a connection: npx install-electron; without: point ELECTRON_OVERRIDE_DIST_PATH at an Electron folder.`,
  };
}

import { createInterface } from 'node:readline/promises';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { run } from './child.mjs';
import { say } from './say.mjs';

/**
 * @typedef {'apt-get' | 'dnf' | 'brew'} PackageManager
 * @typedef {{ readonly yes: boolean, readonly noInstall: boolean }} Permission
 * @typedef {{ readonly ok: true } | { readonly ok: false, readonly reason: string }} Installed
 */

/**
 * What each need is called where. The compiler is for pkcs11js, the only native module; the libraries are what Electron's
 * Chromium links against and a server image lacks.
 * @type {Readonly<Record<'softhsm' | 'compiler' | 'libraries' | 'xvfb', Readonly<Partial<Record<PackageManager, readonly string[]>>>>>}
 */
const PACKAGES = {
  softhsm: { 'apt-get': ['softhsm2'], dnf: ['softhsm'], brew: ['softhsm'] },
  compiler: { 'apt-get': ['python3', 'make', 'g++'], dnf: ['python3', 'make', 'gcc-c++'] },
  libraries: { 'apt-get': ['libnss3', 'libgtk-3-0', 'libasound2', 'libgbm1'], dnf: ['nss', 'gtk3', 'alsa-lib', 'mesa-libgbm'] },
  xvfb: { 'apt-get': ['xvfb', 'xauth'], dnf: ['xorg-x11-server-Xvfb', 'xorg-x11-xauth'] },
};

/** @type {Readonly<Record<PackageManager, readonly string[]>>} */
const FLAGS = { 'apt-get': ['-y', '-qq', '--no-install-recommends'], dnf: ['-y', '-q'], brew: ['--quiet'] };

/**
 * Where on the PATH a program is, or null.
 * @param {string} program
 * @param {NodeJS.ProcessEnv} [env]
 */
export function which(program, env = process.env) {
  const names = process.platform === 'win32' ? [`${program}.exe`, `${program}.cmd`] : [program];
  for (const folder of (env['PATH'] ?? '').split(path.delimiter)) {
    for (const name of names) {
      const candidate = path.join(folder, name);
      try {
        accessSync(candidate, constants.X_OK);
        return candidate;
      } catch {
        continue;
      }
    }
  }
  return null;
}

/** @returns {PackageManager | null} */
export function packageManager() {
  const known = /** @type {const} */ (['apt-get', 'dnf', 'brew']);
  return known.find((name) => which(name)) ?? null;
}

/**
 * The command a person would type, e.g. `sudo apt-get install softhsm2`.
 * @param {keyof typeof PACKAGES} need
 * @param {PackageManager | null} manager
 * @param {readonly string[]} [names] the exact names where the table's differ here
 */
export function installCommand(need, manager, names) {
  if (process.platform === 'darwin' && need === 'compiler') return 'xcode-select --install';
  if (process.platform === 'win32' && need === 'compiler') {
    return 'winget install Python.Python.3.12 && winget install Microsoft.VisualStudio.2022.BuildTools --override "--wait --passive --add Microsoft.VisualStudio.Workload.VCTools --includeRecommended"';
  }
  if (process.platform === 'win32') return 'the installer of https://github.com/disig/SoftHSM2-for-Windows';
  const packages = names ?? (manager && PACKAGES[need][manager]);
  if (!manager || !packages)
    return `your system's package manager (on Debian: apt-get install ${PACKAGES[need]['apt-get']?.join(' ')})`;
  return `${manager === 'brew' || process.getuid?.() === 0 ? '' : 'sudo '}${manager} install ${packages.join(' ')}`;
}

/**
 * May we touch the system? Asks the person at the terminal; where none is there (CI, container, pipe) it goes ahead.
 * @param {string} command
 * @param {Permission} permission
 */
async function permitted(command, permission) {
  if (permission.noInstall) return false;
  if (permission.yes || process.env['CI'] || !process.stdin.isTTY || !process.stdout.isTTY) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`May I run "${command}"? [Y/n] `).finally(() => terminal.close());
  return /^(y|yes|)$/i.test(answer.trim());
}

/**
 * Debian 13 and Ubuntu 24.04 renamed libraries with 64-bit time to `...t64`; the old names can no longer be installed there.
 * @param {readonly string[]} names
 */
async function namesForThisDebian(names) {
  return Promise.all(
    names.map(async (name) => ((await run('apt-cache', ['show', `${name}t64`])).code === 0 ? `${name}t64` : name)),
  );
}

/**
 * @param {PackageManager} manager
 * @param {readonly string[]} args
 */
function asRoot(manager, args) {
  if (manager === 'brew' || process.getuid?.() === 0)
    return run(manager, args, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  // Without a terminal nobody can type sudo's password: -n fails at once instead of waiting for ever.
  const terminal = process.stdin.isTTY;
  const sudo = [...(terminal ? [] : ['-n']), 'env', 'DEBIAN_FRONTEND=noninteractive', manager, ...args];
  return run('sudo', sudo, { interactive: terminal });
}

/**
 * Installs what the system lacks, after asking. The reason of a failure ends with the exact command.
 * @param {keyof typeof PACKAGES} need
 * @param {string} title what it is, as the sentence names it
 * @param {Permission} permission
 * @returns {Promise<Installed>}
 */
export async function installPackages(need, title, permission) {
  const manager = packageManager();
  const packages = manager && PACKAGES[need][manager];
  const hint = `Install it with: ${installCommand(need, manager)}`;
  if (!manager || !packages) return { ok: false, reason: `${title} is missing. ${hint}` };
  if (!(await permitted(installCommand(need, manager), permission))) return { ok: false, reason: `${title} is missing. ${hint}` };
  say(`${title} is missing; installing it (${installCommand(need, manager)}).`);
  if (manager === 'apt-get') await asRoot(manager, ['update', '-qq']);
  const names = manager === 'apt-get' ? await namesForThisDebian(packages) : packages;
  const ended = await asRoot(manager, ['install', ...FLAGS[manager], ...names]);
  if (ended.code === 0) return { ok: true };
  const said = ended.output.trim().split('\n').slice(-3).join(' ');
  return { ok: false, reason: `${title} could not be installed (exit code ${ended.code}${said ? `: ${said}` : ''}). ${hint}` };
}

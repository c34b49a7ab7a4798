import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { run } from './child.mjs';
import { inRepository } from './root.mjs';
import { say } from './say.mjs';
import { installPackages, which } from './system-packages.mjs';

const LOCK = inRepository('package-lock.json');
const STAMP = inRepository('node_modules', '.keyrite-lock');
const NATIVE = inRepository('node_modules', 'pkcs11js', 'build', 'Release', 'pkcs11.node');
const NPM_CI_MINUTES = 15;

/** @typedef {{ readonly packages?: Readonly<Record<string, { readonly version?: string, readonly optional?: boolean }>> }} Lock */

/** @param {string} file */
function sha256(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/**
 * Does what npm wrote down about `node_modules` have every package the lock file asks for, in its version? So a tree that
 * somebody made with `npm ci` by hand is taken as it is. Optional packages may be missing: they are for other platforms.
 * @param {Lock} wanted package-lock.json
 * @param {Lock} installed node_modules/.package-lock.json
 */
export function isInstalledAsLocked(wanted, installed) {
  return Object.entries(wanted.packages ?? {}).every(([place, { version, optional }]) => {
    const found = installed.packages?.[place];
    return place === '' || (found ? found.version === version : optional === true);
  });
}

function isUpToDate() {
  if (existsSync(STAMP)) return readFileSync(STAMP, 'utf8') === sha256(LOCK);
  const installed = inRepository('node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  return isInstalledAsLocked(JSON.parse(readFileSync(LOCK, 'utf8')), JSON.parse(readFileSync(installed, 'utf8')));
}

/**
 * node-gyp wants Node's headers and would download them; where this Node came with its own (most packages do), it is
 * pointed at those, so that the compile needs nothing but the npm registry.
 * @returns {NodeJS.ProcessEnv}
 */
function environmentForNpm() {
  const prefix = path.dirname(path.dirname(process.execPath));
  const hasHeaders = existsSync(path.join(prefix, 'include', 'node', 'node_api.h'));
  return hasHeaders ? { npm_config_nodedir: prefix, ...process.env } : process.env;
}

/** Is what node-gyp needs to compile the PKCS#11 module there? On Windows only node-gyp itself can tell. */
function hasCompiler() {
  if (process.platform === 'win32') return true;
  return ['python3', 'make'].every((program) => which(program)) && ['c++', 'g++', 'clang++'].some((program) => which(program));
}

/**
 * @param {readonly string[]} args
 * @returns {Promise<string | null>}
 */
async function npm(args) {
  const ended = await run('npm', args, { env: environmentForNpm(), timeoutMs: NPM_CI_MINUTES * 60_000 });
  if (ended.code === 0) return null;
  const why = ended.timedOut ? `was stopped after ${NPM_CI_MINUTES} minutes` : `ended with code ${ended.code}`;
  return `npm ${args.join(' ')} ${why}:\n${ended.output.trim().split('\n').slice(-25).join('\n')}`;
}

/**
 * Puts `node_modules` into the state the lock file asks for, with the native PKCS#11 module compiled. Does nothing when it
 * already is: the stamp inside `node_modules` holds the hash of the lock file it was made from.
 * @param {import('./system-packages.mjs').Permission} permission
 * @returns {Promise<string | null>} what is wrong and what to do, or null
 */
export async function installDependencies(permission) {
  const upToDate = isUpToDate();
  if (upToDate && existsSync(NATIVE)) {
    if (!existsSync(STAMP)) writeFileSync(STAMP, sha256(LOCK));
    return null;
  }
  if (!hasCompiler()) {
    const compiler = await installPackages(
      'compiler',
      'What compiles the PKCS#11 module (python3, make, a C++ compiler)',
      permission,
    );
    if (!compiler.ok) return compiler.reason;
  }
  say(upToDate ? 'Compiling the PKCS#11 module.' : 'Installing the dependencies (npm ci). The first time takes a minute or two.');
  const problem = await npm(upToDate ? ['rebuild', 'pkcs11js'] : ['ci', '--no-audit', '--no-fund']);
  if (problem) return problem;
  if (!existsSync(NATIVE)) {
    return 'The PKCS#11 module was not compiled: npm did not run its install script. Run: npm rebuild pkcs11js --foreground-scripts';
  }
  writeFileSync(STAMP, sha256(LOCK));
  return null;
}

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { run } from './child.mjs';
import { inRepository, ROOT } from './root.mjs';
import { say, seconds } from './say.mjs';

/** Whatever can change what the build makes. Tests and documents cannot. */
const INPUTS = [
  'core',
  'electron',
  'proxy',
  'renderer',
  'resources',
  'electron.vite.config.ts',
  'package-lock.json',
  'package.json',
  'tsconfig.base.json',
];
const NOT_BUILT = inRepository('core', 'setup');
const STAMP = inRepository('dist', '.stamp');
const PRODUCTS = ['dist/main/main.js', 'dist/main/keyrite.js'];

/**
 * @param {string} place
 * @returns {string[]}
 */
function filesUnder(place) {
  if (place === NOT_BUILT || !existsSync(place)) return [];
  const entries = readdirSync(place, { withFileTypes: true });
  return entries.flatMap((entry) => {
    const inside = path.join(place, entry.name);
    return entry.isDirectory() ? filesUnder(inside) : [inside];
  });
}

/**
 * One digest over names and contents of the inputs: by content and not by time, because a checkout changes times and an
 * editor that restores a file restores its old one.
 * @param {readonly string[]} [inputs] folders and files inside `root`
 * @param {string} [root]
 */
export function fingerprint(inputs = INPUTS, root = ROOT) {
  const hash = createHash('sha256');
  for (const input of inputs) {
    const place = path.join(root, input);
    const files = path.extname(input) ? [place].filter((file) => existsSync(file)) : filesUnder(place);
    for (const file of files.sort())
      hash.update(`${path.relative(root, file)}\0`).update(createHash('sha256').update(readFileSync(file)).digest());
  }
  return hash.digest('hex');
}

/** The commit: the build carries its name into the evidence, so the same files under a new commit are a new build. */
function commit() {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'no repository';
  }
}

function isUpToDate(/** @type {string} */ wanted) {
  return (
    existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted && PRODUCTS.every((product) => existsSync(inRepository(product)))
  );
}

/**
 * Builds main, preload, renderer and the terminal with electron-vite, unless the last build was made from the same inputs.
 * @returns {Promise<string | null>} what is wrong, or null
 */
export async function build() {
  const wanted = `${fingerprint()} ${commit()}`;
  if (isUpToDate(wanted)) return null;
  say('Building the app.');
  const startedAt = Date.now();
  rmSync(STAMP, { force: true });
  const ended = await run(process.execPath, [inRepository('node_modules', 'electron-vite', 'bin', 'electron-vite.js'), 'build']);
  if (ended.code !== 0) return `The build failed:\n${ended.output.trim()}`;
  mkdirSync(path.dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, wanted);
  say(`Built in ${seconds(Date.now() - startedAt)}.`);
  return null;
}

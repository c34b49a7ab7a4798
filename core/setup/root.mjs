import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

/**
 * The nearest folder above that is the repository: these files also run bundled into `dist/main`, at another depth.
 * @param {string} folder
 * @returns {string}
 */
function repositoryAbove(folder) {
  const above = path.dirname(folder);
  if (existsSync(path.join(folder, 'package.json')) && existsSync(path.join(folder, 'resources'))) return folder;
  if (above === folder) throw new Error('Keyrite was moved out of its repository.');
  return repositoryAbove(above);
}

/** The repository's folder. */
export const ROOT = repositoryAbove(path.dirname(fileURLToPath(import.meta.url)));

/**
 * A place inside the repository.
 * @param {...string} parts
 */
export function inRepository(...parts) {
  return path.join(ROOT, ...parts);
}

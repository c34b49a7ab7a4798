import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * What ceremonies keep on this station alone until they are sealed: import tokens, secrets of proxies. How many files each has, by its
 * id; a folder without any is not told. Where nothing was kept yet there is no folder at all.
 */
export async function privateFiles(folder: string): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isDirectory()) continue;
    const files = await readdir(join(folder, entry.name), { recursive: true, withFileTypes: true }).catch(() => []);
    const count = files.filter((file) => !file.isDirectory()).length;
    if (count > 0) found.set(entry.name, count);
  }
  return found;
}

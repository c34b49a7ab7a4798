import { join } from 'node:path';
import { inject } from 'vitest';
import { buildFresh, type Entries } from './fresh-build';

export interface BuiltEntries {
  /** where the built entry of this name is */
  readonly path: (name: string) => string;
  readonly remove: () => Promise<void>;
}

/** Entries as programs: those that were built for the whole run (entries-once.ts), or built now. */
export async function buildEntries(entries: Entries): Promise<BuiltEntries> {
  const once = inject('entries');
  const isThere = Object.entries(entries).every(([name, source]) => once?.sources[name] === source);
  const { folder, remove } =
    once !== undefined && isThere ? { folder: once.folder, remove: () => Promise.resolve() } : await buildFresh(entries);
  return { path: (name) => join(folder, `${name}.mjs`), remove };
}

export interface BuiltChild {
  readonly script: string;
  readonly remove: () => Promise<void>;
}

/** The token child alone. */
export async function buildTokenChild(): Promise<BuiltChild> {
  const { path, remove } = await buildEntries({ 'token-child': 'core/pkcs11/child/main.ts' });
  return { script: path('token-child'), remove };
}

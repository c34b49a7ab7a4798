import { mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'vite';

const ROOT = resolve(import.meta.dirname, '../..');

export interface BuiltEntries {
  /** where the built entry of this name is */
  readonly path: (name: string) => string;
  readonly remove: () => Promise<void>;
}

/** Entries (name -> source file from the root) as the app build makes them: ES modules, only packages that must stay outside left outside. Lies under node_modules so that those are found. */
export async function buildEntries(entries: Readonly<Record<string, string>>): Promise<BuiltEntries> {
  const folder = await mkdtemp(join(ROOT, 'node_modules/.keyrite-built-'));
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true, external: ['pkcs11js', 'pdfmake', '@cedar-policy/cedar-wasm'] },
    build: {
      ssr: true,
      outDir: folder,
      target: 'node20.18',
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(entries).map(([name, source]) => [name, join(ROOT, source)])),
        output: { entryFileNames: '[name].mjs' },
      },
    },
  });
  return { path: (name) => join(folder, `${name}.mjs`), remove: () => rm(folder, { recursive: true, force: true }) };
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

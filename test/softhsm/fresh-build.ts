import { mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'vite';

const ROOT = resolve(import.meta.dirname, '../..');

/** Entries by name: the source file, from the root. */
export type Entries = Readonly<Record<string, string>>;

/** Builds entries as the app build makes them: ES modules, only packages that must stay outside left outside. Lies under node_modules so that those are found. */
export async function buildFresh(entries: Entries): Promise<{ readonly folder: string; readonly remove: () => Promise<void> }> {
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
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

import { mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'vite';

const ROOT = resolve(import.meta.dirname, '../..');

export interface BuiltChild {
  readonly script: string;
  readonly remove: () => Promise<void>;
}

/** The token child as the app build makes it: one ES module, only the native binding left outside. Lies under node_modules so that it is found. */
export async function buildTokenChild(): Promise<BuiltChild> {
  const folder = await mkdtemp(join(ROOT, 'node_modules/.keyrite-child-'));
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true, external: ['pkcs11js'] },
    build: {
      ssr: true,
      outDir: folder,
      target: 'node20.18',
      rolldownOptions: {
        input: { 'token-child': join(ROOT, 'core/pkcs11/child/main.ts') },
        output: { entryFileNames: '[name].mjs' },
      },
    },
  });
  return { script: join(folder, 'token-child.mjs'), remove: () => rm(folder, { recursive: true, force: true }) };
}

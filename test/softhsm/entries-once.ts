import type { TestProject } from 'vitest/node';
import { buildFresh, type Entries } from './fresh-build';

declare module 'vitest' {
  interface ProvidedContext {
    /** programs that were built for the whole run; undefined in projects that build none */
    readonly entries: { readonly folder: string; readonly sources: Entries } | undefined;
  }
}

/** What nearly every file of the project starts. */
const SOURCES: Entries = {
  'token-child': 'core/pkcs11/child/main.ts',
  'hsm-process': 'proxy/hsm/process/main.ts',
  'proxy-child': 'proxy/child.ts',
};

let remove = (): Promise<void> => Promise.resolve();

/** Builds once for all files of the project. */
export async function setup(project: TestProject): Promise<void> {
  const built = await buildFresh(SOURCES);
  remove = built.remove;
  project.provide('entries', { folder: built.folder, sources: SOURCES });
}

export const teardown = (): Promise<void> => remove();

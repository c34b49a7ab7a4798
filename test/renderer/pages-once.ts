import type { TestProject } from 'vitest/node';
import { findChromium } from './browser';
import { servePages, type ServedPages } from './served-pages';

declare module 'vitest' {
  interface ProvidedContext {
    /** where the built pages are served */
    readonly pages: string;
  }
}

let served: ServedPages | null = null;

/** The pages are built and served once for all files of the project, where there is a browser to look at them. */
export async function setup(project: TestProject): Promise<void> {
  if (findChromium() === null) return;
  served = await servePages();
  project.provide('pages', served.address);
}

export async function teardown(): Promise<void> {
  await served?.close();
}

import { defineConfig } from '@playwright/test';

/** The tests that drive the real app, one after the other: they share two cores with the app's own processes. */
export default defineConfig({
  testDir: '.',
  testMatch: '**/*.test.ts',
  outputDir: '../../test-results',
  workers: 1,
  fullyParallel: false,
  // Generous: a busy machine is slow, and only what hangs shall fail.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: 'list',
});

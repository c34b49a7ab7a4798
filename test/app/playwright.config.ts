import { defineConfig } from '@playwright/test';

/** The tests that drive the real app, one after the other: they share two cores with the app's own processes. */
export default defineConfig({
  testDir: '.',
  testMatch: '**/*.test.ts',
  outputDir: '../../test-results',
  workers: 1,
  fullyParallel: false,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
});

import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// Three projects: `unit` needs nothing but Node, `softhsm` needs a SoftHSM module, `renderer` renders screens without a browser.
export default defineConfig({
  test: {
    // Two cores are the reference machine; a third worker would only make time-outs of the SoftHSM suite likelier.
    maxWorkers: 2,
    coverage: {
      provider: 'v8',
      include: ['core/**/*.ts', 'electron/**/*.ts', 'proxy/**/*.ts', 'renderer/**/*.{ts,tsx}'],
      reporter: ['text-summary', 'json-summary'],
    },
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          include: ['test/{core,docs,electron,proxy,vectors}/**/*.test.ts'],
          // Limits here and below are for what hangs; a busy machine is slow.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'softhsm',
          environment: 'node',
          include: ['test/softhsm/**/*.test.ts'],
          globalSetup: 'test/softhsm/entries-once.ts',
          // C_Initialize is once per process: each file gets a process of its own.
          pool: 'forks',
          isolate: true,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        plugins: [react()],
        test: {
          name: 'renderer',
          environment: 'node',
          include: ['test/renderer/**/*.test.{ts,tsx}'],
          globalSetup: 'test/renderer/pages-once.ts',
          testTimeout: 90_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});

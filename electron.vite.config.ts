// No type annotations here: the file is outside of the TypeScript projects, and the linter reads it as plain JavaScript.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { defineConfig } from 'electron-vite';
import pages from './renderer/vite.config';

const root = import.meta.dirname;
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** The commit, with `-dirty` when the tree differs from it; 'unknown' outside a repository. Evidence names it. */
function buildHash() {
  const git = (command) =>
    execFileSync('git', command.split(' '), { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return git('rev-parse --short=12 HEAD') + (git('status --porcelain --untracked-files=no') === '' ? '' : '-dirty');
  } catch {
    return 'unknown';
  }
}

/** Entries of main that run in a plain Node or a utility process: whatever they pull in must not need Electron. */
const PLAIN_NODE = ['keyrite', 'token-child', 'wrap-child', 'proxy', 'proxy-child', 'hsm-process', 'policy-trial'];

/**
 * Fails the build when code that runs without Electron reaches for it through a shared chunk, and makes the terminal entry executable.
 * @returns {import('vite').Plugin}
 */
function plainNodeEntries() {
  return {
    name: 'keyrite-plain-node-entries',
    generateBundle(_options, bundle) {
      for (const name of PLAIN_NODE) {
        const waiting = [`${name}.js`];
        const seen = new Set();
        for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
          const chunk = bundle[file];
          if (seen.has(file) || chunk?.type !== 'chunk') continue;
          seen.add(file);
          const imports = [...chunk.imports, ...chunk.dynamicImports];
          if (imports.includes('electron')) this.error(`${name}.js would import electron through ${file}`);
          waiting.push(...imports);
        }
      }
    },
    writeBundle(options) {
      const entry = join(options.dir ?? '', 'keyrite.js');
      if (existsSync(entry)) chmodSync(entry, 0o755);
    },
  };
}

export default defineConfig({
  main: {
    define: { KEYRITE_VERSION: JSON.stringify(version), KEYRITE_BUILD: JSON.stringify(buildHash()) },
    plugins: [plainNodeEntries()],
    build: {
      outDir: 'dist/main',
      // Electron 33 runs Node 20.18, the terminal Node 20.19
      target: 'node20.18',
      rolldownOptions: {
        input: {
          main: resolve(root, 'electron/main.ts'),
          'token-child': resolve(root, 'core/pkcs11/child/main.ts'),
          'wrap-child': resolve(root, 'core/wrapping/child/main.ts'),
          keyrite: resolve(root, 'core/cli/keyrite.ts'),
          proxy: resolve(root, 'proxy/room.ts'),
          'proxy-child': resolve(root, 'proxy/child.ts'),
          'hsm-process': resolve(root, 'proxy/hsm/process/main.ts'),
          'policy-trial': resolve(root, 'proxy/policy-trial.ts'),
        },
        output: {
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
          banner: (chunk) => (chunk.isEntry && chunk.name === 'keyrite' ? '#!/usr/bin/env node' : ''),
        },
      },
    },
  },
  preload: {
    build: {
      outDir: 'dist/preload',
      target: 'node20.18',
      // a sandboxed preload can load nothing beside itself, and only CommonJS
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: resolve(root, 'electron/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    ...pages,
    build: {
      ...pages.build,
      outDir: resolve(root, 'dist/renderer'),
      rolldownOptions: { input: resolve(root, 'renderer/index.html') },
    },
  },
});

import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const HEADERS = resolve(import.meta.dirname, '../../../node_modules/pkcs11js/includes');

/** Is there a C compiler here? (The binding was compiled with one, so nearly always.) */
export const hasCompiler = process.platform !== 'win32' && spawnSync('cc', ['--version']).status === 0;

if (!hasCompiler)
  console.warn('SKIPPED: the tests with a faulty PKCS#11 module. They need a C compiler (Debian, Ubuntu: apt install gcc).');

export interface FaultyModule {
  readonly path: string;
  /** One fault per line, see module.c; takes effect with the next call. */
  readonly faults: (...lines: readonly string[]) => void;
}

/** Compiles a module that is SoftHSM with faults, into `folder`. */
export function buildFaultyModule(folder: string, target: string): FaultyModule {
  const path = join(folder, 'faulty.so');
  const file = join(folder, 'faults.txt');
  const source = join(import.meta.dirname, 'module.c');
  execFileSync('cc', [
    '-shared',
    '-fPIC',
    '-O1',
    `-I${HEADERS}`,
    `-DTARGET="${target}"`,
    `-DFAULTS="${file}"`,
    '-o',
    path,
    source,
    '-ldl',
  ]);
  const faults = (...lines: readonly string[]) => writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
  faults();
  return { path, faults };
}

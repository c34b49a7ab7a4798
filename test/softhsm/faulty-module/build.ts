import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';

const HEADERS = resolve(import.meta.dirname, '../../../node_modules/pkcs11js/includes');

/** Is there a C compiler here? (The binding was compiled with one, so nearly always.) */
export const hasCompiler = process.platform !== 'win32' && spawnSync('cc', ['--version']).status === 0;

if (!hasCompiler)
  console.warn('SKIPPED: the tests with a faulty PKCS#11 module. They need a C compiler (Debian, Ubuntu: apt install gcc).');

export interface FaultyModule {
  readonly path: string;
  /** One fault per line, see module.c; takes effect with the next call. Counts of `[TIMES]` begin anew. */
  readonly faults: (...lines: readonly string[]) => void;
  /** How often a function was called since the module was built, over all processes, faults included. */
  readonly calls: (name: string) => number;
  /** When the last C_Encrypt or C_Decrypt ended, in milliseconds since 1970; 0: never. */
  readonly lastDataCall: () => number;
}

/** struct counters of module.c */
const LINES = 64;
const FUNCTIONS = 32;
const NAME_BYTES = 24;
const USED_AT = 8;
const FUNCTIONS_AT = USED_AT + 8 * LINES;
const FUNCTION_BYTES = NAME_BYTES + 8;

function nameAt(bytes: Buffer, at: number): string {
  return bytes.toString('latin1', at, bytes.indexOf(0, at));
}

/** Compiles a module that is SoftHSM with faults, into `folder`. */
export function buildFaultyModule(folder: string, target: string): FaultyModule {
  const path = join(folder, 'faulty.so');
  const file = join(folder, 'faults.txt');
  const counters = join(folder, 'counters');
  const source = join(import.meta.dirname, 'module.c');
  writeFileSync(counters, Buffer.alloc(FUNCTIONS_AT + FUNCTIONS * FUNCTION_BYTES));
  const places = { TARGET: target, FAULTS: file, COUNTERS: counters };
  const defines = Object.entries(places).map(([name, place]) => `-D${name}="${place}"`);
  execFileSync('cc', [
    ...['-shared', '-fPIC', '-O1', '-D_GNU_SOURCE', `-I${HEADERS}`, ...defines],
    ...['-o', path, source, '-ldl', '-lpthread'],
  ]);

  function faults(...lines: readonly string[]): void {
    const shared = openSync(counters, 'r+');
    writeSync(shared, Buffer.alloc(8 * LINES), 0, 8 * LINES, USED_AT);
    closeSync(shared);
    // Renamed into place: no process ever reads half of it.
    writeFileSync(`${file}.next`, lines.map((line) => `${line}\n`).join(''));
    renameSync(`${file}.next`, file);
  }

  function calls(name: string): number {
    const bytes = readFileSync(counters);
    for (let at = FUNCTIONS_AT; at < bytes.length; at += FUNCTION_BYTES)
      if (nameAt(bytes, at) === name) return Number(bytes.readBigUInt64LE(at + NAME_BYTES));
    return 0;
  }

  faults();
  return { path, faults, calls, lastDataCall: () => Number(readFileSync(counters).readBigUInt64LE(0)) / 1e6 };
}

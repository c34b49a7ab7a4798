/** SoftHSM behind a shim that takes its time for each call: the faulty module of the tests (test/softhsm/faulty-module/module.c). */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.join(import.meta.dirname, '../../..');
const SOURCE = path.join(ROOT, 'test/softhsm/faulty-module/module.c');
const HEADERS = path.join(ROOT, 'node_modules/pkcs11js/includes');

/** Every function that an operation of the proxy calls; none of them is answered from memory by a network HSM. */
const SLOW = ['C_EncryptInit', 'C_Encrypt', 'C_DecryptInit', 'C_Decrypt', 'C_GenerateRandom'];

/** More than struct counters of module.c needs. */
const COUNTER_BYTES = 1 << 16;

/**
 * Compiles the module into `folder`.
 * @returns its path, and when the last C_Encrypt or C_Decrypt ended, in ms since 1970 (0: never)
 */
export function buildDelayedModule(folder, target, microseconds) {
  const places = { TARGET: target, FAULTS: path.join(folder, 'faults.txt'), COUNTERS: path.join(folder, 'counters') };
  const module = path.join(folder, 'delayed.so');
  writeFileSync(places.COUNTERS, Buffer.alloc(COUNTER_BYTES));
  writeFileSync(places.FAULTS, SLOW.map((name) => `${name} delay ${microseconds}\n`).join(''));
  const defines = Object.entries(places).map(([name, place]) => `-D${name}="${place}"`);
  execFileSync('cc', [
    ...['-shared', '-fPIC', '-O1', '-D_GNU_SOURCE', `-I${HEADERS}`, ...defines],
    ...['-o', module, SOURCE, '-ldl', '-lpthread'],
  ]);
  return { path: module, lastDataCall: () => Number(readFileSync(places.COUNTERS).readBigUInt64LE(0)) / 1e6 };
}

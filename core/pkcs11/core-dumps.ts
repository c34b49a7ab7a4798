import { writeFileSync } from 'node:fs';

/**
 * Takes memory out of core dumps (core(5)): if the vendor's library crashes, no PIN is on the disk afterwards. Linux only; macOS and
 * Windows write no core files unless an administrator asked for them. Where it is refused, the process goes on.
 * @param who names the process on stderr
 */
export function keepMemoryOutOfCoreDumps(who: string): void {
  if (process.platform !== 'linux') return;
  try {
    writeFileSync('/proc/self/coredump_filter', '0x0');
  } catch (error) {
    process.stderr.write(`${who}: core dumps could not be restricted (${(error as NodeJS.ErrnoException).code ?? 'unknown'})\n`);
  }
}

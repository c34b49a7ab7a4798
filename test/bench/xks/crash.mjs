import { median } from '../median.mjs';
import { ask, encryptBody, encryptPath } from './signed.mjs';
import { labelOf } from './token.mjs';

const GIVES_UP_MS = 30_000;

async function encrypts(url) {
  try {
    await ask(url, encryptPath(labelOf(0)), encryptBody(32, false));
    return true;
  } catch {
    return false;
  }
}

/**
 * SIGKILL to the process of a supervised proxy.
 * @returns ms from the signal until an Encrypt was answered again
 */
export async function fromCrashToServing(url, pid) {
  const began = performance.now();
  process.kill(pid, 'SIGKILL');
  while (!(await encrypts(url))) {
    if (performance.now() - began > GIVES_UP_MS) throw new Error('It does not serve again.');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return performance.now() - began;
}

/** As rows: the least is what it takes, other work on the machine only ever adds; the median is what a shared machine sees. */
export function crashRows(times, where) {
  const least = Math.min(...times);
  return [
    { name: `${where}: from SIGKILL to serving again, least`, value: least, unit: 'ms', target: '<= 1000', holds: least <= 1000 },
    { name: `${where}: the same, median of ${times.length}`, value: median(times), unit: 'ms', target: '', holds: null },
  ];
}

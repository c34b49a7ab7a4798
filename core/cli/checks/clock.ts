import { statSync } from 'node:fs';
import { inRepository } from '../../setup/root.mjs';
import { fine, type Finding } from './finding';

const HOUR_MS = 3_600_000;

function offset(at: Date): string {
  const minutes = -at.getTimezoneOffset();
  const pad = (n: number) => String(Math.trunc(Math.abs(n))).padStart(2, '0');
  return `UTC${minutes < 0 ? '-' : '+'}${pad(minutes / 60)}:${pad(minutes % 60)}`;
}

/**
 * A clock cannot be checked without another clock, but one that stands before this program was put on the disk is wrong,
 * and every time in the evidence would be.
 * @param notBefore a moment that has certainly passed
 */
export function checkClock(at = new Date(), notBefore = statSync(inRepository('package.json')).mtime): Finding {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const found = `${at.toISOString()}, ${offset(at)}${zone ? ` (${zone})` : ''}`;
  if (at.getTime() + HOUR_MS >= notBefore.getTime()) return fine('clock', 'Clock', found);
  return {
    id: 'clock',
    title: 'Clock',
    state: 'warning',
    found,
    remedy: `set it: this program was installed at ${notBefore.toISOString()}, which has not come yet`,
  };
}

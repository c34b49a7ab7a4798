import { join } from 'node:path';
import type { Settings } from '../settings/settings';

/** Characters of `YYYY-MM-DDThh:mm` that a rotation changes its file's name by. */
const PRECISION = { minutely: 16, hourly: 13, daily: 10, never: 0 } as const;

/**
 * The file that lines of this time go to, named as the AWS sample proxy names its own: `prefix.2026-11-23-14-05`, to the precision
 * of the rotation, in UTC; `prefix` alone where it never rotates.
 * @param at milliseconds since 1970
 */
export function logPath({ folder, prefix, rotation }: NonNullable<Settings['log']['file']>, at: number): string {
  const stamp = new Date(at).toISOString().slice(0, PRECISION[rotation]).replaceAll(/[T:]/g, '-');
  return join(folder, stamp === '' ? prefix : `${prefix}.${stamp}`);
}

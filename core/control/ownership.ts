import type { Stats } from 'node:fs';

/** The user this process acts as; null on Windows, where folders of a user's profile are private by their access list. */
export function ourUser(): number | null {
  return process.geteuid?.() ?? null;
}

/**
 * Why something on disk is not to be trusted, or '' when it is. Whoever can write the latch, or make another folder pass for ours,
 * can arm what was killed; so it must belong to us and nobody else may write to it.
 */
export function distrust({ uid, mode }: Pick<Stats, 'uid' | 'mode'>): string {
  const user = ourUser();
  if (user === null) return '';
  if (uid !== user) return `belongs to another user (uid ${uid}, this is uid ${user})`;
  return (mode & 0o022) === 0 ? '' : `may be written by others (mode ${(mode & 0o777).toString(8).padStart(4, '0')})`;
}

import { fingerprintRows } from '../evidence/words';

/** A SHA-256 digest as people compare it: eight numbered rows of hex and words. */
export function wordRows(digest: string): string {
  return fingerprintRows(digest)
    .map(({ n, hex, words }) => `  ${n}  ${hex}  ${words}`)
    .join('\n');
}

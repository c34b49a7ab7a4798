import pgp from '../../resources/words/pgp.json';

/** One row of a digest as people compare it: its number from 1, 4 bytes as hex, the same 4 bytes as words. */
export interface FingerprintRow {
  readonly n: number;
  readonly hex: string;
  readonly words: string;
}

/**
 * The PGP word list (Juola and Zimmermann, 1995): two-syllable words at even byte positions, three-syllable ones at odd
 * positions, so that a dropped or swapped byte is heard. The words are never localised.
 * @param hex an even number of hex digits
 */
export function digestWords(hex: string): string[] {
  const bytes = hex.match(/../g) ?? [];
  return bytes.map((pair, i) => {
    const word = (i % 2 === 0 ? pgp.even : pgp.odd)[Number.parseInt(pair, 16)];
    if (word === undefined) throw new RangeError('Not a hex digest.');
    return word;
  });
}

/** A SHA-256 digest as eight numbered rows of 4 bytes each. */
export function fingerprintRows(hex: string): FingerprintRow[] {
  return (hex.match(/.{8}/g) ?? []).map((row, i) => ({ n: i + 1, hex: row, words: digestWords(row).join(' ') }));
}

/** The first four words of a digest: a label to recognise it by, never a proof that two digests are equal. */
export function shortWords(hex: string): string {
  return digestWords(hex.slice(0, 8)).join(' ');
}

/** Edits (insert, delete, replace, one row at a time) between two words: Wagner and Fischer, 1974. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1];
    for (const [j, other] of Array.from(b).entries()) {
      const replace = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replace, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** The known word that `typed` was probably meant to be, or null when none is near (more than a third of it would have to change). */
export function nearest(typed: string, known: readonly string[]): string | null {
  const ranked = known.map((word) => ({ word, edits: distance(typed, word) })).sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  return best && best.edits <= Math.max(2, Math.floor(best.word.length / 3)) ? best.word : null;
}

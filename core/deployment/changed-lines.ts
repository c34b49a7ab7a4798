/** A line of a text that is in one of two versions only; `section`: the last heading (`[server]`) above it, '' before the first. */
export interface ChangedLine {
  readonly section: string;
  readonly change: 'goes' | 'comes';
  readonly line: string;
}

const HEADING = /^\[.*\]$/;

/** What turns one text into another, line by line and in order: the fewest lines that go and come. For texts of some hundred lines. */
export function changedLines(before: string, after: string): readonly ChangedLine[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  const common = commonLengths(old, now);
  const changes: ChangedLine[] = [];
  let section = '';
  const pass = (line: string): void => {
    if (HEADING.test(line)) section = line;
  };
  for (let [i, j] = [0, 0]; i < old.length || j < now.length;) {
    const [gone, come] = [old[i], now[j]];
    if (gone !== undefined && gone === come) {
      pass(gone);
      i += 1;
      j += 1;
    } else if (come === undefined || (gone !== undefined && at(common, i + 1, j) >= at(common, i, j + 1))) {
      pass(gone ?? '');
      changes.push({ section, change: 'goes', line: gone ?? '' });
      i += 1;
    } else {
      pass(come);
      changes.push({ section, change: 'comes', line: come });
      j += 1;
    }
  }
  return changes.filter(({ line }) => line !== '');
}

/** Length of the longest common subsequence of what is left from each pair of places on. */
function commonLengths(old: readonly string[], now: readonly string[]): readonly (readonly number[])[] {
  const table = Array.from({ length: old.length + 1 }, () => new Array<number>(now.length + 1).fill(0));
  for (let i = old.length - 1; i >= 0; i -= 1) {
    const row = table[i] ?? [];
    for (let j = now.length - 1; j >= 0; j -= 1)
      row[j] = old[i] === now[j] ? at(table, i + 1, j + 1) + 1 : Math.max(at(table, i + 1, j), at(table, i, j + 1));
  }
  return table;
}

function at(table: readonly (readonly number[])[], i: number, j: number): number {
  return table[i]?.[j] ?? 0;
}

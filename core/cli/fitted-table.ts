const GAP = 2;

/** A text cut in its middle to `width` columns: ARNs tell apart at both ends. */
export function shortened(text: string, width: number): string {
  if (text.length <= width) return text;
  const head = Math.ceil((width - 1) / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (width - 1 - head))}`;
}

/** Words on lines of at most `width` columns, each behind `indent`; a longer word has a line of its own. */
export function wrapped(text: string, width: number, indent: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > width) {
      lines.push(indent + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, indent + line];
}

/** Column numbers in runs that fit beside the first column; at least one column a run. */
function runs(widths: readonly number[], room: number): readonly (readonly number[])[] {
  const all: number[][] = [];
  let used = room + 1;
  widths.forEach((width, column) => {
    if (used + GAP + width > room) {
      all.push([]);
      used = 0;
    }
    all.at(-1)?.push(column);
    used += GAP + width;
  });
  return all;
}

/**
 * A table as lines of at most `width` columns. The first column may be shortened to half of it; the rest is never cut: what does
 * not fit beside goes below, under the first column once more.
 */
export function fittedTable(rows: readonly (readonly string[])[], width: number): readonly string[] {
  const label = Math.min(Math.max(...rows.map(([name = '']) => name.length)), Math.max(8, Math.floor(width / 2)));
  const columns = Math.max(...rows.map((row) => row.length)) - 1;
  const widths = Array.from({ length: columns }, (_, i) => Math.max(...rows.map((row) => (row[i + 1] ?? '').length)));
  const blocks = runs(widths, width - label).map((run) =>
    rows.map(([name = '', ...cells]) =>
      [shortened(name, label).padEnd(label), ...run.map((i) => (cells[i] ?? '').padEnd(widths[i] ?? 0))]
        .join(' '.repeat(GAP))
        .trimEnd(),
    ),
  );
  return blocks.flatMap((lines, i) => (i === 0 ? lines : ['', ...lines]));
}

/** Where a verb's words go: the process's streams, or a test's arrays. */
export interface Output {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Is stdout a terminal where colour is wanted? */
  readonly isTerminal: boolean;
}

const ESCAPES = {
  bold: ['\u001B[1m', '\u001B[22m'],
  red: ['\u001B[31m', '\u001B[39m'],
  green: ['\u001B[32m', '\u001B[39m'],
  yellow: ['\u001B[33m', '\u001B[39m'],
} as const;

export type Ink = keyof typeof ESCAPES;

/** Colours `text` where colour is wanted and leaves it alone elsewhere. Colour only repeats what a word already says. */
export function ink(colour: Ink, text: string, isTerminal: boolean): string {
  const [on, off] = ESCAPES[colour];
  return isTerminal ? `${on}${text}${off}` : text;
}

/** Lines of left-aligned columns, two spaces apart; the last column is not padded. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  return rows.map((row) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/**
 * The process's own streams. NO_COLOR (https://no-color.org) with any value that is not empty turns colour off; a reader that
 * went away (`keyrite verify DIR | head`) ends the program quietly instead of as a fault.
 */
export function processOutput(env: NodeJS.ProcessEnv): Output {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return {
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
    isTerminal: process.stdout.isTTY && !env['NO_COLOR'],
  };
}

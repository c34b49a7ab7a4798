/**
 * The rest of a line from a place on, as a text field selects it. Lines and columns count from 1, columns in characters, as the
 * engine's places do; one outside of the text is the nearest inside.
 */
export function placeOf(text: string, line: number, column: number): { readonly start: number; readonly end: number } {
  const lines = text.split('\n');
  const index = Math.min(Math.max(line, 1), lines.length) - 1;
  const before = lines.slice(0, index).reduce((sum, each) => sum + each.length + 1, 0);
  const whole = lines[index] ?? '';
  const within = Array.from(whole)
    .slice(0, column - 1)
    .join('').length;
  return { start: before + Math.min(within, whole.length), end: before + whole.length };
}

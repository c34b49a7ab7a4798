/** One word of a POSIX shell (Shell Command Language, 2.2): nothing in it is expanded, whatever it holds. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** PKCS#11 pads its text fields with blanks; some modules pad with NUL. */
export function trimmed(text: string): string {
  const end = text.search(/[ \0]+$/);
  return end < 0 ? text : text.slice(0, end);
}

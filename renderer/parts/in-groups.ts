/** Four characters at a time: the eye compares groups, not strings. For showing only. */
export function inGroups(value: string): string {
  return value.trim().replace(/(.{4})(?=.)/g, '$1 ');
}

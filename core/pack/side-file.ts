/** What a Mac leaves beside files that are copied with it onto a medium: `._name` and `.DS_Store`. Never opened. */
export function isSideFile(name: string): boolean {
  return name.startsWith('._') || name === '.DS_Store';
}

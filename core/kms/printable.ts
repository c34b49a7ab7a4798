const LONGEST = 300;

/**
 * Somebody else's words, fit for an event, a page and paper: one paragraph, no control or direction characters, 300 characters.
 * The paragraphs after the first are left out because AWS prints the request it expected there, session token and all
 * (SignatureDoesNotMatch). `secrets` are blotted out wherever they stand.
 */
export function printable(text: string, secrets: readonly string[] = []): string {
  const [first = ''] = text.trim().split(/\r?\n\s*\n|The Canonical String/);
  const blotted = secrets.filter((secret) => secret !== '').reduce((words, secret) => words.replaceAll(secret, '***'), first);
  const line = blotted.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}

/**
 * One plain sentence to the person who waits.
 * @param {string} sentence
 */
export function say(sentence) {
  process.stdout.write(`${sentence}\n`);
}

/**
 * A child's output, set off from our own sentences.
 * @param {string} text
 */
export function quote(text) {
  const trimmed = text.trimEnd();
  if (trimmed) say(trimmed.replaceAll(/^/gm, '    '));
}

/** @param {number} ms */
export function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}

const INKS = /** @type {const} */ ({ passed: 32, failed: 31, skipped: 33 });

/**
 * Colours a verdict on a terminal that wants colour; the word itself says it all.
 * @param {keyof typeof INKS} verdict
 * @param {string} text
 */
export function inked(verdict, text) {
  return process.stdout.isTTY && !process.env['NO_COLOR'] ? `\u001B[${INKS[verdict]}m${text}\u001B[39m` : text;
}

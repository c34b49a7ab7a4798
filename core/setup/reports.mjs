/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 *
 * @typedef {{ readonly status: string, readonly message?: string, readonly assertionResults: readonly { readonly status: string }[] }} VitestFile
 * @typedef {{ readonly expected: number, readonly unexpected: number, readonly flaky: number, readonly skipped: number }} PlaywrightStats
 */

/**
 * Test cases of a vitest JSON report. A file that failed before its first test (a syntax error, a thrown import) has no
 * cases and would count as nothing: it counts as one failure.
 * @param {{ readonly testResults: readonly VitestFile[] }} report
 * @returns {Counts}
 */
export function countVitest({ testResults }) {
  const cases = testResults.flatMap(({ assertionResults }) => assertionResults);
  const count = (/** @type {readonly string[]} */ words) => cases.filter(({ status }) => words.includes(status)).length;
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((one) => one.status === 'failed'),
  );
  return {
    passed: count(['passed']),
    failed: count(['failed']) + broken.length,
    skipped: count(['pending', 'skipped', 'todo', 'disabled']),
  };
}

/**
 * Test cases of a Playwright JSON report. A flaky test is a failed one: it must be mended, not repeated until it agrees.
 * @param {{ readonly stats: PlaywrightStats, readonly errors: readonly unknown[] }} report
 * @returns {Counts}
 */
export function countPlaywright({ stats, errors }) {
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length, skipped: stats.skipped };
}

/**
 * The last line of `npm test`, exactly.
 * @param {Counts} counts
 */
export function lastLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/**
 * @param {readonly Counts[]} all
 * @returns {Counts}
 */
export function sum(all) {
  return all.reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }), {
    passed: 0,
    failed: 0,
    skipped: 0,
  });
}

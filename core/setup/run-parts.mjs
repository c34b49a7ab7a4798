import { availableParallelism } from 'node:os';
import { EXIT } from './exit-codes.mjs';
import { lastLine, sum } from './reports.mjs';
import { inked, quote, say, seconds } from './say.mjs';
import { runTogether } from './schedule.mjs';

/**
 * @typedef {import('./parts.mjs').Part} Part
 * @typedef {import('./test-ground.mjs').Ground} Ground
 * @typedef {{ readonly part: Part, readonly verdict: 'passed' | 'failed' | 'skipped', readonly counts: import('./reports.mjs').Counts, readonly tookMs: number, readonly note: string }} Line
 */

/**
 * Why a part cannot run here, and whether that is a failure. A build that fails always is one; in CI a missing SoftHSM is
 * too, because there everything is meant to be installed and a skipped suite would look like a green one.
 * @param {Part} part
 * @param {Ground} ground
 * @returns {{ readonly note: string, readonly fails: boolean } | null}
 */
export function obstacle(part, ground, inCi = process.env['CI'] === 'true') {
  if (part.needs === null) return null;
  if (ground.buildProblem !== null) return { note: ground.buildProblem, fails: true };
  if (ground.softHsmProblem !== null) return { note: ground.softHsmProblem, fails: inCi };
  return part.needs === 'electron' && ground.electronProblem !== null ? { note: ground.electronProblem, fails: false } : null;
}

/**
 * @param {Part} part
 * @param {Ground} ground
 * @returns {Promise<Line>}
 */
async function runPart(part, ground) {
  const startedAt = Date.now();
  const stopped = obstacle(part, ground);
  if (stopped) {
    const counts = { passed: 0, failed: stopped.fails ? 1 : 0, skipped: stopped.fails ? 0 : 1 };
    return { part, verdict: stopped.fails ? 'failed' : 'skipped', counts, tookMs: 0, note: stopped.note };
  }
  const { output, ...counts } = await part.run(ground);
  return { part, verdict: counts.failed > 0 ? 'failed' : 'passed', counts, tookMs: Date.now() - startedAt, note: output };
}

/** @param {Line} line */
function tell({ part, verdict, counts, tookMs, note }) {
  say(`${inked(verdict, verdict)}  ${part.title}: ${verdict === 'skipped' ? note : `${lastLine(counts)} (${seconds(tookMs)})`}`);
  if (verdict === 'failed') quote(note);
}

/** @param {readonly Line[]} lines */
function summarise(lines) {
  const width = Math.max(...lines.map(({ part }) => part.title.length));
  say('');
  for (const { part, verdict, counts, tookMs } of lines) {
    say(
      `${part.title.padEnd(width)}  ${inked(verdict, verdict.padEnd(7))}  ${lastLine(counts).padEnd(34)}  ${seconds(tookMs).padStart(8)}`,
    );
  }
  say('');
}

/**
 * Runs the parts, tells each as it ends, and closes with the table and the counts.
 * @param {readonly Part[]} parts
 * @param {Ground} ground
 * @returns {Promise<number>} the exit code
 */
export async function runParts(parts, ground) {
  const tasks = parts.map((part) => ({
    cores: part.cores,
    run: async () => {
      const line = await runPart(part, ground);
      tell(line);
      return line;
    },
  }));
  const lines = await runTogether(tasks, Math.max(2, availableParallelism()));
  summarise(lines);
  const counts = sum(lines.map((line) => line.counts));
  say(lastLine(counts));
  return counts.failed > 0 ? EXIT.failed : EXIT.done;
}

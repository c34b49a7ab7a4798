/**
 * `npm run bench`: runs every test/bench/*.bench.mjs, one after the other because they measure time, and prints one table.
 * A bench is a program of its own; the last line it prints is a JSON array of rows (see `Row`).
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { build } from './build.mjs';
import { endCleanlyOnSignals, run } from './child.mjs';
import { readCommandLine } from './command-line.mjs';
import { EXIT } from './exit-codes.mjs';
import { inRepository } from './root.mjs';
import { quote, say } from './say.mjs';
import { setUpDependencies } from './set-up.mjs';

/**
 * @typedef {object} Row
 * @property {string} name what was measured, e.g. `verify 100,000 events`
 * @property {number} value
 * @property {string} unit e.g. `ms`
 * @property {string} target the number we hold ourselves to, e.g. `<= 2000`, or '' where there is none
 * @property {boolean | null} holds null where there is no target
 *
 * @typedef {{ readonly bench: string, readonly rows: readonly Row[] } | { readonly bench: string, readonly problem: string }} Measured
 */

const FOLDER = inRepository('test', 'bench');
const RESULTS = inRepository('.cache', 'bench.json');
const MINUTES = 20;

const HELP = `npm run bench [-- --only NAMES]

Measures what test/bench holds and writes the numbers to .cache/bench.json as well.

  --only NAMES  only these, e.g. --only app-start
  -h, --help    this text

Exit codes: 0 every target holds, 1 one does not or a bench failed, 2 unknown option, 3 the dependencies could not be installed.`;

/**
 * @param {string} output
 * @returns {readonly Row[] | null}
 */
function rowsFrom(output) {
  const last = output.trim().split('\n').at(-1) ?? '';
  try {
    const rows = JSON.parse(last);
    return Array.isArray(rows) ? rows : null;
  } catch {
    return null;
  }
}

/**
 * @param {string} file
 * @returns {Promise<Measured>}
 */
async function measure(file) {
  const bench = path.basename(file, '.bench.mjs');
  say(`Measuring ${bench}.`);
  const ended = await run(process.execPath, ['--expose-gc', path.join(FOLDER, file)], { timeoutMs: MINUTES * 60_000 });
  const rows = ended.code === 0 ? rowsFrom(ended.output) : null;
  return rows ? { bench, rows } : { bench, problem: ended.output.trim() || `exit code ${ended.code}` };
}

/** @param {readonly Measured[]} all */
function table(all) {
  const cells = all.flatMap((one) =>
    'rows' in one
      ? one.rows.map((row) => [one.bench, row.name, `${Math.round(row.value * 100) / 100} ${row.unit}`, row.target, verdict(row)])
      : [[one.bench, 'failed', '', '', '']],
  );
  const widths = ['', '', '', '', ''].map((_, i) => Math.max(...cells.map((row) => row[i]?.length ?? 0)));
  for (const row of cells)
    say(
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

/** @param {Row} row */
function verdict({ holds }) {
  return holds === null ? '' : holds ? 'holds' : 'DOES NOT HOLD';
}

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
async function bench(args) {
  const { values, problem } = readCommandLine(args, { only: { type: 'string' }, help: { type: 'boolean', short: 'h' } });
  if (problem !== null || values.help) {
    say(problem === null ? HELP : `${problem}. See: npm run bench -- --help`);
    return problem === null ? EXIT.done : EXIT.unusable;
  }
  const lacking = await setUpDependencies({ yes: false, noInstall: true });
  const broken = lacking ?? (await build());
  if (broken !== null) {
    say(broken);
    return lacking === null ? EXIT.failed : EXIT.lacking;
  }
  return measureAll(values.only?.split(','));
}

/**
 * @param {readonly string[] | undefined} only
 * @returns {Promise<number>}
 */
async function measureAll(only) {
  const files = readdirSync(FOLDER).filter(
    (file) => file.endsWith('.bench.mjs') && (only?.includes(path.basename(file, '.bench.mjs')) ?? true),
  );
  /** @type {Measured[]} */
  const all = [];
  for (const file of files.sort()) all.push(await measure(file));
  say('');
  table(all);
  for (const one of all) if ('problem' in one) quote(`${one.bench}: ${one.problem}`);
  mkdirSync(path.dirname(RESULTS), { recursive: true });
  const machine = {
    at: new Date().toISOString(),
    node: process.version,
    platform: process.platform,
    cpu: cpus()[0]?.model ?? '',
    cores: cpus().length,
  };
  writeFileSync(RESULTS, `${JSON.stringify({ machine, benches: all }, null, 2)}\n`);
  say(`\nThe numbers are in ${path.relative(process.cwd(), RESULTS)}.`);
  return all.every((one) => 'rows' in one && one.rows.every(({ holds }) => holds !== false)) ? EXIT.done : EXIT.failed;
}

endCleanlyOnSignals();
process.exitCode = await bench(process.argv.slice(2));

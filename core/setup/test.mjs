/**
 * `npm test`: the same set-up as `npm start`, then every part, each with one line and its reason where it cannot run.
 * The last line is exactly `N passed, N failed, N skipped`.
 */
import { endCleanlyOnSignals } from './child.mjs';
import { PERMISSION_OPTIONS, readCommandLine } from './command-line.mjs';
import { EXIT } from './exit-codes.mjs';
import { PARTS } from './parts.mjs';
import { lastLine } from './reports.mjs';
import { runParts } from './run-parts.mjs';
import { say } from './say.mjs';
import { setUpDependencies } from './set-up.mjs';
import { prepareGround } from './test-ground.mjs';

const IDS = PARTS.map(({ id }) => id);

const HELP = `npm test [-- OPTIONS]

Sets up what is missing, then runs every part: ${IDS.join(', ')}.
A part that cannot run is skipped aloud and counted; with CI=true a missing SoftHSM is a failure.

  --only PARTS  only these, e.g. --only unit,app
  --yes         install system packages without asking
  --no-install  install no system packages and fetch no Electron runtime; say what is missing
  -h, --help    this text

Exit codes: 0 nothing failed, 1 something failed, 2 unknown option or part, 3 this machine lacks something without which
nothing can run (it is named with the command that helps), 130 Ctrl-C.`;

/** @param {string | undefined} only */
function choose(only) {
  const ids = only?.split(',').map((id) => id.trim()) ?? IDS;
  return { parts: PARTS.filter(({ id }) => ids.includes(id)), unknown: ids.find((id) => !IDS.includes(id)) ?? null };
}

/**
 * @param {readonly import('./parts.mjs').Part[]} parts
 * @param {import('./system-packages.mjs').Permission} permission
 */
async function setUpAndRun(parts, permission) {
  const lacking = await setUpDependencies(permission);
  if (lacking !== null) {
    say(`${lacking}\n${lastLine({ passed: 0, failed: 0, skipped: parts.length })}`);
    return EXIT.lacking;
  }
  const { ground, stop } = await prepareGround(parts, permission);
  process.once('exit', stop);
  return runParts(parts, ground).finally(stop);
}

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
async function test(args) {
  const { values, problem } = readCommandLine(args, { ...PERMISSION_OPTIONS, only: { type: 'string' } });
  const { parts, unknown } = choose(values?.only);
  if (problem !== null || unknown !== null) {
    say(`${problem ?? `There is no part "${unknown}"`}. See: npm test -- --help`);
    return EXIT.unusable;
  }
  if (values.help) {
    say(HELP);
    return EXIT.done;
  }
  return setUpAndRun(parts, { yes: values.yes, noInstall: values['no-install'] });
}

endCleanlyOnSignals();
process.exitCode = await test(process.argv.slice(2));

/**
 * `npm start`: sets up what is missing and opens the app in the Rehearsal profile; without a display or an Electron
 * runtime it runs the same rehearsal in the terminal. Imports only `node:` and its neighbours, because nothing is installed yet.
 */
import { build } from './build.mjs';
import { endCleanlyOnSignals, run } from './child.mjs';
import { PERMISSION_OPTIONS, readCommandLine } from './command-line.mjs';
import { hasDisplay } from './display.mjs';
import { sandboxFor } from './electron-sandbox.mjs';
import { EXIT } from './exit-codes.mjs';
import { inRepository, ROOT } from './root.mjs';
import { say } from './say.mjs';
import { setUpDependencies, setUpSurroundings } from './set-up.mjs';

const HELP = `npm start [-- OPTIONS]

Sets up what is missing (dependencies, build, SoftHSM, Electron) and opens Keyrite in the Rehearsal profile.
Where there is no display or no Electron runtime it runs the rehearsal in the terminal instead.

  --yes         install system packages without asking
  --no-install  install no system packages and fetch no Electron runtime; say what is missing
  -h, --help    this text

Exit codes: 0 the app was closed or the rehearsal succeeded, 1 the build, the app or the rehearsal failed,
2 unknown option, 3 this machine lacks something (it is named with the command that helps), 130 Ctrl-C.`;

/**
 * @param {string} program
 * @returns {Promise<number>}
 */
async function openApp(program) {
  const { args, note } = sandboxFor(program);
  if (note) say(note);
  say('Opening Keyrite.');
  const ended = await run(program, [...args, ROOT], { interactive: true });
  return ended.code === 0 ? EXIT.done : EXIT.failed;
}

/**
 * @param {string | null} softHsmProblem
 * @returns {Promise<number>}
 */
async function rehearseInTerminal(softHsmProblem) {
  if (softHsmProblem) {
    say(softHsmProblem);
    return EXIT.lacking;
  }
  const ended = await run(process.execPath, [inRepository('dist', 'main', 'keyrite.js'), 'rehearse', 'hsm-key'], {
    interactive: true,
  });
  return ended.code;
}

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
async function start(args) {
  const { values, problem } = readCommandLine(args, PERMISSION_OPTIONS);
  if (problem !== null || values.help) {
    say(problem === null ? HELP : `${problem}. See: npm start -- --help`);
    return problem === null ? EXIT.done : EXIT.unusable;
  }
  const permission = { yes: values.yes, noInstall: values['no-install'] };
  const lacking = await setUpDependencies(permission);
  const broken = lacking === null ? await build() : null;
  if (lacking !== null || broken !== null) {
    say(lacking ?? broken ?? '');
    return lacking === null ? EXIT.failed : EXIT.lacking;
  }
  return open(permission);
}

/**
 * @param {import('./system-packages.mjs').Permission} permission
 * @returns {Promise<number>}
 */
async function open(permission) {
  // Without a display no window opens, and 100 MB of Electron need not be fetched to find that out.
  const { softHsmProblem, electron, electronProblem } = await setUpSurroundings(permission, hasDisplay());
  if (electron === null || electronProblem !== null) {
    say(
      `${electronProblem ?? 'There is no display here (log in at a screen, or set DISPLAY).'} Running the rehearsal in the terminal instead.`,
    );
    return rehearseInTerminal(softHsmProblem);
  }
  if (softHsmProblem) say(`${softHsmProblem} The app opens without it, but cannot rehearse.`);
  return openApp(electron);
}

endCleanlyOnSignals();
process.exitCode = await start(process.argv.slice(2));

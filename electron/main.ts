import { app, nativeTheme } from 'electron';
import { TOOL } from '../core/contract/tool';
import { keepMemoryOutOfCoreDumps } from '../core/pkcs11/core-dumps';
import { declareAppScheme, serveAppScheme } from './app-scheme';
import { HELP, readLaunchOptions } from './arguments';
import { serveBridge } from './bridge/serve';
import { tellDamagedSettings } from './damaged-settings';
import { catchFaults } from './faults';
import { foldersIn } from './folders';
import { askBeforeLeaving, closeBeforeQuit } from './leaving';
import { LOG, openLog, type Log } from './log';
import { installMenu } from './menu';
import { pageSession } from './page';
import { refusedSwitch } from './security/command-line';
import { forbidNewWindows } from './security/external-links';
import { forbidNavigation } from './security/navigation';
import { forbidNetwork, silenceChromium } from './security/network';
import { denyPermissions } from './security/permissions';
import { claimSingleInstance } from './security/single-instance';
import { openSettings } from './settings-store';
import { TEXT } from './text';
import { focusMainWindow, openMainWindow } from './window';
import { windows } from './windows';

const options = readLaunchOptions(process.argv, process.env);
if (options.dataFolder !== null) app.setPath('userData', options.dataFolder);

const folders = foldersIn(app.getPath('userData'), app.getAppPath());

/** Says one thing and ends, before any window. */
function endWith(text: string, code: number): void {
  (code === 0 ? process.stdout : process.stderr).write(text);
  app.exit(code);
}

/** Everything that has to be said before Electron is ready. */
function prepare(log: Log): void {
  // PINs come by here, and the one of the proxy stays while it runs
  keepMemoryOutOfCoreDumps('keyrite');
  catchFaults(log);
  // Given --no-sandbox (root in a container; refused when installed), children that insist on the sandbox would die at once.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  silenceChromium();
  declareAppScheme();
  forbidNavigation(log);
  forbidNewWindows(log);
}

function openApp(log: Log): void {
  const settings = openSettings(folders.settingsFile, folders.evidence, (value) => {
    windows.tell('settings.changed', value);
  });
  nativeTheme.themeSource = settings.get().appearance;
  denyPermissions(pageSession());
  forbidNetwork(pageSession(), log);
  serveAppScheme(pageSession(), folders.pages);
  const window = openMainWindow({ preload: folders.preload, stateFile: folders.windowFile, log });
  window.once('closed', () => {
    app.quit();
  });
  if (settings.damaged !== null) tellDamagedSettings(window, settings.damaged, log);
  const house = import('./furnish').then(({ furnish }) => furnish({ folders, settings, log }));
  serveBridge(house.then(({ door }) => door));
  void house.then(({ menu, leaving, close }) => {
    installMenu(menu);
    askBeforeLeaving(window, leaving);
    closeBeforeQuit(close);
  });
}

async function testSelf(log: Log): Promise<void> {
  const { runSelfTest, isComplete } = await import('./self-test');
  const found = await runSelfTest(folders, log);
  process.stdout.write(`${JSON.stringify(found)}\n`);
  app.exit(isComplete(found) ? 0 : 1);
}

function begin(): void {
  const log = openLog(folders.logs);
  prepare(log);
  if (!options.selfTest && !claimSingleInstance(focusMainWindow)) {
    app.exit(0);
    return;
  }
  log.note(LOG.started, { version: TOOL.version, build: TOOL.build, electron: process.versions.electron });
  app.once('quit', () => {
    log.note(LOG.stopped);
  });
  // Not awaited at the top level: Electron is ready only after this module has run, so the two would wait for each other.
  void app.whenReady().then(() => (options.selfTest ? testSelf(log) : openApp(log)));
}

const refused = refusedSwitch((name) => app.commandLine.hasSwitch(name), {
  isPackaged: app.isPackaged,
  selfTest: options.selfTest,
});
if (options.help) endWith(HELP, 0);
else if (options.version) endWith(`${TOOL.version} (${TOOL.build})\n`, 0);
else if (refused !== null) endWith(`${TEXT.refusedSwitch(refused)}\n`, 2);
else begin();

import { BrowserWindow, dialog, screen } from 'electron';
import { PAGE_ADDRESS } from './app-scheme';
import { LOG, type Log } from './log';
import { pageOptions } from './page';
import { protectContent } from './security/content-protection';
import { TEXT } from './text';
import { openWindowState, visibleBounds } from './window-bounds';
import { windows } from './windows';

const DEFAULT_SIZE = { width: 1366, height: 860 };
const MINIMUM_SIZE = { minWidth: 900, minHeight: 600 };
const MAX_RELOADS = 3;

function rememberBounds(window: BrowserWindow, file: ReturnType<typeof openWindowState>, log: Log): void {
  window.on('close', () => {
    try {
      file.save({ bounds: window.getNormalBounds(), maximized: window.isMaximized() });
    } catch (cause) {
      log.note(LOG.settingsNotWritten, { file: 'window', problem: String(cause) });
    }
  });
}

/**
 * A page that dies is loaded again: state lives in main and on disk, so the same step is back within a second. A page that keeps
 * dying is not reloaded for ever.
 */
function reviveAfterCrash(window: BrowserWindow, log: Log): void {
  let reloads = 0;
  window.webContents.on('render-process-gone', (_, { reason, exitCode }) => {
    log.note(LOG.pageGone, { reason, exitCode });
    if (reason === 'clean-exit') return;
    reloads += 1;
    if (reloads <= MAX_RELOADS) window.webContents.reload();
    else dialog.showErrorBox(TEXT.pageLost.title, TEXT.pageLost.message);
  });
  window.on('unresponsive', () => {
    log.note(LOG.pageUnresponsive);
  });
}

/** The main window. It is shown with its first painted frame, in the page's own background colour. */
export function openMainWindow({ preload, stateFile, log }: { preload: string; stateFile: string; log: Log }): BrowserWindow {
  const state = openWindowState(stateFile);
  const remembered = visibleBounds(
    state.value().bounds,
    screen.getAllDisplays().map((display) => display.workArea),
  );
  const window = new BrowserWindow({ ...pageOptions(preload), ...DEFAULT_SIZE, ...MINIMUM_SIZE, ...remembered, title: TEXT.app });
  windows.add('main', window);
  protectContent(window);
  rememberBounds(window, state, log);
  reviveAfterCrash(window, log);
  window.once('ready-to-show', () => {
    // maximize() shows the window as well, so not before there is something to see
    if (state.value().maximized) window.maximize();
    else window.show();
    log.note(LOG.shown, { sinceStartMs: Math.round(Date.now() - (process.getCreationTime() ?? Date.now())) });
  });
  void window.loadURL(PAGE_ADDRESS).catch((cause: unknown) => log.fault('main window', cause));
  return window;
}

export function focusMainWindow(): void {
  const window = windows.get('main');
  if (!window) return;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

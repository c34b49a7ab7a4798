import { app, dialog, powerMonitor, type BrowserWindow } from 'electron';
import { showNotice } from './show-notice';
import { TEXT } from './text';

/** What would be lost or paused with the app. */
export interface Leaving {
  readonly isCeremonyRunning: () => boolean;
  /** a proxy of ours runs, or comes back by itself */
  readonly isProxyRunning: () => boolean;
  readonly hasTray: () => boolean;
  /** the planned pause, which a person asked for */
  readonly stopProxy: () => Promise<unknown>;
  /** true the first time */
  readonly tellOfTray: () => boolean;
}

interface Question {
  readonly title: string;
  readonly message: string;
  readonly detail: string;
}

/** The first button is the safe one: Enter and Escape mean it. @returns the number of the button */
async function ask(window: BrowserWindow, { title, message, detail }: Question, buttons: readonly string[]): Promise<number> {
  const about = { type: 'warning' as const, title, message, detail, defaultId: 0, cancelId: 0, noLink: true };
  return (await dialog.showMessageBox(window, { ...about, buttons: [...buttons] })).response;
}

/**
 * Closing the main window or quitting is asked about while a ceremony or the proxy runs, and staying is the default. With a tray,
 * closing the window only hides it while the proxy runs: the tray has the switch, and the way back.
 */
export function askBeforeLeaving(window: BrowserWindow, leaving: Leaving): void {
  const { quit, proxy } = TEXT;
  let isDecided = false;
  let isAsking = false;
  let isQuitting = false;

  /** One question at a time. */
  const once = (work: () => Promise<void>): void => {
    if (isAsking) return;
    isAsking = true;
    void work().finally(() => (isAsking = false));
  };

  const hide = (): void => {
    window.hide();
    if (leaving.tellOfTray()) showNotice(proxy.inTray);
  };

  async function mayLeaveCeremony(): Promise<boolean> {
    return !leaving.isCeremonyRunning() || (await ask(window, quit, [quit.stay, quit.leave])) === 1;
  }

  async function mayLeaveProxy(): Promise<boolean> {
    if (!leaving.isProxyRunning()) return true;
    const { stay, tray, stop } = proxy.leave;
    const choices = leaving.hasTray() ? ([stay, tray, stop] as const) : ([stay, stop] as const);
    const choice = choices[await ask(window, proxy.leave, choices)];
    if (choice === tray) hide();
    if (choice !== stop) return false;
    await leaving.stopProxy();
    return true;
  }

  async function leave(): Promise<void> {
    if (!(await mayLeaveCeremony()) || !(await mayLeaveProxy())) {
      isQuitting = false;
      return;
    }
    isDecided = true;
    app.quit();
  }

  const isFree = (): boolean => isDecided || (!leaving.isCeremonyRunning() && !leaving.isProxyRunning());

  window.on('close', (event) => {
    if (isFree()) return;
    event.preventDefault();
    if (!isQuitting && !leaving.isCeremonyRunning() && leaving.hasTray()) hide();
    else once(leave);
  });
  app.on('before-quit', (event) => {
    if (isFree()) return;
    isQuitting = true;
    event.preventDefault();
    once(leave);
  });
  // The machine goes down: there is nobody to ask, and the proxy is to come back with it.
  powerMonitor.on('shutdown', () => {
    isDecided = true;
  });
}

/** Ends what runs beside the app before it quits; what cannot be ended does not keep the app from quitting. */
export function closeBeforeQuit(close: () => Promise<void>): void {
  app.once('will-quit', (event) => {
    event.preventDefault();
    void close().finally(() => {
      // Not within this event: Electron takes a quit for the one that is just being put off, and never ends.
      setImmediate(() => {
        app.quit();
      });
    });
  });
}

import { app, dialog, type BrowserWindow } from 'electron';
import { TEXT } from './text';

/** Closing the main window or quitting while a ceremony runs is asked about, and staying is the default. */
export function askBeforeLeaving(window: BrowserWindow, isCeremonyRunning: () => boolean): void {
  let isDecided = false;
  window.on('close', (event) => {
    if (isDecided || !isCeremonyRunning()) return;
    event.preventDefault();
    const { title, message, detail, stay, leave } = TEXT.quit;
    void dialog
      .showMessageBox(window, {
        type: 'warning',
        title,
        message,
        detail,
        buttons: [stay, leave],
        defaultId: 0,
        cancelId: 0,
        noLink: true,
      })
      .then(({ response }) => {
        isDecided = response === 1;
        if (isDecided) app.quit();
      });
  });
}

/** Ends what runs beside the app before it quits; what cannot be ended does not keep the app from quitting. */
export function closeBeforeQuit(close: () => Promise<void>): void {
  app.once('will-quit', (event) => {
    event.preventDefault();
    void close().finally(() => {
      app.quit();
    });
  });
}

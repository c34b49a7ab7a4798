import { app } from 'electron';
import { LOG, type Log } from '../log';

/**
 * Rule: nothing opens outside. A page cannot open a window of its own nor hand an address to the system's browser: on a ceremony
 * station either would show the room something nobody approved. `shell.openExternal` is used nowhere.
 */
export function forbidNewWindows(log: Log): void {
  app.on('web-contents-created', (_, contents) => {
    contents.setWindowOpenHandler(() => {
      log.note(LOG.pageBlocked, { what: 'new window' });
      return { action: 'deny' };
    });
  });
}

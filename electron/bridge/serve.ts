import { ipcMain } from 'electron';
import { callerOf } from '../security/sender';
import { CALL_CHANNEL } from './channels';
import type { Door } from './door';

/**
 * Hangs the door into Electron's IPC. No other handler or listener exists on `ipcMain`. The door may still be on its way: a page
 * is loaded while the house behind it is, and its first calls wait. Who calls is looked at before that wait, not after it.
 */
export function serveBridge(door: Promise<Door>): void {
  ipcMain.handle(CALL_CHANNEL, (event, area: unknown, verb: unknown, input: unknown) => {
    const caller = callerOf(event);
    return door.then((open) => open(caller, area, verb, input));
  });
}

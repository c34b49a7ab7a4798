import { ipcMain } from 'electron';
import { LOG, type Log } from '../log';
import { callerOf } from '../security/sender';
import { CALL_CHANNEL } from './channels';
import { openDoor, type Tables } from './door';

/** Hangs the door into Electron's IPC. No other handler or listener exists on `ipcMain`. */
export function serveBridge(tables: Tables, log: Log): void {
  const door = openDoor(tables, {
    refused: (reason, what) => {
      log.note(LOG.bridgeRefused, { reason, what });
    },
    fault: log.fault,
  });
  ipcMain.handle(CALL_CHANNEL, (event, area: unknown, verb: unknown, input: unknown) => door(callerOf(event), area, verb, input));
}

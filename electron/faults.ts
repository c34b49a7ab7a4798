import { dialog } from 'electron';
import type { Log } from './log';
import { TEXT } from './text';

/**
 * A bug nobody caught: written down once with its incident number, and shown. The app goes on: evidence is flushed event by event,
 * and closing the window under people's hands would only add to the harm. No crash reporter is started anywhere: a dump of a
 * process that has just held a PIN must not exist, much less travel.
 */
export function catchFaults(log: Log): void {
  const show = (where: string) => (cause: unknown) => {
    const incident = log.fault(where, cause);
    dialog.showErrorBox(TEXT.fault.title, TEXT.fault.message(incident));
  };
  process.on('uncaughtException', show('uncaught exception'));
  process.on('unhandledRejection', show('unhandled rejection'));
}

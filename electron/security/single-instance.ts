import { app } from 'electron';

/**
 * Rule: one app per data folder. Two of them would append to one transcript and hold two logins on one token. The second start
 * brings the first one's window to the front and ends.
 */
export function claimSingleInstance(onSecond: () => void): boolean {
  if (!app.requestSingleInstanceLock()) return false;
  app.on('second-instance', onSecond);
  return true;
}

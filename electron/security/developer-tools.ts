import { app } from 'electron';

/**
 * Rule: an installed app has no developer tools. They run script in the page's own origin: somebody at the keyboard could then ask
 * the bridge for what no screen offers.
 */
export function allowsDeveloperTools(): boolean {
  return !app.isPackaged;
}

/**
 * Rule: an installed app does not start with switches that let other programs into its windows or take the sandbox away. Fuses shut
 * Node's own inspector; these are Chromium's, which no fuse covers.
 */
const REFUSED = [
  'remote-debugging-port',
  'remote-debugging-pipe',
  'remote-debugging-address',
  'disable-web-security',
  'load-extension',
  'js-flags',
  'renderer-cmd-prefix',
  'utility-cmd-prefix',
  'enable-logging',
  'log-net-log',
] as const;

/** The first switch that forbids the start, or null. `selfTest` opens no window, so it may run without a sandbox (containers run as root). */
export function refusedSwitch(
  has: (name: string) => boolean,
  { isPackaged, selfTest }: { isPackaged: boolean; selfTest: boolean },
): string | null {
  if (!isPackaged) return null;
  const refused = selfTest ? REFUSED : [...REFUSED, 'no-sandbox'];
  return refused.find((name) => has(name)) ?? null;
}

import { app, globalShortcut } from 'electron';

/** Four keys, so that nobody presses them by accident; the same on every platform. */
export const KILL_SHORTCUT = 'CommandOrControl+Alt+Shift+K';

/**
 * The switch from anywhere on this desktop, whatever window has the keyboard.
 * @returns false where another program has it or the desktop gives none away (Wayland)
 */
export function registerKillShortcut(kill: () => void): boolean {
  // A held key comes again and again; a kill is a kill already.
  const isOn = globalShortcut.register(KILL_SHORTCUT, kill);
  app.once('will-quit', () => {
    globalShortcut.unregister(KILL_SHORTCUT);
  });
  return isOn;
}

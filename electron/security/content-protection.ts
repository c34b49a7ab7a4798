import type { BrowserWindow } from 'electron';

/**
 * Rule: the window that takes PINs and passphrases is black in screenshots, recordings and shared screens (macOS, Windows; X11 and
 * Wayland have no such thing). The projector window exists to be shown and is not protected.
 */
export function protectContent(window: BrowserWindow): void {
  window.setContentProtection(true);
}

/** A shortcut as Electron writes it, in the words of this keyboard. */
export function shortcutText(accelerator: string, isMac: boolean = /\bMac/u.test(navigator.userAgent)): string {
  return accelerator
    .replace(/CommandOrControl|CmdOrCtrl/u, isMac ? 'Cmd' : 'Ctrl')
    .replaceAll(/\bOption\b/gu, isMac ? 'Option' : 'Alt');
}

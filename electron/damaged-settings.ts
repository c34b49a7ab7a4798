import { basename } from 'node:path';
import { dialog, type BrowserWindow } from 'electron';
import { LOG, type Log } from './log';
import { TEXT } from './text';

/** Said aloud: defaults mean another module, another token and no mirror, and people must know before they start. */
export function tellDamagedSettings(window: BrowserWindow, kept: string, log: Log): void {
  log.note(LOG.settingsDamaged, { kept: basename(kept) });
  const { title, message } = TEXT.settingsDamaged;
  void dialog.showMessageBox(window, { type: 'warning', title, message: title, detail: message(basename(kept)) });
}

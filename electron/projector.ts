import { BrowserWindow, screen } from 'electron';
import { PAGE_ADDRESS } from './app-scheme';
import type { Log } from './log';
import { pageOptions } from './page';
import { TEXT } from './text';
import { windows } from './windows';

/** On the second screen where there is one, else as a window of 1024x768 (what an old beamer shows). */
function place(): {
  readonly x?: number;
  readonly y?: number;
  readonly width: number;
  readonly height: number;
  readonly fullscreen?: true;
} {
  const main = windows.get('main');
  const here = main ? screen.getDisplayMatching(main.getBounds()) : screen.getPrimaryDisplay();
  const other = screen.getAllDisplays().find((display) => display.id !== here.id);
  return other ? { ...other.workArea, fullscreen: true } : { width: 1024, height: 768 };
}

/** The read-only second window. The same page, which asks `app.info` what it is; the bridge gives this window two verbs. */
export function openProjector(preload: string, log: Log): void {
  const open = windows.get('projector');
  if (open) {
    open.show();
    return;
  }
  const window = new BrowserWindow({ ...pageOptions(preload), ...place(), title: TEXT.projector, autoHideMenuBar: true });
  windows.add('projector', window);
  window.setMenu(null);
  window.on('page-title-updated', (event) => {
    event.preventDefault();
  });
  window.once('ready-to-show', () => {
    window.show();
  });
  void window.loadURL(PAGE_ADDRESS).catch((cause: unknown) => log.fault('projector', cause));
}

export function closeProjector(): void {
  windows.get('projector')?.close();
}

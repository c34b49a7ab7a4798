import { Menu, type MenuItemConstructorOptions } from 'electron';
import { TEXT } from './text';

/** The platform's own editing verbs; without them no Ctrl/Cmd+C works in a field on macOS. */
const EDIT: MenuItemConstructorOptions = {
  label: TEXT.menu.edit,
  submenu: [
    { role: 'undo' },
    { role: 'redo' },
    { type: 'separator' },
    { role: 'cut' },
    { role: 'copy' },
    { role: 'paste' },
    { role: 'selectAll' },
  ],
};

const VIEW: MenuItemConstructorOptions = {
  label: TEXT.menu.view,
  submenu: [
    { role: 'zoomIn', label: TEXT.menu.zoomIn },
    { role: 'zoomOut', label: TEXT.menu.zoomOut },
    { role: 'resetZoom', label: TEXT.menu.zoomReset },
    { type: 'separator' },
    { role: 'togglefullscreen', label: TEXT.menu.fullScreen },
  ],
};

/**
 * A small menu, all of it reachable by keyboard. No reload and no developer tools: a reload in the middle of a step helps nobody,
 * and a page that hangs is revived by main.
 */
export function installMenu(projector: { readonly open: () => void; readonly close: () => void }): void {
  const application: MenuItemConstructorOptions =
    process.platform === 'darwin'
      ? { role: 'appMenu' }
      : { label: TEXT.menu.file, submenu: [{ role: 'quit', label: TEXT.menu.quit }] };
  const window: MenuItemConstructorOptions = {
    label: TEXT.menu.window,
    submenu: [
      { label: TEXT.menu.openProjector, accelerator: 'CommandOrControl+Shift+P', click: projector.open },
      { label: TEXT.menu.closeProjector, click: projector.close },
      { type: 'separator' },
      { role: 'minimize' },
    ],
  };
  Menu.setApplicationMenu(Menu.buildFromTemplate([application, EDIT, VIEW, window]));
}

import { Menu, type MenuItemConstructorOptions } from 'electron';
import { KILL_SHORTCUT } from './shortcut';
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

export interface MenuActs {
  readonly projector: { readonly open: () => void; readonly close: () => void };
  readonly kill: () => void;
  /** the shortcut works from anywhere; else from our own window only, by this menu */
  readonly isShortcutOn: boolean;
}

/** Never greyed out: a switch that has to find out first whether it may be used comes too late. */
function proxyMenu({ kill, isShortcutOn }: MenuActs): MenuItemConstructorOptions {
  return {
    label: TEXT.proxy.menu,
    submenu: [
      { id: 'kill', label: TEXT.proxy.kill, accelerator: KILL_SHORTCUT, registerAccelerator: !isShortcutOn, click: kill },
      ...(isShortcutOn ? [] : [{ label: TEXT.proxy.noShortcut, enabled: false }]),
    ],
  };
}

/**
 * A small menu, all of it reachable by keyboard. No reload and no developer tools: a reload in the middle of a step helps nobody,
 * and a page that hangs is revived by main.
 */
export function installMenu(acts: MenuActs): void {
  const { projector } = acts;
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
  Menu.setApplicationMenu(Menu.buildFromTemplate([application, EDIT, VIEW, proxyMenu(acts), window]));
}

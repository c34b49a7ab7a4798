import { execFile } from 'node:child_process';
import { Menu, nativeImage, Tray, type NativeImage } from 'electron';
import type { ProxySnapshot } from '../core/contract/proxy-values';
import { lightOf, type ProxyLight } from './proxy-light';
import { TEXT } from './text';
import { iconPixels } from './tray-icon';

const SIZE = 22;
const ASK_MS = 2_000;

const WATCHER = 'string:org.kde.StatusNotifierWatcher';
const NAME_HAS_OWNER = [
  '--session',
  '--print-reply',
  '--dest=org.freedesktop.DBus',
  '/org/freedesktop/DBus',
  'org.freedesktop.DBus.NameHasOwner',
  WATCHER,
];

/**
 * Does this desktop show tray icons? Electron does not say: on Linux a tray is asked of a StatusNotifierWatcher on the session bus,
 * and without one (GNOME without an extension, a bare X server) the icon is nowhere. Where nobody can tell, there is none.
 */
export function findTray(): Promise<boolean> {
  if (process.platform !== 'linux') return Promise.resolve(true);
  return new Promise((resolve) => {
    execFile('dbus-send', NAME_HAS_OWNER, { timeout: ASK_MS }, (error, stdout) => {
      resolve(error === null && /boolean true/.test(stdout));
    });
  });
}

function imageOf(light: ProxyLight): NativeImage {
  const image = nativeImage.createFromBitmap(Buffer.from(iconPixels(light, SIZE)), { width: SIZE, height: SIZE });
  image.addRepresentation({
    scaleFactor: 2,
    width: 2 * SIZE,
    height: 2 * SIZE,
    buffer: nativeImage.createFromBitmap(Buffer.from(iconPixels(light, 2 * SIZE)), { width: 2 * SIZE, height: 2 * SIZE }).toPNG(),
  });
  return image;
}

export interface TrayActs {
  readonly openWindow: () => void;
  readonly kill: () => void;
  readonly quit: () => void;
}

export interface ProxyTray {
  readonly show: (snapshot: ProxySnapshot) => void;
  readonly close: () => void;
}

/** The icon beside the clock: the state by shape and word, and the switch without a second question. */
export function openTray({ openWindow, kill, quit }: TrayActs): ProxyTray {
  const tray = new Tray(imageOf('idle'));
  let shown = '';
  tray.on('click', openWindow);
  const show = (snapshot: ProxySnapshot): void => {
    const light = lightOf(snapshot);
    const state = TEXT.proxy.light[light];
    const next = `${light} ${String(snapshot.isSetUp)}`;
    if (next === shown) return;
    shown = next;
    tray.setImage(imageOf(light));
    tray.setToolTip(`${TEXT.app}: ${state}`);
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: state, enabled: false },
        { type: 'separator' },
        { id: 'kill', label: TEXT.proxy.kill, enabled: snapshot.isSetUp, click: kill },
        { type: 'separator' },
        { id: 'open', label: TEXT.proxy.openWindow, click: openWindow },
        { id: 'quit', label: TEXT.menu.quit, click: quit },
      ]),
    );
  };
  return {
    show,
    close: () => {
      tray.destroy();
    },
  };
}

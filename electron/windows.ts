import type { BrowserWindow } from 'electron';
import type { BridgeEvents } from '../core/contract/bridge';
import { EVENT_CHANNEL } from './bridge/channels';

export type WindowKind = 'main' | 'projector';

/** The projector is in front of a whole room: it learns of the ceremony and of the appearance, of nothing else. */
const PROJECTOR_EVENTS: readonly (keyof BridgeEvents)[] = ['ceremony.changed', 'settings.changed'];

const open = new Map<WindowKind, BrowserWindow>();

/** Which windows are ours. A page that is in none of them is nobody. */
export const windows = {
  add(kind: WindowKind, window: BrowserWindow): void {
    open.set(kind, window);
    window.once('closed', () => open.delete(kind));
  },
  get: (kind: WindowKind): BrowserWindow | null => open.get(kind) ?? null,
  kindOf: (webContentsId: number): WindowKind | null =>
    [...open].find(([, window]) => !window.isDestroyed() && window.webContents.id === webContentsId)?.[0] ?? null,
  tell<E extends keyof BridgeEvents>(event: E, value: BridgeEvents[E]): void {
    for (const [kind, window] of open) {
      const mayKnow = kind === 'main' || PROJECTOR_EVENTS.includes(event);
      if (mayKnow && !window.isDestroyed()) window.webContents.send(EVENT_CHANNEL, event, value);
    }
  },
};

import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron';
import type { BridgeEvents, PageApi } from '../core/contract/bridge';
import { CALL_CHANNEL, EVENT_CHANNEL } from './bridge/channels';

/** Listed here as keys, not imported: the contract's value would bring its schemas into every page, and main checks them anyway. */
const EVENTS: Readonly<Record<keyof BridgeEvents, true>> = {
  'ceremony.changed': true,
  'settings.changed': true,
  'officers.changed': true,
  'proxy.changed': true,
};

/**
 * All a page gets of the world outside. Neither `ipcRenderer` nor its events reach the page (an event carries `sender`, and with it
 * a generic `send`); a listener gets the value alone.
 */
const page: PageApi = {
  call: (area, verb, input) => ipcRenderer.invoke(CALL_CHANNEL, area, verb, input),
  on: (event, listener) => {
    if (!Object.hasOwn(EVENTS, event)) throw new Error('unknown event');
    const hear = (_: IpcRendererEvent, name: string, value: unknown): void => {
      if (name === event) listener(value as BridgeEvents[typeof event]);
    };
    ipcRenderer.on(EVENT_CHANNEL, hear);
    return () => {
      ipcRenderer.removeListener(EVENT_CHANNEL, hear);
    };
  },
};

contextBridge.exposeInMainWorld('keyrite', page);

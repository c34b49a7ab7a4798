import type { ParentPort } from '../control/parent';
import type { JoinPort } from '../hsm/process/upstairs';

/** Whoever started this process and supervises it, whether by a fork or as a utility process of the desktop app. */
export interface Parent extends Required<Pick<ParentPort, 'send'>>, Omit<ParentPort, 'send'> {
  /** Called once when it is gone. */
  readonly onGone: (listener: () => void) => void;
}

type Listener = (message: unknown) => void;

/** The part of Electron's port to the parent that is used; this file must not import Electron. */
export interface UtilityPort {
  on(event: 'message', listener: (event: { readonly data: unknown; readonly ports?: readonly JoinPort[] }) => void): unknown;
  off(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  postMessage(message: unknown): void;
}

/** A utility process's port with the manners of a fork's channel. */
export function utilityParent(port: UtilityPort): Parent {
  const wrapped = new Map<Listener, (event: { readonly data: unknown }) => void>();
  return {
    on: (_, listener) => {
      const unwrap = ({ data }: { readonly data: unknown }): void => listener(data);
      wrapped.set(listener, unwrap);
      port.on('message', unwrap);
    },
    off: (_, listener) => {
      const unwrap = wrapped.get(listener);
      if (unwrap !== undefined) port.off('message', unwrap);
      wrapped.delete(listener);
    },
    send: (message) => port.postMessage(message),
    connected: true,
    // A utility process is ended with its app.
    onGone: () => undefined,
  };
}

/** The port to the desktop app; null: this is no utility process. */
export function appHere(): UtilityPort | null {
  return (process as unknown as { readonly parentPort?: UtilityPort }).parentPort ?? null;
}

/** null: nobody supervises this process. */
export function parentHere(): Parent | null {
  const app = appHere();
  if (app !== null) return utilityParent(app);
  if (process.send === undefined) return null;
  const send = process.send.bind(process);
  return {
    on: (event, listener) => process.on(event, listener),
    off: (event, listener) => process.off(event, listener),
    // A parent that is going away must not end this process with an error nobody hears.
    send: (message) => process.connected && send(message, undefined, undefined, () => undefined),
    get connected() {
      return process.connected;
    },
    onGone: (listener) => void process.once('disconnect', listener),
  };
}

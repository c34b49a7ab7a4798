import type { ProxyRoom, RoomEnd } from '../contract/proxy-room';
import { EXIT, type ExitCode } from './verb';

/** Loads the proxy's room from the file beside ours. The path is made here so that no bundler takes it for an import. */
export async function loadProxyRoom(): Promise<ProxyRoom> {
  const path = new URL('./proxy.js', import.meta.url).href;
  return (await import(/* @vite-ignore */ path)) as ProxyRoom;
}

export const END: Readonly<Record<RoomEnd, ExitCode>> = {
  done: EXIT.done,
  no: EXIT.no,
  unusable: EXIT.unusable,
  lacking: EXIT.lacking,
  stopped: EXIT.stopped,
};

import { pathToFileURL } from 'node:url';
import type { ProxyRoom, RoomEnd } from '../contract/proxy-room';
import { inRepository } from '../setup/root.mjs';
import { EXIT, type ExitCode } from './verb';

/** Loads the proxy's room from where the build puts it. The path is made here so that no bundler takes it for an import. */
export async function loadProxyRoom(): Promise<ProxyRoom> {
  const { href } = pathToFileURL(inRepository('dist', 'main', 'proxy.js'));
  return (await import(/* @vite-ignore */ href)) as ProxyRoom;
}

export const END: Readonly<Record<RoomEnd, ExitCode>> = {
  done: EXIT.done,
  no: EXIT.no,
  unusable: EXIT.unusable,
  lacking: EXIT.lacking,
  stopped: EXIT.stopped,
};

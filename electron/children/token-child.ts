import { utilityProcess } from 'electron';
import type { Wire } from '../../core/pkcs11/client';
import { LOG, type Log } from '../log';

/**
 * Starts the token child: the one process that loads a vendor's PKCS#11 module and sees PINs. It is a utility process, so a module
 * that crashes takes no window and no evidence with it. What a vendor's library prints is not ours to keep: it goes to the terminal
 * of whoever started the app, never into the log.
 */
export function forkTokenChild(path: string, env: Record<string, string>, log: Log): Wire {
  const child = utilityProcess.fork(path, [], {
    env,
    serviceName: 'Keyrite token',
    stdio: ['ignore', 'ignore', 'inherit'],
    // vendors' libraries are not signed by us (macOS)
    allowLoadingUnsignedLibraries: true,
  });
  child.once('spawn', () => {
    log.note(LOG.tokenChildStarted, { child: child.pid ?? 0 });
  });
  child.once('exit', (code) => {
    log.note(LOG.tokenChildGone, { code });
  });
  return {
    post: (message) => {
      child.postMessage(message);
    },
    onMessage: (listener) => {
      child.on('message', listener);
    },
    onExit: (listener) => {
      child.once('exit', (code) => {
        listener(`exit code ${String(code)}`);
      });
    },
    kill: () => {
      child.kill();
    },
  };
}

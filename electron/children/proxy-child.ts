import { utilityProcess } from 'electron';
import type { Launch } from '../../core/supervision/launch';
import { LOG, type Log } from '../log';
import { endNow, hsmProcesses } from './hsm-processes';

/**
 * The proxy as a utility process: `child_process.fork` would run the app's own program as Node, which a packaged app does not let
 * anybody do. Its HSM processes are utility processes beside it.
 */
export function utilityLaunch(entries: { readonly proxy: string; readonly hsmProcess: string }, log: Log): Launch {
  return ({ settingsFile, environment, onOutput }) => {
    const child = utilityProcess.fork(entries.proxy, [settingsFile], {
      env: { ...environment },
      serviceName: 'Keyrite XKS proxy',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const hsm = hsmProcesses(entries.hsmProcess, child, log);
    child.once('spawn', () => {
      log.note(LOG.proxyChildStarted, { child: child.pid ?? 0 });
    });
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', onOutput);
    let pid: number | null = null;
    let isEndWanted = false;
    child.once('spawn', () => {
      pid = child.pid ?? null;
      if (isEndWanted) endNow(child);
    });
    return {
      pid: () => pid,
      post: (message) => {
        child.postMessage(message);
      },
      onMessage: (listener) => {
        child.on('message', (message: unknown) => {
          if (!hsm.hear(message)) listener(message);
        });
      },
      onExit: (listener) => {
        child.once('exit', (code) => {
          log.note(LOG.proxyChildGone, { code });
          hsm.endAll();
          listener(code, `exit ${String(code)}`);
        });
      },
      end: () => {
        isEndWanted = true;
        if (pid !== null) endNow(child);
      },
    };
  };
}

import { utilityProcess } from 'electron';
import type { ProxyChild } from '../../core/supervision/launch';
import { LOG, type Log } from '../log';
import { endNow } from './hsm-processes';

/**
 * Starts a process that tries one policy. It gets the environment that it is given and nothing else, and what it prints is not kept:
 * its one answer is all there is to hear of it.
 * @param entry the built entry of proxy/policy-trial.ts
 */
export function launchPolicyTrial(entry: string, environment: Readonly<Record<string, string>>, log: Log): ProxyChild {
  const child = utilityProcess.fork(entry, [], {
    env: { ...environment },
    serviceName: 'Keyrite policy trial',
    stdio: 'ignore',
  });
  let isEndWanted = false;
  child.once('spawn', () => {
    if (isEndWanted) endNow(child);
  });
  return {
    pid: () => child.pid ?? null,
    post: (message) => {
      child.postMessage(message);
    },
    onMessage: (listener) => {
      child.on('message', listener);
    },
    onExit: (listener) => {
      child.once('exit', (code) => {
        log.note(LOG.policyTrialGone, { code });
        listener(code, `exit ${String(code)}`);
      });
    },
    end: () => {
      isEndWanted = true;
      if (child.pid !== undefined) endNow(child);
    },
  };
}

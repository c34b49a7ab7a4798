import { fork } from 'node:child_process';
import type { Launch } from './launch';

/**
 * The proxy as a fork of this Node: for the terminal, rehearsals and tests. Detached, so that Ctrl-C in the terminal reaches the one
 * who supervises it and not the proxy itself.
 * @param entry the built `proxy-child`
 */
export function nodeLaunch(entry: string): Launch {
  return ({ settingsFile, environment, onOutput }) => {
    const child = fork(entry, [settingsFile], {
      env: environment,
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', onOutput);
      stream?.on('error', () => undefined);
    }
    return {
      pid: () => child.pid ?? null,
      post: (message) => {
        if (child.connected) child.send(message as object, () => undefined);
      },
      onMessage: (listener) => void child.on('message', listener),
      onExit: (listener) => {
        let isTold = false;
        const tell = (code: number | null, words: string): void => {
          if (!isTold) listener(code, words);
          isTold = true;
        };
        child.once('exit', (code, signal) => tell(code, signal ?? `exit ${String(code)}`));
        child.on('error', (error) => {
          // Also said of a message that could not be sent; only without a process is it the end.
          if (child.pid === undefined) tell(null, error.message);
        });
      },
      end: () => void child.kill('SIGKILL'),
    };
  };
}

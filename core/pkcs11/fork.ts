import { fork, type ChildProcess } from 'node:child_process';
import type { TokenProcess } from '../station/port';
import { startTokenProcess, type Wire } from './client';

export interface ForkRequest {
  /** the built entry of core/pkcs11/child/main */
  readonly script: string;
  readonly profilesFolder: string;
  /** all the child gets: see core/pkcs11/environment */
  readonly environment: Readonly<Record<string, string>>;
}

/** How much of what the vendor's library prints is kept, in characters. */
const KEPT = 16_384;

/** A token child under plain Node, with the last words of the vendor's library. */
export interface ForkedTokenProcess extends TokenProcess {
  readonly pid: number;
  /** the end of what the child wrote to stdout and stderr; for a person who looks for a fault, never for evidence */
  readonly lastWords: () => string;
}

/** Calls `listener` once, with the first of the child's ends: it could not start, its channel broke, or it exited. */
function onEnd(child: ChildProcess, listener: (reason: string) => void): void {
  let ended = false;
  const end = (reason: string): void => {
    if (!ended) listener(reason);
    ended = true;
  };
  child.once('exit', (code, signal) => {
    end(signal ? `ended by ${signal}` : `exit code ${String(code)}`);
  });
  child.on('error', (error) => {
    // A child we cannot talk to is one nobody can log out: it goes.
    child.kill('SIGKILL');
    end(error.message);
  });
}

/** The line to a child started with `child_process.fork`. */
export function wireOf(child: ChildProcess): Wire {
  return {
    post: (message) => {
      if (child.connected) child.send(message as object);
    },
    onMessage: (listener) => {
      child.on('message', listener);
    },
    onExit: (listener) => {
      onEnd(child, listener);
    },
    kill: () => {
      child.kill('SIGKILL');
    },
  };
}

/**
 * Starts a token child with `child_process.fork`. Its output is caught in a bounded buffer: a library that prints must not write into
 * a terminal where people read a ceremony. Nothing of our argument list or Node options is handed down.
 */
export function forkTokenProcess({ script, profilesFolder, environment }: ForkRequest): ForkedTokenProcess {
  const child = fork(script, [], {
    env: environment,
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let words = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString('utf8')).slice(-KEPT);
    });
  }
  return { ...startTokenProcess(wireOf(child), profilesFolder), pid: child.pid ?? 0, lastWords: () => words };
}

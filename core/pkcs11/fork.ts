import { fork } from 'node:child_process';
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
  const keep = (chunk: Buffer) => void (words = (words + chunk.toString('utf8')).slice(-KEPT));
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  let end: (reason: string) => void = () => undefined;
  let ended: string | null = null;
  const finish = (reason: string) => {
    if (ended !== null) return;
    ended = reason;
    end(reason);
  };
  child.once('error', (error) => finish(error.message));
  child.once('exit', (code, signal) => finish(signal ? `ended by ${signal}` : `exit code ${code}`));
  const wire: Wire = {
    post: (message) => void (child.connected && child.send(message as object)),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => (ended === null ? void (end = listener) : listener(ended)),
    kill: () => void child.kill('SIGKILL'),
  };
  return { ...startTokenProcess(wire, profilesFolder), pid: child.pid ?? 0, lastWords: () => words };
}

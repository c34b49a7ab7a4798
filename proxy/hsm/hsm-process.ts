import { fork, type ChildProcess } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { fromProcess, type FromProcess } from './process-messages';
import { FIRST_THREAD_FD, type ToProcess } from './process/messages';
import { FrameError, FrameReader, type Frame } from './frame';

/** How much of what the vendor's library prints is kept, in characters. */
const KEPT = 8192;

/** The wire to one thread. */
export interface Wire {
  readonly send: (frame: Buffer) => void;
  /** `frame` null: the bytes were no frames, and the wire is of no use any more */
  readonly onFrame: (listener: (frame: Frame | null) => void) => void;
}

/** A running HSM process. */
export interface HsmProcess {
  /** 0 until it is known */
  readonly pid: number;
  readonly wires: readonly Wire[];
  /** Whatever is in the message has been copied when this returns. */
  readonly tell: (message: ToProcess) => void;
  readonly onMessage: (listener: (message: FromProcess) => void) => void;
  /** Called once, with a few words: `SIGABRT`, `exit 2`, what the system says where it could not start. */
  readonly onEnd: (listener: (why: string) => void) => void;
  /** SIGKILL: the only signal that a library which hangs cannot ignore. */
  readonly end: () => void;
}

/** Starts an HSM process with so many threads and this environment, none of ours. */
export type StartHsmProcess = (threads: number, environment: Readonly<Record<string, string>>) => HsmProcess;

function wireOf(socket: Duplex): Wire {
  const reader = new FrameReader();
  // What goes wrong with a socket is heard when the process ends.
  socket.on('error', () => undefined);
  return {
    send: (frame) => void socket.write(frame),
    onFrame: (listener) => {
      socket.on('data', (chunk: Buffer) => {
        let frames: readonly Frame[];
        try {
          frames = reader.push(chunk);
        } catch (error) {
          if (!(error instanceof FrameError)) throw error;
          socket.destroy();
          return listener(null);
        }
        for (const frame of frames) listener(frame);
      });
    },
  };
}

/** What the C library and Node say when they end a process. Nothing of it comes from what the process worked on. */
const HARMLESS =
  /^(?:free\(\): [a-z -]+|malloc[a-z_()]*: [a-z ><=-]+|realloc\(\): [a-z ]+|munmap_chunk\(\): [a-z ]+|double free or corruption \([a-z!]+\)|corrupted [a-z -]+|\*\*\* (?:stack smashing|buffer overflow) detected \*\*\*: terminated|FATAL ERROR: [A-Za-z :-]+|core dumps could not be restricted \([A-Z]+\)|[A-Z][A-Za-z]{0,30}Error|Aborted|Segmentation fault)$/;

/**
 * The last line of what a process printed, where it is one that is known to tell no secret. Libraries that trace, and shims that
 * watch them (pkcs11-spy), print PINs and plaintexts; this goes into log, status and audit log.
 */
export function harmless(printed: string): string {
  const last = printed.trim().split('\n').at(-1)?.trim() ?? '';
  if (last === '' || HARMLESS.test(last)) return last;
  return 'what its library printed is not shown: it may hold a secret';
}

function whenEnded(child: ChildProcess, lastWords: () => string, listener: (why: string) => void): void {
  let isOver = false;
  const over = (why: string): void => {
    if (!isOver) listener(why);
    isOver = true;
  };
  child.once('exit', (code, signal) => {
    const words = harmless(lastWords());
    over(`${signal ?? `exit ${String(code)}`}${words === '' ? '' : `: ${words}`}`);
  });
  child.on('error', (error) => {
    child.kill('SIGKILL');
    over(error.message);
  });
}

function keepLastWords(child: ChildProcess): () => string {
  let words = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString('utf8')).slice(-KEPT);
    });
  }
  return () => words;
}

/**
 * Starts an HSM process with a socket for each of its threads. Nothing of our argument list, Node options or environment is handed
 * down, and what the vendor's library prints goes into no terminal.
 */
export function startHsmProcess(entry: string, threads: number, environment: Readonly<Record<string, string>>): HsmProcess {
  const sockets = Array.from({ length: threads + 1 }, () => 'pipe' as const);
  const child = fork(entry, [], {
    env: environment,
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc', ...sockets],
  });
  const lastWords = keepLastWords(child);
  for (const stream of child.stdio) stream?.on('error', () => undefined);
  const wires = child.stdio.slice(FIRST_THREAD_FD).map((stream) => wireOf(stream as Duplex));
  return {
    pid: child.pid ?? 0,
    wires,
    tell: (message) => {
      if (child.connected) child.send(message, () => undefined);
    },
    onMessage: (listener) => {
      child.on('message', (message) => {
        const read = fromProcess.safeParse(message);
        if (read.success) listener(read.data);
      });
    },
    onEnd: (listener) => whenEnded(child, lastWords, listener),
    end: () => void child.kill('SIGKILL'),
  };
}

export function forkedHsmProcess(entry: string): StartHsmProcess {
  return (threads, environment) => startHsmProcess(entry, threads, environment);
}

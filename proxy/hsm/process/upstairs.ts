import type { Worker } from 'node:worker_threads';
import type { FromProcess } from '../process-messages';
import { FIRST_THREAD_FD, LIFELINE_FD, type ToProcess } from './messages';

/** Starts one thread. `fd`: its socket, null where it has none. */
export type StartThread = (fd: number | null, isLifeline: boolean) => Worker;

/** How an HSM process reaches the proxy above it. */
export interface Upstairs {
  readonly tell: (message: FromProcess) => void;
  readonly onMessage: (listener: (message: ToProcess) => void) => void;
  /** The proxy is gone. */
  readonly onGone: (listener: () => void) => void;
  readonly startThreads: (threads: number, start: StartThread) => void;
}

/** A fork of the proxy: Node's channel, and a socket for each thread. */
export const FORKED: Upstairs = {
  tell: (message) => void process.send?.(message),
  onMessage: (listener) => void process.on('message', listener),
  onGone: (listener) => void process.on('disconnect', listener),
  startThreads: (threads, start) => {
    start(LIFELINE_FD, true);
    for (let i = 0; i < threads; i++) start(FIRST_THREAD_FD + i, false);
  },
};

/** The part of Electron's MessagePortMain that is used; this file must not import Electron. */
export interface JoinPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  postMessage(message: unknown): void;
  start(): void;
}

/** What travels over a port that joins the proxy with one of its HSM processes: a word for the process, or a frame of one thread. */
export type Joined<Word> = { readonly word: Word } | { readonly thread: number; readonly frame: Uint8Array };

/**
 * A utility process of the desktop app, joined to the proxy by a port. Frames pass through the main thread, which is free for them
 * but while it logs in: there are no frames then.
 */
export function joined(port: JoinPort): Upstairs {
  const threads: Worker[] = [];
  let listen: (message: ToProcess) => void = () => undefined;
  port.on('message', ({ data }) => {
    const message = data as Joined<ToProcess>;
    if ('word' in message) return listen(message.word);
    // Deserialized for us alone, so it can be moved on.
    const frame = new Uint8Array(message.frame);
    message.frame.fill(0);
    threads[message.thread]?.postMessage(frame, [frame.buffer]);
  });
  return {
    tell: (word) => port.postMessage({ word }),
    onMessage: (listener) => {
      listen = listener;
      port.start();
    },
    onGone: (listener) => void port.on('close', listener),
    startThreads: (count, start) => {
      for (let thread = 0; thread < count; thread++) {
        const worker = start(null, false);
        threads.push(worker);
        worker.on('message', (frame: Uint8Array) => {
          port.postMessage({ thread, frame });
          frame.fill(0);
        });
      }
    },
  };
}

import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** One raw connection: what was sent is sent as it is, what comes back is kept. */
export interface RawClient {
  readonly socket: Socket;
  readonly send: (text: string | Uint8Array) => void;
  /** everything received so far */
  readonly received: () => string;
  /** resolves with everything received once this is in it */
  readonly until: (pattern: RegExp) => Promise<string>;
  /** resolves with everything received when the other side has closed */
  readonly closed: Promise<string>;
}

export async function rawClient(port: number): Promise<RawClient> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return talkOver(socket);
}

export function talkOver(socket: Socket): RawClient {
  let received = '';
  let watchers: (() => void)[] = [];
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
    for (const watch of watchers) watch();
  });
  socket.on('error', () => undefined); // a reset is a close, too
  onTestFinished(() => void socket.destroy());
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(received)));
  return {
    socket,
    closed,
    send: (text) => void socket.write(text),
    received: () => received,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const watch = (): void => {
          if (!pattern.test(received)) return;
          watchers = watchers.filter((other) => other !== watch);
          resolve(received);
        };
        watchers.push(watch);
        void closed.then(() => reject(new Error(`closed after ${JSON.stringify(received)}`)));
        watch();
      }),
  };
}

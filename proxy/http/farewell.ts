import type { Socket } from 'node:net';

/** How long a connection that is being closed may take to hear it, in ms. */
const PATIENCE_MS = 1000;

/**
 * Closes a connection so that the other side can read what was said last. Dropping it while bytes of the other side are unread makes
 * the kernel send a reset, and the reset can overtake the answer; so our side is closed, and theirs read and thrown away for a second.
 */
export function farewell(socket: Socket): void {
  if (socket.destroyed) return;
  const timer = setTimeout(() => socket.destroy(), PATIENCE_MS);
  socket.once('close', () => clearTimeout(timer));
  socket.end();
  socket.resume();
}

/** Makes Node say goodbye like that after the answer that is about to go out, whose `connection: close` makes it close the connection. */
export function closeKindly(socket: Socket): void {
  socket.destroySoon = () => farewell(socket);
}

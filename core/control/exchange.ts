import { connect } from 'node:net';
import { errnoOf } from '../pack/disk-failure';
import { ANSWER_SIZE_LIMIT } from './contract';

/** How one exchange over the control channel ended. `refused`: nobody listens; `broken`: it was cut off before an answer. */
export type Exchange =
  | { readonly kind: 'answer'; readonly line: string }
  | { readonly kind: 'refused'; readonly errno: string }
  | { readonly kind: 'broken'; readonly errno: string }
  | { readonly kind: 'late' };

/** Sends one line, which ends with its end of line, and waits for one line. Never rejects; ends after `timeoutMs` whatever the other end does. */
export function exchange(address: string, line: Uint8Array, timeoutMs: number): Promise<Exchange> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let size = 0;
    let isConnected = false;
    const socket = connect(address, () => {
      isConnected = true;
      socket.write(line);
    });
    const end = (how: Exchange) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(how);
    };
    const timer = setTimeout(() => end({ kind: 'late' }), timeoutMs);
    socket.on('data', (piece) => {
      pieces.push(piece);
      size += piece.length;
      const last = piece.indexOf(0x0a);
      if (last >= 0) end({ kind: 'answer', line: Buffer.concat(pieces).toString('utf8', 0, size - piece.length + last) });
      else if (size > ANSWER_SIZE_LIMIT) end({ kind: 'broken', errno: 'EMSGSIZE' });
    });
    socket.on('error', (error) => end({ kind: isConnected ? 'broken' : 'refused', errno: errnoOf(error) }));
    socket.on('close', () => end({ kind: 'broken', errno: '' }));
  });
}

import { open } from 'node:fs/promises';
import { READ_PLAIN } from './durable';

/** bytes per read(2); larger ones were not faster */
const PIECE = 1 << 18;

/**
 * Reads a file from beginning to end through one buffer, so that memory does not grow with the file. A piece is valid only during
 * the call that is given it. Never follows a link. Rejects with the system's error.
 */
export async function readPieces(path: string, each: (piece: Buffer) => void): Promise<void> {
  const file = await open(path, READ_PLAIN);
  const buffer = Buffer.allocUnsafeSlow(PIECE);
  try {
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, PIECE, null);
      if (bytesRead === 0) return;
      each(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}

import { open } from 'node:fs/promises';
import { errnoOf } from '../pack/disk-failure';
import { READ_PLAIN } from '../pack/durable';

/** Longer than any token takes (PKCS#11 leaves the limit to the token; 255 bytes is the largest known). */
const PIN_LIMIT = 255;

/** The PIN in a file that nobody else can read, without the line's end. A text says why it cannot be used; it never holds any of it. */
export async function readPinFile(path: string): Promise<Uint8Array | string> {
  try {
    const file = await open(path, READ_PLAIN);
    try {
      const { mode, size } = await file.stat();
      if (process.platform !== 'win32' && (mode & 0o077) !== 0)
        return `Others can read ${path}. Give it mode 0600 and change the PIN.`;
      if (size > PIN_LIMIT + 2) return `${path} is too long for a PIN.`;
      return withoutLineEnd(await file.readFile(), path);
    } finally {
      await file.close();
    }
  } catch (error) {
    return `${path} cannot be read (${errnoOf(error) || String(error)}).`;
  }
}

function withoutLineEnd(bytes: Uint8Array, path: string): Uint8Array | string {
  let end = bytes.length;
  if (bytes[end - 1] === 0x0a) end--;
  if (bytes[end - 1] === 0x0d) end--;
  return end === 0 ? `${path} is empty.` : bytes.subarray(0, end);
}

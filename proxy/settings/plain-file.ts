import { constants, open } from 'node:fs/promises';

export interface PlainFile {
  readonly bytes: Uint8Array;
  /** permission bits among others, as stat(2) has them */
  readonly mode: number;
}

/** What a file of settings, certificates or keys can have. */
export const LARGEST_FILE_BYTES = 1_048_576;

/** Not to be had on Windows, where no pipe lies among files. */
const AT_ONCE = process.platform === 'win32' ? 0 : constants.O_NONBLOCK;

/**
 * Reads a whole file, through links, as mounted configuration has them. Never waits: a pipe in its place would hold a reload for ever,
 * and with it every reload after.
 * @throws with the `code` of the system, or `no regular file`, or `N bytes are too many`
 */
export async function readPlainFile(path: string): Promise<PlainFile> {
  const handle = await open(path, constants.O_RDONLY | AT_ONCE);
  try {
    const stats = await handle.stat();
    if (stats.isDirectory()) throw unfit('EISDIR');
    if (!stats.isFile()) throw unfit('no regular file');
    if (stats.size > LARGEST_FILE_BYTES) throw unfit(`${stats.size} bytes are too many`);
    return { bytes: await handle.readFile(), mode: stats.mode };
  } finally {
    await handle.close();
  }
}

function unfit(code: string): Error {
  return Object.assign(new Error(code), { code });
}

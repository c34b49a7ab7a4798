import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { errnoOf } from './disk-failure';
import { READ_PLAIN } from './durable';

/** No data file of Keyrite's own comes near it. */
export const SMALL_FILE_MAX_BYTES = 4_194_304;

/** A text; or `none`: nothing is there; or `unfit`: a pipe, a folder, a device, a link, or more bytes than are taken. */
export type SmallFile = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'none' } | { readonly kind: 'unfit' };

/** Opening a pipe would wait for whoever writes into it; this does not. Windows has neither the flag nor such pipes in folders. */
const NOT_WAITING = process.platform === 'win32' ? 0 : constants.O_NONBLOCK;
const OWN = READ_PLAIN | NOT_WAITING;
const CHOSEN = constants.O_RDONLY | NOT_WAITING;

/** What open(2) answers to a link it must not follow, a socket, a device without driver, a folder (on Windows). */
const UNFIT = ['ELOOP', 'ENXIO', 'ENODEV', 'EISDIR'];

interface Seen {
  readonly size: number;
  isFile(): boolean;
}

const fits = (seen: Seen, maxBytes: number): boolean => seen.isFile() && seen.size <= maxBytes;

function unopened(error: unknown): SmallFile {
  if (errnoOf(error) === 'ENOENT') return { kind: 'none' };
  if (UNFIT.includes(errnoOf(error))) return { kind: 'unfit' };
  throw error;
}

async function read(path: string, flags: number, maxBytes: number): Promise<SmallFile> {
  const file = await open(path, flags).catch(unopened);
  if ('kind' in file) return file;
  try {
    return fits(await file.stat(), maxBytes) ? { kind: 'text', text: await file.readFile('utf8') } : { kind: 'unfit' };
  } finally {
    await file.close();
  }
}

/** Reads a small UTF-8 file of Keyrite's own; never waits, never follows a link. Other refusals of the disk reject. */
export function readSmallFile(path: string): Promise<SmallFile> {
  return read(path, OWN, SMALL_FILE_MAX_BYTES);
}

/** Reads a small UTF-8 file a person chose, maybe by a link. */
export function readChosenFile(path: string, maxBytes: number): Promise<SmallFile> {
  return read(path, CHOSEN, maxBytes);
}

/** `readSmallFile` for what must be known before anything else runs. */
export function readSmallFileSync(path: string): SmallFile {
  let file: number;
  try {
    file = openSync(path, OWN);
  } catch (error) {
    return unopened(error);
  }
  try {
    return fits(fstatSync(file), SMALL_FILE_MAX_BYTES) ? { kind: 'text', text: readFileSync(file, 'utf8') } : { kind: 'unfit' };
  } finally {
    closeSync(file);
  }
}

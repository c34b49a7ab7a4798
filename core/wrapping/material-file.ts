import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { failure, success, type Failure, type Result } from '../contract/result';
import { pkcs8OfPem } from '../keys/pem';
import { pemLabel } from '../keys/text-trap';
import { errnoOf } from '../pack/disk-failure';
import { READ_PLAIN } from '../pack/durable';

/** More than any key KMS takes, PEM around it included. */
const LIMIT_BYTES = 16_384;
/** A named pipe would make the opening wait for whoever writes into it. */
const DO_NOT_WAIT = process.platform === 'win32' ? 0 : constants.O_NONBLOCK;

function refuse(problem: string): { readonly ok: false; readonly error: Failure } {
  return failure('key.materialInvalid', { problem });
}

async function problemOf(file: FileHandle, path: string): Promise<string | null> {
  const { mode, size } = await file.stat().then((stat) => ({ mode: stat.isFile() ? stat.mode : null, size: stat.size }));
  if (mode === null) return `${path} is not a plain file.`;
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    return `Others can read ${path}. Whoever did so has the key: make a new one, in a file of mode 0600.`;
  if (size === 0) return `${path} is empty.`;
  return size > LIMIT_BYTES ? `${path} is too long for a key (${size} bytes).` : null;
}

/** Reads into one buffer of our own: what a stream or `readFile` gathers in pieces stays behind in places nobody overwrites. */
async function readAll(file: FileHandle): Promise<Uint8Array> {
  const room = new Uint8Array(new ArrayBuffer(LIMIT_BYTES + 1));
  let length = 0;
  for (;;) {
    const { bytesRead } = await file.read(room, length, room.length - length, length);
    if (bytesRead === 0) return room.subarray(0, length);
    length += bytesRead;
  }
}

/**
 * The material in a file that nobody but its owner can read: raw bytes, PKCS#8 DER, or PKCS#8 PEM, of which the DER inside is taken.
 * PEM is read because it is what openssl writes; a person made to convert it would leave a second clear copy on the disk. What is
 * answered is the caller's to overwrite. Errors: file.notFound; key.materialInvalid, `problem`.
 */
export async function readMaterialFile(path: string): Promise<Result<Uint8Array>> {
  let file: FileHandle | null = null;
  try {
    file = await open(path, READ_PLAIN | DO_NOT_WAIT);
    const problem = await problemOf(file, path);
    if (problem !== null) return refuse(problem);
    return fromPem(await readAll(file));
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === '') throw error;
    if (errno === 'ENOENT' || errno === 'ENOTDIR') return failure('file.notFound', { path });
    return refuse(errno === 'ELOOP' ? `${path} is a link. Name the file itself.` : `${path} cannot be read (${errno}).`);
  } finally {
    await file?.close();
  }
}

function fromPem(bytes: Uint8Array): Result<Uint8Array> {
  if (pemLabel(bytes) !== 'PRIVATE KEY') return success(bytes);
  const der = pkcs8OfPem(bytes);
  bytes.fill(0);
  return der ? success(der) : refuse('The PEM text is damaged, or more than one key is in it.');
}

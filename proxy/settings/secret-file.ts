import type { Stats } from 'node:fs';
import { constants, open, type FileHandle } from 'node:fs/promises';
import { ourUser } from '../../core/control/ownership';

/** Why a secret cannot be had, without a word of the secret. */
export interface SecretProblem {
  readonly ok: false;
  readonly problem: string;
  readonly remedy: string;
}

export function noSecret(problem: string, remedy: string): SecretProblem {
  return { ok: false, problem, remedy };
}

/** PINs and secret access keys are short; whatever is longer is another file. */
export const LARGEST_SECRET_BYTES = 4096;

/**
 * `own`: a file the operator made; nobody but its owner may read it, and the name leads to it directly, since whoever can put a link
 * in its place chooses the secret. `credential`: what systemd or a container runtime mounts: links are its way of replacing files,
 * and root's group may read.
 */
export type SecretPlace = 'own' | 'credential';

const octal = (mode: number): string => (mode & 0o777).toString(8).padStart(4, '0');

function refusal(path: string, { uid, mode, size }: Stats, place: SecretPlace): SecretProblem | null {
  const user = ourUser();
  if (size > LARGEST_SECRET_BYTES)
    return noSecret(`${path} has ${size} bytes, too many for a secret`, 'Name the file that holds the secret alone.');
  if (user === null) return null;
  if (uid !== user && uid !== 0)
    return noSecret(
      `${path} belongs to another user (uid ${uid})`,
      `chown it to the user the proxy runs as (uid ${user}), or to root.`,
    );
  const mayRead = place === 'credential' && uid === 0 ? 0o040 : 0;
  if ((mode & 0o077 & ~mayRead) === 0) return null;
  return noSecret(
    `${path} can be used by others than its owner (mode ${octal(mode)})`,
    `chmod 0600 ${path}, and think about whether the secret has been seen.`,
  );
}

function openRefusal(path: string, code: string): SecretProblem {
  if (code === 'ELOOP')
    return noSecret(`${path} is a link`, 'Name the file itself: who can change the link would choose the secret.');
  if (code === 'ENOENT') return noSecret(`${path} does not exist`, 'Make it with mode 0600, with the secret as its only line.');
  if (code === 'EACCES' || code === 'EPERM')
    return noSecret(`${path} cannot be read by the user the proxy runs as`, `chown it to that user, mode 0600.`);
  return noSecret(`${path} cannot be opened (${code})`, 'Name a regular file on this machine.');
}

async function openFile(path: string, place: SecretPlace): Promise<FileHandle | SecretProblem> {
  // Without O_NONBLOCK, opening a named pipe would wait for its writer.
  const links = place === 'own' ? constants.O_NOFOLLOW : 0;
  try {
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK | links);
  } catch (error) {
    return openRefusal(path, (error as NodeJS.ErrnoException).code ?? 'unknown');
  }
}

/**
 * Opens a file that holds a secret, and answers what `use` makes of it. What is judged is the open file, so that nobody can exchange
 * it in between.
 */
export async function withSecretFile<T>(
  path: string,
  place: SecretPlace,
  use: (handle: FileHandle) => Promise<T>,
): Promise<T | SecretProblem> {
  const handle = await openFile(path, place);
  if ('ok' in handle) return handle;
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) return noSecret(`${path} is no regular file`, 'Name the file that holds the secret.');
    return refusal(path, stats, place) ?? (await use(handle));
  } finally {
    await handle.close();
  }
}

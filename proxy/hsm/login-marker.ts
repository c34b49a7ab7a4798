import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const NAME = 'login-refused.json';

const written = z.strictObject({
  at: z.iso.datetime(),
  why: z.string().max(256),
  pinChangedAt: z.number().nullable().default(null),
});

/** Of a marker that cannot be read: no change of a PIN goes beyond it. */
const UNREADABLE = { at: '1970-01-01T00:00:00.000Z', why: 'markerUnreadable', pinChangedAt: null };

/** That the token refused the PIN, or that a person logged out, and when. Nothing about the PIN itself, not even a digest: a PIN is short enough to be guessed from one. */
export interface LoginRefusal {
  /** ISO 8601 UTC */
  readonly at: string;
  /** a CKR name or a word; `loggedOut`: a person did */
  readonly why: string;
  /** when the source of the refused PIN had last changed, in milliseconds since 1970; null: not known */
  readonly pinChangedAt: number | null;
}

function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * Keeps a refused login over restarts: a service manager that starts us again and again would otherwise lock the token. Synchronous
 * on purpose: the marker is on the disk before anything else happens.
 */
export interface LoginMarker {
  /** The refusal that still counts, or null. A file that cannot be read counts as one. */
  readonly read: () => LoginRefusal | null;
  readonly write: (refusal: LoginRefusal) => void;
  readonly remove: () => void;
}

export function loginMarker(stateFolder: string): LoginMarker {
  const path = join(stateFolder, NAME);

  function read(): LoginRefusal | null {
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      return UNREADABLE;
    }
    try {
      return written.parse(JSON.parse(text));
    } catch {
      return UNREADABLE;
    }
  }

  function write(refusal: LoginRefusal): void {
    const next = `${path}.next`;
    const file = openSync(next, 'w', 0o600);
    try {
      writeSync(file, `${JSON.stringify(refusal)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(next, path);
    sync(stateFolder);
  }

  return { read, write, remove: () => rmSync(path, { force: true }) };
}

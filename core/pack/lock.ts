import { randomUUID } from 'node:crypto';
import { open, readFile, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { z } from 'zod';
import { failure, success, type Result } from '../contract/result';
import { diskFailure, errnoOf } from './disk-failure';
import { removeIfThere } from './durable';
import { isAlive, isZombie, processStart } from './process-start';

const holderSchema = z.strictObject({
  pid: z.int().min(1),
  host: z.string(),
  start: z.string(),
  nonce: z.string().regex(/^[0-9a-z-]{1,64}$/),
});
type Holder = z.infer<typeof holderSchema>;

export interface Lock {
  /** Gives the lock back. Harmless when somebody else holds it by now. */
  release(): Promise<void>;
}

/** Between creating a lock file and writing its one line lie microseconds; a file still empty after this long was left by a crash. */
const UNWRITTEN_GRACE_MS = 5_000;
/** Each level is a crash in the middle of taking over from a crash. */
const MAX_TAKE_OVERS = 4;

/**
 * Takes the lock file at `path`, so that two processes never append to one pack. A lock whose process is gone (no such pid, or
 * the pid was given to a process that began at another time) is taken over.
 * @returns `ceremony.alreadyRunning` with the holder's pid when a living process has it
 */
export async function takeLock(path: string): Promise<Result<Lock>> {
  try {
    return await take(path, 0);
  } catch (error) {
    return diskFailure(error, path);
  }
}

async function take(path: string, depth: number): Promise<Result<Lock>> {
  const mine: Holder = { pid: process.pid, host: hostname(), start: await processStart(process.pid), nonce: randomUUID() };
  for (let attempt = 0; attempt < MAX_TAKE_OVERS; attempt++) {
    const made = await create(path, mine);
    if (made !== 'exists') return made;
    const holder = await readHolder(path);
    if (holder === 'gone') continue;
    if (holder === 'unread' || depth >= MAX_TAKE_OVERS) return failure('ceremony.alreadyRunning', { path });
    if (await isHeld(holder)) return failure('ceremony.alreadyRunning', { path, pid: holder.pid, host: holder.host });
    await removeStale(path, holder, depth);
  }
  return failure('ceremony.alreadyRunning', { path });
}

async function create(path: string, mine: Holder): Promise<Result<Lock> | 'exists'> {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(JSON.stringify(mine)).finally(() => file.close());
    return success({ release: () => release(path, mine) });
  } catch (error) {
    return errnoOf(error) === 'EEXIST' ? 'exists' : diskFailure(error, path);
  }
}

/** The process that holds a lock. `nonce` is random for each taking. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** see `processStart`; '' where the platform does not say */
  readonly start: string;
  readonly nonce: string;
}

/** Who holds the lock at `path` now: a living process, as far as that can be told. Rejects where the file cannot be read. */
export async function lockHolder(path: string): Promise<LockHolder | null> {
  const holder = await readHolder(path);
  return typeof holder === 'object' && (await isHeld(holder)) ? holder : null;
}

async function release(path: string, mine: Holder): Promise<void> {
  const holder = await readHolder(path);
  if (typeof holder === 'object' && holder.nonce === mine.nonce) await removeIfThere(path);
}

/** `unread`: being written this moment, or none of ours. One that stays unreadable was left by a crash: its holder cannot be alive. */
async function readHolder(path: string): Promise<Holder | 'gone' | 'unread'> {
  try {
    const parsed = holderSchema.safeParse(parseJson(await readFile(path, 'utf8')));
    if (parsed.success) return parsed.data;
    const { mtimeMs, ino } = await stat(path);
    return Date.now() - mtimeMs > UNWRITTEN_GRACE_MS ? { pid: 0, host: '', start: '', nonce: `unread-${ino}` } : 'unread';
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return 'gone';
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // no holder
  }
}

/** A pid means something on its own machine only; a holder on another one (a shared folder) counts as alive. */
async function isHeld({ pid, host, start }: Holder): Promise<boolean> {
  if (pid === 0) return false;
  if (host !== hostname()) return true;
  // A supervisor without time, or a container without an init, leaves a killed process as a zombie: that one writes nothing any more.
  if (!isAlive(pid) || (await isZombie(pid))) return false;
  const now = await processStart(pid);
  return start === '' || now === '' || now === start;
}

/**
 * Removes the lock of a dead holder. Two processes may have found it dead at the same time, and the slower one must not remove
 * the lock that the faster one has taken meanwhile: so removing is done under a lock of its own, named after the dead holder,
 * and only if the dead holder's lock is still the one that lies there.
 */
async function removeStale(path: string, dead: Holder, depth: number): Promise<void> {
  const right = await take(`${path}.${dead.nonce}`, depth + 1);
  if (!right.ok) return;
  const holder = await readHolder(path);
  if (typeof holder === 'object' && holder.nonce === dead.nonce) await removeIfThere(path);
  await right.value.release();
}

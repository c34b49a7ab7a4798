import { mkdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { failure, success, type Failure, type Result } from '../contract/result';
import { AppendFile } from './append-file';
import { diskFailure, errnoOf } from './disk-failure';
import { syncFolder } from './durable';

/** Compared and copied in pieces of this many bytes. */
const PIECE = 1 << 16;

/**
 * The transcript's second copy, `<mirror>/<ceremony id>/transcript.jsonl`, meant for another medium. It always is the same
 * bytes as the journal or the beginning of them. Losing it is a value to raise an alarm with; the ceremony's own journal never
 * depends on it. A copy that differs is left as it is: it may be the better evidence.
 */
export class Mirror {
  readonly #root: string;
  readonly #path: string;
  readonly #main: AppendFile;
  #copy: AppendFile | null = null;
  /** Was the mirror seen on another device than the pack? Then a folder on the pack's own device is an empty mount point, not the mirror. */
  #wasElsewhere = false;

  constructor(root: string, main: AppendFile) {
    this.#root = root;
    this.#path = join(root, basename(dirname(main.path)), basename(main.path));
    this.#main = main;
  }

  get isHeld(): boolean {
    return this.#copy !== null;
  }

  /** Makes the copy equal to the journal as far as it goes now: opens or creates it, and appends what it lacks. */
  async catchUp(): Promise<Result<null>> {
    try {
      const ready = await this.#open();
      if (!ready.ok) return this.#lose(ready.error);
      const filled = await this.#fill(ready.value);
      if (filled.ok) this.#copy = ready.value;
      else await ready.value.close();
      return filled.ok ? filled : this.#lose(filled.error);
    } catch (error) {
      return this.#lose(diskFailure(error, this.#path).error);
    }
  }

  /** Appends what the journal just took. */
  async append(bytes: Uint8Array): Promise<Result<null>> {
    if (this.#copy === null) return this.#lose({ code: 'file.notFound', detail: {} });
    const done = await this.#copy.append(bytes);
    if (done.ok) return done;
    await this.close();
    return this.#lose(done.error);
  }

  async close(): Promise<void> {
    const copy = this.#copy;
    this.#copy = null;
    await copy?.close();
  }

  #lose(reason: Failure): Result<null> {
    return failure('file.mirrorLost', { ...reason.detail, path: this.#path, because: reason.code });
  }

  /** Never makes the mirror folder itself: where a medium is pulled out, its path is only a name. */
  async #open(): Promise<Result<AppendFile>> {
    const [root, main] = await Promise.all([stat(this.#root), stat(this.#main.path)]);
    if (this.#wasElsewhere && root.dev === main.dev)
      return failure('file.notFound', { reason: 'the medium of the mirror is not there' });
    this.#wasElsewhere = root.dev !== main.dev;
    const made = await makeFolder(dirname(this.#path));
    if (made) await syncFolder(this.#root);
    const existing = await AppendFile.reopen(this.#path);
    if (existing.ok || existing.error.code !== 'file.notFound') return existing;
    const fresh = await AppendFile.create(this.#path);
    if (fresh.ok) await syncFolder(dirname(this.#path));
    return fresh;
  }

  async #fill(copy: AppendFile): Promise<Result<null>> {
    if (copy.length > this.#main.length) return failure('file.damaged', { reason: 'the mirror is longer than the journal' });
    for (let at = 0; at < copy.length; at += PIECE) {
      const size = Math.min(PIECE, copy.length - at);
      const [ours, theirs] = await Promise.all([this.#main.read(at, size), copy.read(at, size)]);
      if (Buffer.compare(ours, theirs) !== 0)
        return failure('file.damaged', { reason: 'the mirror is not a copy of the journal' });
    }
    while (copy.length < this.#main.length) {
      const done = await copy.append(await this.#main.read(copy.length, Math.min(PIECE, this.#main.length - copy.length)));
      if (!done.ok) return done;
    }
    return success(null);
  }
}

/** @returns whether the folder was made just now */
async function makeFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path, { mode: 0o700 });
    return true;
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
    return false;
  }
}

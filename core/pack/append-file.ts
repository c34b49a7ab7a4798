import { open, stat, type FileHandle } from 'node:fs/promises';
import { failure, success, type Result } from '../contract/result';
import { diskFailure } from './disk-failure';
import { CREATE_NEW, UPDATE_PLAIN, writeAll } from './durable';

/**
 * A file that only grows, by whole durable pieces. After a failed append it is as long as before it, so a torn line never
 * stays, and the same piece can be appended again later.
 */
export class AppendFile {
  readonly path: string;
  readonly #file: FileHandle;
  #length: number;
  /** A failed append could not be cut off again: the next one has to begin with that. */
  #isTorn = false;

  private constructor(path: string, file: FileHandle, length: number) {
    this.path = path;
    this.#file = file;
    this.#length = length;
  }

  static async create(path: string): Promise<Result<AppendFile>> {
    return AppendFile.#open(path, CREATE_NEW);
  }

  static async reopen(path: string): Promise<Result<AppendFile>> {
    return AppendFile.#open(path, UPDATE_PLAIN);
  }

  static async #open(path: string, flags: number): Promise<Result<AppendFile>> {
    try {
      const file = await open(path, flags, 0o600);
      return success(new AppendFile(path, file, (await file.stat()).size));
    } catch (error) {
      return diskFailure(error, path);
    }
  }

  /** bytes that are durable */
  get length(): number {
    return this.#length;
  }

  /**
   * Resolves when the bytes are on the medium. fdatasync is enough: POSIX has it write all metadata that is needed to read the
   * data back, and the size of the file is that; only times are left out.
   */
  async append(bytes: Uint8Array): Promise<Result<null>> {
    try {
      const ready = await this.#prepare();
      if (!ready.ok) return ready;
      await writeAll(this.#file, bytes, this.#length);
      await this.#file.datasync();
      this.#length += bytes.length;
      return success(null);
    } catch (error) {
      return this.#afterFailure(error);
    }
  }

  /** Cuts the file back to `length` bytes, durably. */
  async cut(length: number): Promise<Result<null>> {
    try {
      await this.#file.truncate(length);
      await this.#file.datasync();
      this.#length = length;
      this.#isTorn = false;
      return success(null);
    } catch (error) {
      return diskFailure(error, this.path);
    }
  }

  /** `size` bytes from `position`; fewer at the end of the file. */
  async read(position: number, size: number): Promise<Uint8Array> {
    const { buffer, bytesRead } = await this.#file.read(new Uint8Array(size), 0, size, position);
    return buffer.subarray(0, bytesRead);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  /**
   * Is the open file still the one that has this name, and as long as it was left? Writing into a file whose folder was removed
   * succeeds without a word, and the evidence would be gone when the program ends.
   */
  async #prepare(): Promise<Result<null>> {
    if (this.#isTorn) {
      const cut = await this.cut(this.#length);
      if (!cut.ok) return cut;
    }
    const [named, held] = await Promise.all([stat(this.path), this.#file.stat()]);
    if (named.ino !== held.ino || named.dev !== held.dev)
      return failure('file.notFound', { path: this.path, reason: 'another file has this name now' });
    if (held.size !== this.#length)
      return failure('file.changedUnderneath', { path: this.path, wanted: this.#length, got: held.size });
    return success(null);
  }

  async #afterFailure(error: unknown): Promise<Result<null>> {
    const failed = diskFailure(error, this.path);
    this.#isTorn = true;
    const cut = await this.cut(this.#length);
    if (cut.ok) return failed;
    return failure(failed.error.code, { ...failed.error.detail, tornLine: true });
  }
}

import { appendFile, mkdir, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Of one file; there are two. */
const FILE_BYTES = 1_000_000;
/** What may wait for a disk that is slow. More is dropped: the proxy must not wait for its own words. */
const WAITING_BYTES = 256_000;

/**
 * What the proxy's process prints, in a file of its own (0600) and the one before it (`.1`). Losing it costs nothing but words: the
 * audit log is the proxy's own.
 */
export class OutputLog {
  readonly #path: string;
  readonly #fileBytes: number;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #writing: Promise<void> | null = null;

  constructor(path: string, fileBytes = FILE_BYTES) {
    this.#path = path;
    this.#fileBytes = fileBytes;
  }

  add(bytes: Uint8Array): void {
    if (this.#waitingBytes + bytes.length > WAITING_BYTES) return;
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#writing ??= this.#write().finally(() => (this.#writing = null));
  }

  /** Resolves when everything that was added is written, or given up. */
  async flush(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const bytes = Buffer.concat(this.#waiting);
      this.#waiting = [];
      this.#waitingBytes = 0;
      await this.#append(bytes).catch(() => undefined); // a full disk: see above
    }
  }

  async #append(bytes: Uint8Array): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
    const size = await stat(this.#path).then(
      (stats) => stats.size,
      () => 0,
    );
    if (size > 0 && size + bytes.length > this.#fileBytes) await rename(this.#path, `${this.#path}.1`);
    await appendFile(this.#path, bytes, { mode: 0o600 });
  }
}

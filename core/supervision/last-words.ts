import { plainText } from '../control/act';

const LINES = 20;
/** A line without an end must not grow for ever. */
const LONGEST = 4_096;

/** The last lines that a process printed, each printable and of 200 characters at most. */
export class LastWords {
  #lines: string[] = [];
  #rest = '';
  readonly #decoder = new TextDecoder();

  add(bytes: Uint8Array): void {
    const parts = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split('\n');
    this.#rest = (parts.pop() ?? '').slice(-LONGEST);
    const lines = parts
      .slice(-LINES)
      .map(plainText)
      .filter((line) => line !== '');
    this.#lines = [...this.#lines, ...lines].slice(-LINES);
  }

  lines(): readonly string[] {
    const rest = plainText(this.#rest);
    return rest === '' ? this.#lines : [...this.#lines, rest].slice(-LINES);
  }

  forget(): void {
    this.#lines = [];
    this.#rest = '';
  }
}

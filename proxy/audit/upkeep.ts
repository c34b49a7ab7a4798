import type { ChainFile } from './chain-file';
import { diskProblem } from './trouble';

const EVERY_MS = 1000;
/** rounds that one fsync may take; a disk that needs longer does not keep what was promised */
const ROUNDS_LIMIT = 5;

/** Once a second: brings the log onto the medium, and looks whether the file is still the one that is written. */
export class Upkeep {
  readonly #chain: ChainFile;
  readonly #onProblem: (problem: string) => void;
  readonly #timer: NodeJS.Timeout;
  #round: Promise<void> | null = null;
  #roundsMissed = 0;

  constructor(chain: ChainFile, onProblem: (problem: string) => void) {
    this.#chain = chain;
    this.#onProblem = onProblem;
    this.#timer = setInterval(() => this.#begin(), EVERY_MS).unref();
  }

  get isBusy(): boolean {
    return this.#round !== null;
  }

  /** Resolves when the round under way has ended. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#round;
  }

  #begin(): void {
    if (this.#round) {
      this.#roundsMissed += 1;
      if (this.#roundsMissed === ROUNDS_LIMIT) this.#onProblem(`the disk has not synced for ${ROUNDS_LIMIT} seconds`);
      return;
    }
    this.#roundsMissed = 0;
    this.#round = this.#go().finally(() => (this.#round = null));
  }

  async #go(): Promise<void> {
    try {
      await this.#chain.sync();
      const problem = await this.#chain.problem();
      if (problem !== null) this.#onProblem(problem);
    } catch (error) {
      this.#onProblem(diskProblem(error));
    }
  }
}

import { failure, success, type Result } from '../contract/result';
import type { TokenPort } from '../pkcs11/port';
import type { TokenProcess } from './port';

/** Keeps one token process for the ceremony: starts it on first use, notices its death, ends it. */
export class TokenHolder {
  readonly #start: () => Promise<Result<TokenProcess>>;
  readonly #onLoss: (reason: string) => void;
  #process: TokenProcess | null = null;

  constructor(start: () => Promise<Result<TokenProcess>>, onLoss: (reason: string) => void) {
    this.#start = start;
    this.#onLoss = onLoss;
  }

  readonly port = async (): Promise<Result<TokenPort>> => {
    if (this.#process) return success(this.#process.port);
    const started = await this.#start();
    if (!started.ok) return started;
    const mine = started.value;
    this.#process = mine;
    mine.onExit((reason) => {
      if (this.#process !== mine) return;
      this.#process = null;
      this.#onLoss(reason);
    });
    return success(mine.port);
  };

  /** The port of a process that runs already; never starts one. */
  get running(): Result<TokenPort> {
    return this.#process ? success(this.#process.port) : failure('token.notLoggedIn');
  }

  async stop(): Promise<void> {
    const mine = this.#process;
    this.#process = null;
    await mine?.stop();
  }
}

/** What has to be closed, in the opposite order of its opening. One that fails does not keep the others open. */
export class Closing {
  readonly #steps: (() => unknown)[] = [];
  #done: Promise<void> | null = null;

  add(step: () => unknown): void {
    this.#steps.push(step);
  }

  /** Once, however often it is called. @throws the first error, after everything was closed */
  close(): Promise<void> {
    this.#done ??= this.#close();
    return this.#done;
  }

  async #close(): Promise<void> {
    const errors: unknown[] = [];
    for (const step of this.#steps.reverse()) {
      try {
        await step();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}

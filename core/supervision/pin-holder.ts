/**
 * The PIN, for as long as the proxy is to be restarted after a crash without a person. It lives in this process only, as bytes, and
 * is overwritten when the proxy is paused, fails for good, or the token refuses it.
 */
export class PinHolder {
  #bytes: Uint8Array | null = null;

  get isEmpty(): boolean {
    return this.#bytes === null;
  }

  /** Takes the bytes over: those of the caller are overwritten. */
  hold(pin: Uint8Array): void {
    this.forget();
    this.#bytes = Uint8Array.from(pin);
    pin.fill(0);
  }

  /** Hands a copy out for one message, and overwrites it afterwards. */
  use<T>(work: (pin: Uint8Array | null) => T): T {
    const copy = this.#bytes && Uint8Array.from(this.#bytes);
    try {
      return work(copy);
    } finally {
      copy?.fill(0);
    }
  }

  forget(): void {
    this.#bytes?.fill(0);
    this.#bytes = null;
  }
}

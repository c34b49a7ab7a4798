import type { Pin } from './secrets-at-hand';

/** The PIN, kept for the logins that come after a worker process had to be replaced. Overwritten when it is exchanged or the proxy ends. */
export class PinAtHand {
  #pin: Pin;
  #isForgotten = false;

  constructor(pin: Pin) {
    this.#pin = pin;
  }

  get isForgotten(): boolean {
    return this.#isForgotten;
  }

  get changedAt(): number | null {
    return this.#pin.changedAt;
  }

  /** For one login; whoever uses it overwrites it. Throws where it was forgotten: zeros would be tried as a PIN. Not `slice`: of a Buffer that is a view, and the PIN would be gone after one login. */
  copy(): Uint8Array {
    if (this.#isForgotten) throw new Error('The PIN was forgotten.');
    return new Uint8Array(this.#pin.bytes);
  }

  replace(pin: Pin): void {
    this.forget();
    this.#pin = pin;
    this.#isForgotten = false;
  }

  forget(): void {
    this.#isForgotten = true;
    this.#pin.bytes.fill(0);
  }
}

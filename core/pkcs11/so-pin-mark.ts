import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Remembers the security officer's PIN well enough to recognise it, and no better: a keyed digest under a key that only this process
 * has. Two roles with one PIN are one role, so a crypto officers' PIN that equals it is refused.
 */
export class SoPinMark {
  readonly #key = randomBytes(32);
  #mark: Buffer | null = null;

  /** The digest of a PIN; null for a PIN that the token asks for itself. To be taken before the PIN is used, for using it overwrites it. */
  of(pin: Uint8Array | null): Buffer | null {
    return pin && createHmac('sha256', this.#key).update(pin).digest();
  }

  remember(mark: Buffer | null): void {
    this.#mark = mark;
  }

  isSame(pin: Uint8Array | null): boolean {
    const mark = this.of(pin);
    return mark !== null && this.#mark !== null && timingSafeEqual(mark, this.#mark);
  }
}

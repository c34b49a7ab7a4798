import { failure, type Result } from '../contract/result';

/**
 * Hands a PIN to the binding, which takes text only. The bytes are overwritten whatever happens. The text itself cannot be: JavaScript
 * strings are not ours to erase, so it lives on in this process until the collector runs, which is why PINs exist in the short-lived
 * token child alone. `null` (protected authentication path) becomes the empty text: the binding cannot pass NULL.
 * Errors: token.pinInvalid for bytes that are no UTF-8 (PKCS#11 2.40, 3.1: PINs are UTF-8), rather than trying another PIN than was meant.
 */
export function withPin<T>(pin: Uint8Array | null, act: (text: string) => Result<T>): Result<T> {
  if (pin === null) return act('');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(pin);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return failure('token.pinInvalid', { problem: 'not UTF-8' });
  } finally {
    pin.fill(0);
  }
  return act(text);
}

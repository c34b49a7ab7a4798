/**
 * The token said CKR_OK, but what it gave must not be used: an IV that is zero or came before, a length that cannot be, another
 * plaintext than was encrypted. `reason` is the word for audit and metrics.
 */
export class WrongAnswer extends Error {
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}

import { createHash } from 'node:crypto';
import { sha256Bytes } from './sha256';

/**
 * A report ends with a PDF comment that holds the SHA-256 of everything before it. Only the manifest lists the report's hash, so
 * with the two alone a changed byte could be in either; with this line it is known in which.
 */
const LABEL = '%keyrite-sha256 ';
const TRAILER_LENGTH = LABEL.length + 64 + 1;

/** The report with its digest line. PDF readers look for %%EOF in the last kilobyte and skip comments (ISO 32000-1, 7.5.5 and Annex H.3). */
export function withDigest(pdf: Uint8Array): Uint8Array {
  const text = Buffer.from(pdf.at(-1) === 0x0a ? '' : '\n', 'latin1');
  const body = Buffer.concat([pdf, text]);
  return Buffer.concat([body, Buffer.from(`${LABEL}${sha256Bytes(body)}\n`, 'latin1')]);
}

/** Feeds on the pieces of a report; `isWhole` afterwards tells whether its last line fits what came before it. */
export class ReportDigest {
  readonly #digest = createHash('sha256');
  #tail: Buffer = Buffer.alloc(0);

  take(piece: Uint8Array): void {
    const held = Buffer.concat([this.#tail, piece]);
    const settled = Math.max(0, held.length - TRAILER_LENGTH);
    this.#digest.update(held.subarray(0, settled));
    this.#tail = held.subarray(settled);
  }

  isWhole(): boolean {
    return this.#tail.toString('latin1') === `${LABEL}${this.#digest.digest('hex')}\n`;
  }
}

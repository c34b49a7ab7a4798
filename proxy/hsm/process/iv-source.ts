import { WrongAnswer } from './wrong-answer';

export const DRAWN_IV_BYTES = 12;
const BATCH = 64;

export function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

/** The IVs of a batch as text. @throws WrongAnswer when two are alike, or one came in the batch before, or one is zero: an RNG that is none */
function checkBatch(batch: Buffer, before: ReadonlySet<string>): ReadonlySet<string> {
  const drawn = new Set<string>();
  for (let at = 0; at < batch.length; at += DRAWN_IV_BYTES) {
    const iv = batch.subarray(at, at + DRAWN_IV_BYTES);
    const text = iv.toString('latin1');
    if (isZero(iv) || drawn.has(text) || before.has(text))
      throw new WrongAnswer('randomRepeats', 'The random numbers of the token repeat.');
    drawn.add(text);
  }
  return drawn;
}

/**
 * IVs of 12 bytes out of the token's RNG, drawn 64 at a time because a call to a network HSM costs as much for one as for all. Each
 * is handed out once and overwritten here: the same IV twice under a key gives away both plaintexts and the authentication key.
 * @param fill fills all of the bytes with random ones
 */
export function ivSource(fill: (bytes: Buffer) => void): () => Buffer {
  const batch = Buffer.alloc(BATCH * DRAWN_IV_BYTES);
  let drawn: ReadonlySet<string> = new Set();
  let at = batch.length;
  return () => {
    if (at === batch.length) {
      // A batch that fails half-way must not be used from its start.
      batch.fill(0);
      fill(batch);
      drawn = checkBatch(batch, drawn);
      at = 0;
    }
    const place = batch.subarray(at, at + DRAWN_IV_BYTES);
    at += DRAWN_IV_BYTES;
    const iv = Buffer.from(place);
    place.fill(0);
    return iv;
  };
}

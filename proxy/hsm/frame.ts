/**
 * What travels between the proxy and a thread of an HSM process, both ways: u32 length of the rest, u8 kind, u8 flags, u16 number of
 * fields, u32 id, u32 word, then each field as u32 length and its bytes. Big-endian. Written by hand, because JSON would cost more
 * than the HSM of a fast path.
 */
export interface Frame {
  readonly kind: number;
  readonly flags: number;
  /** an answer has the id of its order */
  readonly id: number;
  /** of an order: the epoch of blocks it was judged in; of an answer: how long it took, in microseconds */
  readonly word: number;
  /** views into the bytes that were read */
  readonly fields: readonly Buffer[];
}

const LENGTH_BYTES = 4;
const HEAD_BYTES = 12;

/** Where `word` stands in a frame. */
export const WORD_AT = 12;

/** Nothing of ours comes near: the largest body a client may send is 1 MiB, and that is base64. */
export const FRAME_BYTES_LIMIT = 2 * 1024 * 1024;
export const FIELDS_LIMIT = 16;

export class FrameError extends Error {}

function checked(bytes: number, fields: number): void {
  if (bytes < HEAD_BYTES || bytes > FRAME_BYTES_LIMIT) throw new FrameError(`A frame of ${bytes} bytes.`);
  if (fields > FIELDS_LIMIT) throw new FrameError(`A frame of ${fields} fields.`);
}

/** @throws FrameError beyond the limits */
export function encodeFrame(head: Omit<Frame, 'fields'>, fields: readonly Uint8Array[]): Buffer {
  let bytes = HEAD_BYTES;
  for (const field of fields) bytes += LENGTH_BYTES + field.length;
  checked(bytes, fields.length);
  const frame = Buffer.allocUnsafe(LENGTH_BYTES + bytes);
  frame.writeUInt32BE(bytes, 0);
  frame[4] = head.kind;
  frame[5] = head.flags;
  frame.writeUInt16BE(fields.length, 6);
  frame.writeUInt32BE(head.id, 8);
  frame.writeUInt32BE(head.word, WORD_AT);
  let at = LENGTH_BYTES + HEAD_BYTES;
  for (const field of fields) {
    frame.writeUInt32BE(field.length, at);
    frame.set(field, at + LENGTH_BYTES);
    at += LENGTH_BYTES + field.length;
  }
  return frame;
}

function fieldsIn(body: Buffer, count: number): readonly Buffer[] {
  const fields: Buffer[] = [];
  let at = HEAD_BYTES;
  for (let i = 0; i < count; i++) {
    if (at + LENGTH_BYTES > body.length) throw new FrameError('A field without its length.');
    const end = at + LENGTH_BYTES + body.readUInt32BE(at);
    if (end > body.length) throw new FrameError('A field beyond its frame.');
    fields.push(body.subarray(at + LENGTH_BYTES, end));
    at = end;
  }
  if (at !== body.length) throw new FrameError('Bytes after the last field.');
  return fields;
}

function frameIn(body: Buffer): Frame {
  const count = body.readUInt16BE(2);
  checked(body.length, count);
  return {
    kind: body[0] ?? 0,
    flags: body[1] ?? 0,
    id: body.readUInt32BE(4),
    word: body.readUInt32BE(8),
    fields: fieldsIn(body, count),
  };
}

/** Puts frames together again from chunks of any length. A whole frame in one chunk is not copied. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  /**
   * The frames that are complete with this chunk. Their fields are views into it.
   * @throws FrameError when the bytes are no frames; the stream is useless from then on
   */
  push(chunk: Buffer): readonly Frame[] {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const frames: Frame[] = [];
    let at = 0;
    while (bytes.length - at >= LENGTH_BYTES) {
      const length = bytes.readUInt32BE(at);
      checked(length, 0);
      const end = at + LENGTH_BYTES + length;
      if (end > bytes.length) break;
      frames.push(frameIn(bytes.subarray(at + LENGTH_BYTES, end)));
      at = end;
    }
    this.#rest = at === bytes.length ? EMPTY : Buffer.from(bytes.subarray(at));
    return frames;
  }
}

const EMPTY = Buffer.alloc(0);

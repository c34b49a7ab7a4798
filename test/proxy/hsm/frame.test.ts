import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFrame, FIELDS_LIMIT, FRAME_BYTES_LIMIT, FrameError, FrameReader, type Frame } from '../../../proxy/hsm/frame';
import {
  decryptFrame,
  encryptFrame,
  faultFrame,
  readDecrypt,
  readEncrypt,
  readFault,
  setTook,
  stoppedFrame,
} from '../../../proxy/hsm/order-frame';

const u8 = fc.integer({ min: 0, max: 255 });
const u32 = fc.integer({ min: 0, max: 0xffffffff });
const bytes = fc.uint8Array({ maxLength: 300 });
const frame = fc.record({ kind: u8, flags: u8, id: u32, word: u32, fields: fc.array(bytes, { maxLength: FIELDS_LIMIT }) });

/** As plain values: views of different buffers compare by content. */
function plain({ fields, ...head }: Omit<Frame, 'fields'> & { readonly fields: readonly Uint8Array[] }) {
  return { ...head, fields: fields.map((field) => Buffer.from(field).toString('hex')) };
}

function only(encoded: Buffer): Frame {
  const [read] = new FrameReader().push(encoded);
  return read!;
}

describe('frames between the proxy and its HSM threads', () => {
  it('come out as they went in, however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 400 })), (frames, cuts) => {
        const stream = Buffer.concat(frames.map(({ fields, ...head }) => encodeFrame(head, fields)));
        const reader = new FrameReader();
        const read: unknown[] = [];
        let at = 0;
        for (const cut of [...cuts, stream.length]) {
          // A copy: a reader that keeps views into what it was given would see it change.
          const chunk = Buffer.from(stream.subarray(at, at + cut));
          for (const one of reader.push(chunk)) read.push(plain(one));
          chunk.fill(0xee);
          at += cut;
        }
        expect(read).toEqual(frames.map(plain));
      }),
    );
  });

  it('of no form are refused, never guessed at', () => {
    fc.assert(
      fc.property(frame, fc.nat(), u8, ({ fields, ...head }, place, value) => {
        const encoded = encodeFrame(head, fields);
        encoded[place % encoded.length] = value;
        try {
          for (const { fields: read } of new FrameReader().push(encoded)) expect(read.length).toBeLessThanOrEqual(FIELDS_LIMIT);
        } catch (error) {
          expect(error).toBeInstanceOf(FrameError);
        }
      }),
    );
  });

  it('have a bound that holds before anything is kept', () => {
    const head = { kind: 1, flags: 0, id: 1, word: 0 };
    expect(() => encodeFrame(head, [Buffer.alloc(FRAME_BYTES_LIMIT)])).toThrow(FrameError);
    expect(() =>
      encodeFrame(
        head,
        Array.from({ length: FIELDS_LIMIT + 1 }, () => Buffer.alloc(0)),
      ),
    ).toThrow(FrameError);
    const claim = Buffer.alloc(4);
    claim.writeUInt32BE(FRAME_BYTES_LIMIT + 1);
    expect(() => new FrameReader().push(claim)).toThrow(FrameError);
  });

  it('carry orders and faults', () => {
    const aad = fc.option(bytes);
    fc.assert(
      fc.property(u32, bytes, aad, fc.boolean(), (id, text, given, wantsCdiv) => {
        const buffer = Buffer.from(text);
        const encrypt = { handle: buffer, metadata: buffer, health: buffer, plaintext: buffer, aad: given, wantsCdiv };
        const read = readEncrypt(only(encryptFrame(id, 7, encrypt)));
        expect({ ...read, aad: read.aad && Uint8Array.from(read.aad) }).toEqual(encrypt);
        const decrypt = {
          ...{ handle: buffer, health: buffer, metadata: buffer, ciphertext: buffer, iv: buffer, tag: buffer, aad: given },
          framings: ['sample', 'spec'] as const,
        };
        const opened = readDecrypt(only(decryptFrame(id, 7, decrypt)));
        expect({ ...opened, aad: opened.aad && Uint8Array.from(opened.aad) }).toEqual(decrypt);
      }),
    );
    const fault = {
      failure: { name: 'InternalException', reason: 'CKR_DEVICE_ERROR', message: 'm' },
      ...{ isDevice: true, mayRepeat: false, forgetsKey: true },
    } as const;
    const answer = faultFrame(9, fault);
    setTook(answer, 1234);
    expect(readFault(only(answer))).toEqual(fault);
    expect(only(answer)).toMatchObject({ id: 9, word: 1234 });
    expect(() => readFault(only(stoppedFrame(1)))).toThrow(FrameError);
  });
});

import { createCipheriv, createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hsmAad, LONGEST_AAD_BYTES } from '../../../core/xks/aad';
import { joinBytes, sameBytes } from '../../../core/xks/bytes';
import { cdiv } from '../../../core/xks/cdiv';
import { ciphertextMetadata, generationIn, METADATA_BYTES_LIMIT } from '../../../core/xks/ciphertext-metadata';
import { MESSAGE_LENGTH_LIMIT, printable } from '../../../core/xks/errors';

const sha256 = (...parts: readonly Uint8Array[]): Uint8Array => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const b64 = (text: string): Uint8Array => Buffer.from(text, 'base64');
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (max: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength: max });

const AAD = b64('cHJvamVjdD1uaWxlLGRlcGFydG1lbnQ9bWFya2V0aW5n');
const METADATA = b64('a2V5X3ZlcnNpb249MQ==');
const IV = b64('HMrlRw85cAJUd5Ax');

describe('the integrity value of a ciphertext', () => {
  it('is the one of the specification’s worked example', () => {
    const parts = {
      aad: AAD,
      metadata: METADATA,
      iv: IV,
      ciphertext: b64('ghxkK1txeDNn3q8Y'),
      tag: b64('vBxN2ncH1oEkR8WVXpmyYQ=='),
    };
    expect(Buffer.from(cdiv(parts, sha256)).toString('base64')).toBe('qHA/ImC9h5HsLRXqCyPmWgYx7tzyoTplzILbP0fPXsc=');
  });

  it('covers what AES-256-GCM makes of a known key', () => {
    const cipher = createCipheriv('aes-256-gcm', Buffer.alloc(32, 1), IV).setAAD(hsmAad('spec', AAD, METADATA, sha256));
    const ciphertext = Buffer.concat([cipher.update('Hello World!'), cipher.final()]);
    const tag = cipher.getAuthTag();
    expect(ciphertext.toString('base64')).toBe('8EzWc4/GZoxJiOVp');
    expect(tag.toString('base64')).toBe('RbJnqHt4/tkjzRp1FUWUKw==');
    const value = cdiv({ aad: AAD, metadata: METADATA, iv: IV, ciphertext, tag }, sha256);
    expect(Buffer.from(value).toString('base64')).toBe('+MuQ1cHOg2BEPelaXI9ycof0dL7+Sdlv31LkDaj/Hy8=');
  });
});

describe('the framing of additional authenticated data', () => {
  it('has the lengths and the bytes of the specification', () => {
    expect(hex(hsmAad('spec', AAD, METADATA, sha256))).toBe(
      '002170726f6a6563743d6e696c652c6465706172746d656e743d6d61726b6574696e670d6b65795f76657273696f6e3d31',
    );
  });

  it('has the digest of the sample proxy under the length of what was digested', () => {
    expect(hex(hsmAad('sample', AAD, new Uint8Array(), sha256))).toBe(
      '00216fb32b1a4c13895a23343800001e0635885003c4d04ebb3cdd631452a824e63900',
    );
  });

  it('is three zero bytes where there is neither', () => {
    expect(hex(hsmAad('spec', null, new Uint8Array(), sha256))).toBe('000000');
    expect(hex(hsmAad('sample', null, new Uint8Array(), sha256))).toBe('000000');
  });

  it('tells an empty one from an absent one only as the sample proxy does', () => {
    const none = new Uint8Array();
    expect(hex(hsmAad('spec', none, none, sha256))).toBe('000000');
    expect(hex(hsmAad('sample', none, none, sha256))).toBe(`0000${hex(sha256())}00`);
  });

  it('never makes the same bytes of two different pairs', () => {
    const pair = fc.tuple(bytes(40), bytes(METADATA_BYTES_LIMIT));
    fc.assert(
      fc.property(pair, pair, ([aad, metadata], [otherAad, otherMetadata]) => {
        const isSame = sameBytes(hsmAad('spec', aad, metadata, sha256), hsmAad('spec', otherAad, otherMetadata, sha256));
        expect(isSame).toBe(sameBytes(aad, otherAad) && sameBytes(metadata, otherMetadata));
      }),
    );
  });

  it('can be taken apart again by its lengths', () => {
    fc.assert(
      fc.property(bytes(1000), bytes(METADATA_BYTES_LIMIT), (aad, metadata) => {
        const framed = Buffer.from(hsmAad('spec', aad, metadata, sha256));
        const length = framed.readUInt16BE(0);
        expect(framed.subarray(2, 2 + length)).toEqual(Buffer.from(aad));
        expect(framed[2 + length]).toBe(metadata.length);
        expect(framed.subarray(3 + length)).toEqual(Buffer.from(metadata));
      }),
    );
  });

  it('takes lengths that its bytes can say, and no more', () => {
    expect(hsmAad('spec', new Uint8Array(LONGEST_AAD_BYTES), new Uint8Array(), sha256)).toHaveLength(LONGEST_AAD_BYTES + 3);
    expect(() => hsmAad('sample', new Uint8Array(LONGEST_AAD_BYTES + 1), new Uint8Array(), sha256)).toThrow(RangeError);
    expect(() => hsmAad('spec', null, new Uint8Array(256), sha256)).toThrow(RangeError);
  });
});

describe('ciphertext metadata', () => {
  it('names the generation that made it, within what KMS takes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), (generation) => {
        const metadata = ciphertextMetadata(generation);
        expect(metadata.length).toBeLessThanOrEqual(METADATA_BYTES_LIMIT);
        expect(Buffer.from(generationIn(metadata)!)).toEqual(Buffer.from(generation));
      }),
    );
  });

  it('of others, of a later version or of another length is not ours', () => {
    const ours = ciphertextMetadata(new Uint8Array(8));
    expect(generationIn(METADATA)).toBeNull();
    expect(generationIn(new Uint8Array())).toBeNull();
    expect(generationIn(Uint8Array.of(...ours, 0))).toBeNull();
    expect(generationIn(ours.subarray(0, 10))).toBeNull();
    expect(generationIn(ours.map((byte, i) => (i === 2 ? 2 : byte)))).toBeNull();
    expect(() => ciphertextMetadata(new Uint8Array(7))).toThrow(RangeError);
  });
});

describe('small parts', () => {
  it('joins bytes in order', () => {
    fc.assert(
      fc.property(fc.array(bytes(20)), (parts) => {
        expect(Buffer.from(joinBytes(...parts))).toEqual(Buffer.concat(parts));
      }),
    );
  });

  it('lets only printable ASCII under 512 characters into a message', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (text) => {
        const sent = printable(text);
        expect(sent).toMatch(/^[\x20-\x7e]*$/);
        expect(sent.length).toBeLessThan(MESSAGE_LENGTH_LIMIT);
      }),
    );
  });
});

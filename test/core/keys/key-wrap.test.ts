import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unwrapPadded, unwrapPlain, wrapPadded, wrapPlain } from '../../../core/keys/key-wrap';
import { aesBlocks } from '../../../core/wrapping/aes-blocks';

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const hexOf = (bytes: Uint8Array | null): string | null => (bytes === null ? null : Buffer.from(bytes).toString('hex'));
const KEK_32 = hex('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f');
const PADDED_IV = Buffer.from('a65959a6', 'hex');

/** RFC 3394, section 4: KEK, key, ciphertext. */
const RFC_3394 = [
  ['4.1', KEK_32.subarray(0, 16), '00112233445566778899aabbccddeeff', '1fa68b0a8112b447 aef34bd8fb5a7b82 9d3e862371d2cfe5'],
  ['4.3', KEK_32, '00112233445566778899aabbccddeeff', '64e8c3f9ce0f5ba2 63e9777905818a2a 93c8191e7d6e8ae7'],
  [
    '4.5',
    KEK_32,
    '00112233445566778899aabbccddeeff0001020304050607',
    'a8f9bc1612c68b3f f6e6f4fbe30e71e4 769c8b80a32cb895 8cd5d17d6b254da1',
  ],
  [
    '4.6',
    KEK_32,
    '00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f',
    '28c9f404c4b810f4 cbccb35cfb87f826 3f5786e2d80ed326 cbc7f0e71a99f43b fb988b9b7a02dd21',
  ],
] as const;

const KEK_5649 = hex('5840df6e29b02af1 ab493b705bf16ea1 ae8338f4dcc176a8');
const RFC_5649 = [
  [
    '20 octets',
    'c37b7e6492584340 bed1220780894115 5068f738',
    '138bdeaa9b8fa7fc 61f97742e72248ee 5ae6ae5360d1ae6a 5f54f373fa543b6a',
  ],
  ['7 octets', '466f7250617369', 'afbeb0f07dfbf541 9200f2ccb50bb24f'],
] as const;

describe('RFC 3394 key wrap', () => {
  it.each(RFC_3394)('gives the ciphertext of section %s and takes it back', (_section, kek, key, wrapped) => {
    const aes = aesBlocks(kek);
    expect(hexOf(wrapPlain(aes, hex(key)))).toBe(hexOf(hex(wrapped)));
    expect(hexOf(unwrapPlain(aes, hex(wrapped)))).toBe(key);
  });

  it('wraps whole blocks from 16 bytes, and nothing else', () => {
    const aes = aesBlocks(KEK_32);
    for (const length of [0, 1, 8, 15, 17, 31]) expect(() => wrapPlain(aes, new Uint8Array(length))).toThrow(RangeError);
    for (const length of [0, 8, 16, 23, 25]) expect(unwrapPlain(aes, new Uint8Array(length))).toBeNull();
  });

  it('refuses a ciphertext in which any bit is flipped', () => {
    const aes = aesBlocks(KEK_32);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 2, maxLength: 8 }), fc.nat(), (seed, at) => {
        const key = new Uint8Array(seed.length * 8).map((_, i) => (seed[i % seed.length] ?? 0) ^ i);
        const wrapped = wrapPlain(aes, key);
        expect(hexOf(unwrapPlain(aes, wrapped))).toBe(hexOf(key));
        const bit = at % (wrapped.length * 8);
        wrapped[bit >> 3]! ^= 1 << (bit & 7);
        expect(unwrapPlain(aes, wrapped)).toBeNull();
      }),
      { numRuns: 200 },
    );
  });
});

describe('RFC 5649 key wrap with padding', () => {
  it.each(RFC_5649)('gives the ciphertext of section 6 for %s and takes it back', (_name, key, wrapped) => {
    const aes = aesBlocks(KEK_5649);
    expect(hexOf(wrapPadded(aes, hex(key)))).toBe(hexOf(hex(wrapped)));
    expect(hexOf(unwrapPadded(aes, hex(wrapped)))).toBe(hexOf(hex(key)));
  });

  it('gives what OpenSSL gives for every length from 1 to 299, and takes back what OpenSSL made', () => {
    for (let length = 1; length < 300; length++) {
      const kek = randomBytes(32);
      const key = randomBytes(length);
      const cipher = createCipheriv('id-aes256-wrap-pad', kek, PADDED_IV);
      const theirs = Buffer.concat([cipher.update(key), cipher.final()]);
      expect(hexOf(wrapPadded(aesBlocks(kek), key))).toBe(hexOf(theirs));
      expect(hexOf(unwrapPadded(aesBlocks(kek), theirs))).toBe(hexOf(key));
    }
  });

  it('refuses a ciphertext in which any bit is flipped, as OpenSSL does', () => {
    const aes = aesBlocks(KEK_32);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 80 }), fc.nat(), (key, at) => {
        const wrapped = wrapPadded(aes, key);
        expect(hexOf(unwrapPadded(aes, wrapped))).toBe(hexOf(key));
        const bit = at % (wrapped.length * 8);
        wrapped[bit >> 3]! ^= 1 << (bit & 7);
        expect(unwrapPadded(aes, wrapped)).toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  /** The blocks a foreign wrap could hold: an initial value and a key of our choice, wrapped by OpenSSL, which pins neither. */
  function crafted(iv: string, key: string): Uint8Array {
    if (key.length === 16) {
      const ecb = createCipheriv('aes-256-ecb', KEK_32, null).setAutoPadding(false);
      return ecb.update(Buffer.from(iv + key, 'hex'));
    }
    const cipher = createCipheriv('id-aes256-wrap', KEK_32, Buffer.from(iv, 'hex'));
    return Buffer.concat([cipher.update(Buffer.from(key, 'hex')), cipher.final()]);
  }

  it.each([
    ['is good', 'a65959a600000009', '0102030405060708 0900000000000000', '010203040506070809'],
    ['is good, of one block', 'a65959a600000003', '0102030000000000', '010203'],
    ['has another initial value', 'a65959a700000009', '0102030405060708 0900000000000000', null],
    ['has the initial value of RFC 3394', 'a6a6a6a6a6a6a6a6', '0102030405060708 0900000000000000', null],
    ['says it is empty', 'a65959a600000000', '0102030405060708 0900000000000000', null],
    ['says it is a block shorter than it is', 'a65959a600000008', '0102030405060708 0000000000000000', null],
    ['says it is longer than it is', 'a65959a600000011', '0102030405060708 0900000000000000', null],
    ['says it is longer than anything', 'a65959a6ffffffff', '0102030405060708 0900000000000000', null],
    ['has padding that is not zero', 'a65959a600000009', '0102030405060708 0900000000000001', null],
    ['has padding that is not zero, of one block', 'a65959a600000003', '0102030001000000', null],
    ['says it is empty, of one block', 'a65959a600000000', '0000000000000000', null],
  ])('judges a wrap strictly that %s', (_name, iv, key, unwrapped) => {
    expect(hexOf(unwrapPadded(aesBlocks(KEK_32), crafted(iv, key.replaceAll(' ', ''))))).toBe(unwrapped);
  });

  it('refuses lengths that no wrap has, wraps nothing empty, and leaves what it was given as it was', () => {
    const aes = aesBlocks(KEK_32);
    for (const length of [0, 8, 15, 17, 31]) expect(unwrapPadded(aes, new Uint8Array(length))).toBeNull();
    expect(() => wrapPadded(aes, new Uint8Array())).toThrow(RangeError);
    for (const length of [5, 8, 20]) {
      const key = Buffer.alloc(length, 7);
      const wrapped = Buffer.from(wrapPadded(aes, key));
      const before = wrapped.toString('hex');
      expect(hexOf(unwrapPadded(aes, wrapped))).toBe('07'.repeat(length));
      expect([key.toString('hex'), wrapped.toString('hex')]).toEqual(['07'.repeat(length), before]);
    }
  });

  it('gives OpenSSL what it unwraps itself, up to the length of an RSA_4096 key', () => {
    for (const length of [1217, 1792, 2374, 2375]) {
      const key = randomBytes(length);
      const decipher = createDecipheriv('id-aes256-wrap-pad', KEK_32, PADDED_IV);
      const wrapped = wrapPadded(aesBlocks(KEK_32), key);
      expect(hexOf(Buffer.concat([decipher.update(wrapped), decipher.final()]))).toBe(hexOf(key));
    }
  });
});

import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isSmallOrder } from '../../../core/evidence/small-order';

/** The point 1: for it the constant signature (R = 1, S = 0) holds for any text. */
const ONE = Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 1 : 0));

describe('a public key of small order', () => {
  it('is one that anybody can sign for, and is recognised', () => {
    const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), ONE]);
    const signature = Buffer.concat([ONE, Buffer.alloc(32)]);
    expect(verify(null, Buffer.from('any text'), createPublicKey({ key: der, format: 'der', type: 'spki' }), signature)).toBe(
      true,
    );
    expect(isSmallOrder(ONE)).toBe(true);
  });

  it('is recognised with its sign bit set, and not reduced', () => {
    const minusZero = Uint8Array.from(ONE, (byte, i) => (i === 31 ? 0x80 : byte));
    const unreduced = Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 0xee : i === 31 ? 0x7f : 0xff));
    expect([isSmallOrder(minusZero), isSmallOrder(unreduced)]).toEqual([true, true]);
  });

  it('is not what an honest key is', () => {
    for (let i = 0; i < 20; i += 1) {
      const raw = generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
      expect(isSmallOrder(raw)).toBe(false);
    }
  });
});

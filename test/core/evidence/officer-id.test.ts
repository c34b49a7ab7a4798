import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base64Bytes } from '../../../core/evidence/base64';
import { officerId } from '../../../core/evidence/officer-id';
import { verifyEd25519 } from '../../../core/pack/ed25519';
import { sha256Bytes } from '../../../core/pack/sha256';

/** RFC 8032, 7.1, test 2 (the message is one byte, 0x72). */
const RFC_KEY = '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c';
const RFC_SIGNATURE =
  '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00';
const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64');

describe('base64Bytes', () => {
  it('reads what Node writes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(base64Bytes(Buffer.from(bytes).toString('base64'))).toEqual(bytes);
      }),
    );
  });

  it.each(['A', 'AA', 'AAA', 'AB==', 'AAB=', 'AA==AA==', 'AA=A', 'A A=', 'AA-_', '====', '=AAA'])('refuses %j', (text) => {
    expect(base64Bytes(text)).toBeNull();
  });
});

describe('officerId', () => {
  it('is the beginning of SHA-256 over the raw key', () => {
    expect(officerId(Buffer.from(RFC_KEY, 'hex'), sha256Bytes)).toBe(sha256Bytes(Buffer.from(RFC_KEY, 'hex')).slice(0, 16));
    expect(() => officerId(new Uint8Array(31), sha256Bytes)).toThrow(RangeError);
  });
});

describe('verifyEd25519', () => {
  it('verifies the RFC 8032 vector and nothing near it', () => {
    expect(verifyEd25519(base64(RFC_KEY), 'r', base64(RFC_SIGNATURE))).toBe(true);
    expect(verifyEd25519(base64(RFC_KEY), 's', base64(RFC_SIGNATURE))).toBe(false);
    expect(verifyEd25519(base64(RFC_KEY), 'r', base64(`${RFC_SIGNATURE}00`))).toBe(false);
    expect(verifyEd25519('AAAA', 'r', base64(RFC_SIGNATURE))).toBe(false);
  });
});

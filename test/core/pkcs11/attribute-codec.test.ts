import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { legalCombinations, objectTemplates } from '../../../core/keys/policy';
import { decodeAttribute, encodeAttribute, sameValue } from '../../../core/pkcs11/attribute-codec';
import { nameOf, numberOf } from '../../../core/pkcs11/names';

const rows = legalCombinations().flatMap((chosen) =>
  objectTemplates({ ...chosen, ckaId: 'ab'.repeat(16), label: 'key' }).flatMap((object) => object.expected),
);

/** What the binding makes of a value before a module sees it. */
function asModuleBytes(value: unknown, ulongBytes: 4 | 8): Buffer {
  if (Buffer.isBuffer(value)) return value;
  if (typeof value === 'boolean') return Buffer.from([value ? 1 : 0]);
  const bytes = Buffer.alloc(ulongBytes);
  bytes.writeUInt32LE(Number(value));
  return bytes;
}

describe('attributes on their way to a module and back', () => {
  it('come back as they went, for every row of every policy and both sizes of CK_ULONG', () => {
    fc.assert(
      fc.property(fc.constantFrom(...rows), fc.constantFrom(4 as const, 8 as const), (row, ulongBytes) => {
        const { type, value } = encodeAttribute(row, ulongBytes);
        expect(type).toBe(numberOf(row.name));
        expect(sameValue(decodeAttribute(row.name, asModuleBytes(value, ulongBytes), ulongBytes), row.value)).toBe(true);
      }),
    );
  });

  it('of the wrong size equal nothing that was wanted', () => {
    expect(decodeAttribute('CKA_SENSITIVE', Buffer.from([1, 0]), 8)).toBe('0x0100');
    expect(decodeAttribute('CKA_CLASS', Buffer.from([4, 0, 0, 0]), 8)).toBe('0x04000000');
    expect(decodeAttribute('CKA_SENSITIVE', Buffer.alloc(0), 8)).toBe('0x');
  });

  it('keep vendor numbers as hex and leave out leading zeros of integers', () => {
    const vendor = Buffer.from('4200008000000000', 'hex');
    expect(decodeAttribute('CKA_KEY_GEN_MECHANISM', vendor, 8)).toBe('0x80000042');
    expect(numberOf(nameOf('CKM_', 0x80000042))).toBe(0x80000042);
    expect(decodeAttribute('CKA_PUBLIC_EXPONENT', Buffer.from('00010001', 'hex'), 8)).toBe('010001');
  });

  it('have the names PKCS#11 prefers where two share a number', () => {
    expect([nameOf('CKM_', numberOf('CKM_EC_KEY_PAIR_GEN')), nameOf('CKK_', 3)]).toEqual(['CKM_EC_KEY_PAIR_GEN', 'CKK_EC']);
    expect(() => numberOf('CKM_NOBODY')).toThrow(RangeError);
  });
});

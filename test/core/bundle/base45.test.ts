import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base45, base45Bytes } from '../../../core/bundle/base45';

describe('base45', () => {
  // RFC 9285, section 4.3 and 4.4
  it.each([
    ['AB', 'BB8'],
    ['Hello!!', '%69 VD92EX0'],
    ['base-45', 'UJCLQE7W581'],
    ['ietf!', 'QED8WEX0'],
    ['', ''],
  ])('writes and reads the RFC’s %j', (plain, encoded) => {
    expect(base45(Buffer.from(plain))).toBe(encoded);
    expect(base45Bytes(encoded)).toEqual(Uint8Array.from(Buffer.from(plain)));
  });

  // RFC 9285, section 6: these must be refused
  it.each(['GGW', ':::', 'ZZ', 'A', 'BB8A', 'bb8', 'BB8\n', 'B_8', '::'])('refuses %j', (text) => {
    expect(base45Bytes(text)).toBeNull();
  });

  it('is read as it was written, and what is read has no second spelling', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(base45Bytes(base45(bytes))).toEqual(bytes);
      }),
    );
    const text = fc.array(fc.constantFrom(...Array.from('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:')), { maxLength: 12 });
    fc.assert(
      fc.property(text, (characters) => {
        const bytes = base45Bytes(characters.join(''));
        if (bytes !== null) expect(base45(bytes)).toBe(characters.join(''));
      }),
    );
  });
});

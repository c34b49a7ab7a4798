import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pkcs8OfPem } from '../../../core/keys/pem';

const BEGIN = '-----BEGIN PRIVATE KEY-----\n';
const END = '\n-----END PRIVATE KEY-----\n';

const read = (text: string): Buffer | null => {
  const der = pkcs8OfPem(Buffer.from(text, 'latin1'));
  return der && Buffer.from(der);
};

describe('a PKCS#8 key in PEM', () => {
  it('is the DER that OpenSSL has in it', () => {
    for (const { privateKey } of [
      generateKeyPairSync('rsa', { modulusLength: 2048 }),
      generateKeyPairSync('ec', { namedCurve: 'secp521r1' }),
    ]) {
      const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
      const der = privateKey.export({ type: 'pkcs8', format: 'der' });
      expect(read(pem)).toEqual(der);
      expect(read(pem.replaceAll('\n', '\r\n'))).toEqual(der);
      expect(read(pem.trimEnd())).toEqual(der);
    }
  });

  it('may hold bytes of any length and value', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (bytes) => {
        const lines = Buffer.from(bytes).toString('base64').replace(/.{64}/g, '$&\n');
        expect(read(BEGIN + lines + END)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it.each([
    ['another label', '-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n'],
    ['no end', `${BEGIN}AAAA\n`],
    ['something behind it', `${BEGIN}AAAA${END}AAAA`],
    ['two keys', `${BEGIN}AAAA${END}${BEGIN}AAAA${END}`],
    ['headers', `${BEGIN}Proc-Type: 4,ENCRYPTED\n\nAAAA${END}`],
    ['a group that is not whole', `${BEGIN}AAA${END}`],
    ['too much padding', `${BEGIN}A===${END}`],
    ['padding in the midst', `${BEGIN}AA==AAAA${END}`],
    ['unused bits that are not zero', `${BEGIN}AB==${END}`],
    ['nothing in it', `${BEGIN}${END}`],
    ['a stranger in it', `${BEGIN}AA-A${END}`],
    ['text before it', `Bag Attributes\n${BEGIN}AAAA${END}`],
  ])('is refused with %s', (_what, text) => {
    expect(read(text)).toBeNull();
  });
});

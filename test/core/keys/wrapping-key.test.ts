import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { readWrappingKey } from '../../../core/keys/wrapping-key';

function rsa(modulusLength: number, publicExponent = 65537): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength, publicExponent }).publicKey;
}

const der = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' });

/** The sentence of a refusal; '' where the key was taken. */
function problem(bytes: Uint8Array): string {
  const read = readWrappingKey(bytes);
  if (read.ok) return '';
  expect(read.error.code).toBe('key.wrappingKeyInvalid');
  return String(read.error.detail['problem']);
}

describe('a wrapping key of KMS', () => {
  let key: KeyObject;
  let spki: Buffer;

  beforeAll(() => {
    key = rsa(2048);
    spki = der(key);
  });

  it.each([
    [2048, 'RSA_2048', 294],
    [3072, 'RSA_3072', 422],
    [4096, 'RSA_4096', 550],
  ])(
    'is read whole: %i bits',
    (bits, spec, length) => {
      const public_ = rsa(bits);
      const bytes = der(public_);
      const read = readWrappingKey(bytes);
      if (!read.ok) throw new Error(String(read.error.detail['problem']));
      const { n, e } = public_.export({ format: 'jwk' });
      expect(bytes).toHaveLength(length);
      expect(read.value).toMatchObject({ bits, spec });
      expect(Buffer.from(read.value.spki)).toEqual(bytes);
      expect(Buffer.from(read.value.modulus).toString('base64url')).toBe(n);
      expect(Buffer.from(read.value.exponent).toString('base64url')).toBe(e);
    },
    60_000,
  );

  it.each([3, 17])('is refused with the exponent %i', (exponent) => {
    expect(problem(der(rsa(2048, exponent)))).toBe(`Its public exponent is ${exponent}. KMS gives keys with 65537.`);
  });

  it('is refused in another size', () => {
    expect(problem(der(rsa(1024)))).toContain('It has 1024 bits.');
    expect(problem(der(rsa(2056)))).toContain('It has 2056 bits.');
  });

  it('is refused as text, each kind with what helps', () => {
    const pem = Buffer.from(key.export({ type: 'spki', format: 'pem' }) as string);
    expect(problem(pem)).toContain('openssl pkey -pubin -in FILE -outform DER');
    expect(problem(Buffer.from(spki.toString('base64')))).toContain('base64 --decode');
    expect(problem(Buffer.from('-----BEGIN CERTIFICATE-----\nMIIB'))).toContain('PEM text with a certificate');
  });

  it('is refused in another form of DER, which is named', () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    expect(problem(publicKey.export({ type: 'pkcs1', format: 'der' }))).toContain('bare RSAPublicKey');
    expect(problem(privateKey.export({ type: 'pkcs8', format: 'der' }))).toContain('private key');
    expect(problem(privateKey.export({ type: 'pkcs1', format: 'der' }))).toContain('private key');
  });

  it('is refused when it is of another algorithm', () => {
    const ec = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).publicKey;
    expect(problem(der(ec))).toContain('elliptic-curve key');
    expect(problem(der(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).publicKey))).toContain('PSS');
    expect(problem(der(generateKeyPairSync('ed25519').publicKey))).toContain('another algorithm');
    const withoutNull = Buffer.from(spki);
    withoutNull[withoutNull.indexOf('0500', 0, 'hex')] = 0x04;
    expect(problem(withoutNull)).toContain('not NULL');
  });

  it('is refused with bytes after it, cut off, or empty', () => {
    expect(problem(Buffer.concat([spki, Buffer.from('\n')]))).toBe('More bytes follow after the key.');
    expect(problem(Buffer.concat([spki, spki]))).toBe('More bytes follow after the key.');
    expect(problem(spki.subarray(0, -1))).toContain('cut off');
    expect(problem(new Uint8Array())).toBe('The file is empty.');
  });

  it('is refused where its modulus is even, negative or not in the shortest form', () => {
    const even = Buffer.from(spki);
    even[288]! &= 0xfe;
    expect(problem(even)).toContain('even');
    const negative = Buffer.from(spki);
    // the sign byte before the modulus: without it the number would be negative, with any other one it is longer
    negative[32] = 0xff;
    expect(problem(negative)).not.toBe('');
  });

  it('has one spelling: no change of any byte outside of its modulus is taken', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.integer({ min: 0, max: 32 }), fc.integer({ min: 289, max: 293 })),
        fc.integer({ min: 1, max: 255 }),
        (at, change) => {
          const changed = Buffer.from(spki);
          changed[at]! ^= change;
          expect(readWrappingKey(changed).ok).toBe(false);
        },
      ),
    );
  });

  it('is never made of rubbish, and rubbish never throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 700 }), (bytes) => !readWrappingKey(bytes).ok));
    fc.assert(fc.property(fc.integer({ min: 0, max: 293 }), (length) => !readWrappingKey(spki.subarray(0, length)).ok));
  });
});

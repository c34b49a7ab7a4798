import { createECDH, createPrivateKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ImportableSpec } from '../../../core/keys/kms-spec';
import { readMaterial } from '../../../core/keys/pkcs8';
import { der as tlv } from '../../../core/pkcs11/der';

const pkcs8 = (key: KeyObject): Buffer => key.export({ type: 'pkcs8', format: 'der' });
const rsa = (modulusLength: number, publicExponent = 65537): Buffer =>
  pkcs8(generateKeyPairSync('rsa', { modulusLength, publicExponent }).privateKey);
const ec = (namedCurve: string): Buffer => pkcs8(generateKeyPairSync('ec', { namedCurve }).privateKey);

/** The sentence of a refusal; '' where the material was taken. */
function problem(spec: ImportableSpec, bytes: Uint8Array): string {
  const read = readMaterial(spec, bytes);
  if (read.ok) return '';
  expect(read.error.code).toBe('key.materialInvalid');
  return String(read.error.detail['problem']);
}

const CURVES: readonly (readonly [ImportableSpec, string, number])[] = [
  ['ECC_NIST_P256', 'prime256v1', 138],
  ['ECC_NIST_P384', 'secp384r1', 185],
  ['ECC_NIST_P521', 'secp521r1', 241],
  ['ECC_SECG_P256K1', 'secp256k1', 135],
];

const ZERO = Buffer.from('020100', 'hex');
const ONE = Buffer.from('020101', 'hex');
const P256 = Buffer.from('06082a8648ce3d030107', 'hex');
const P384 = Buffer.from('06052b81040022', 'hex');
const EC_ALGORITHM = tlv(0x30, Buffer.from('06072a8648ce3d0201', 'hex'), P256);

/** A P-256 key spelt by hand: `inner` follows the version of the ECPrivateKey. */
function p256(...inner: readonly Buffer[]): Buffer {
  return tlv(0x30, ZERO, EC_ALGORITHM, tlv(0x04, tlv(0x30, ONE, ...inner)));
}

describe('key material', () => {
  it.each([
    ['SYMMETRIC_DEFAULT', 32],
    ['HMAC_224', 28],
    ['HMAC_256', 32],
    ['HMAC_384', 48],
    ['HMAC_512', 64],
  ] as const)('of %s is exactly %i raw bytes', (spec, length) => {
    expect(readMaterial(spec, randomBytes(length))).toEqual({ ok: true, value: { kind: 'raw', hasPublicPoint: false } });
    expect(problem(spec, randomBytes(length - 1))).toContain(`has ${length - 1} bytes`);
    expect(problem(spec, Buffer.concat([randomBytes(length), Buffer.from('\n')]))).toContain('line feed');
  });

  it('is not text, even where the length fits', () => {
    expect(problem('HMAC_512', Buffer.from(randomBytes(32).toString('hex')))).toContain('This is text');
    expect(problem('SYMMETRIC_DEFAULT', Buffer.from('correct horse battery staple 12!'))).toContain('This is text');
    expect(problem('SYMMETRIC_DEFAULT', Buffer.alloc(32))).toContain('the same');
    expect(problem('SYMMETRIC_DEFAULT', new Uint8Array())).toBe('It is empty.');
  });

  it.each(CURVES)('of %s is PKCS#8 with its curve by name', (spec, name, length) => {
    const key = ec(name);
    expect(key).toHaveLength(length);
    expect(readMaterial(spec, key)).toEqual({ ok: true, value: { kind: 'ec', hasPublicPoint: true } });
    for (const [other] of CURVES.filter(([another]) => another !== spec))
      expect(problem(other, key)).toBe(`It is on another curve than ${other} wants.`);
    expect(problem('RSA_2048', key)).toContain('no RSA key');
    expect(problem('SYMMETRIC_DEFAULT', key)).toContain('wants exactly 32');
  });

  it.each([
    ['RSA_2048', 2048],
    ['RSA_3072', 3072],
    ['RSA_4096', 4096],
  ] as const)(
    'of %s is PKCS#8 with a modulus of that size',
    (spec, bits) => {
      const key = rsa(bits);
      expect(readMaterial(spec, key)).toEqual({ ok: true, value: { kind: 'rsa', hasPublicPoint: false } });
      expect(problem(spec === 'RSA_2048' ? 'RSA_3072' : 'RSA_2048', key)).toContain(`has ${bits} bits`);
      expect(problem('ECC_NIST_P256', key)).toContain('no elliptic-curve key');
    },
    60_000,
  );

  it('of RSA is refused with a small exponent', () => {
    expect(problem('RSA_2048', rsa(2048, 3))).toContain('public exponent');
  });

  it('is refused in other forms, each with what helps', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const sealed = privateKey.export({ type: 'pkcs8', format: 'der', cipher: 'aes-256-cbc', passphrase: 'x' });
    const pem = (type: 'pkcs8' | 'sec1') => Buffer.from(privateKey.export({ type, format: 'pem' }) as string);
    const explicit = generateKeyPairSync('ec', { namedCurve: 'prime256v1', paramEncoding: 'explicit' }).privateKey;
    const rsaKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    expect(problem('ECC_NIST_P256', privateKey.export({ type: 'sec1', format: 'der' }))).toContain('SEC 1');
    expect(problem('RSA_2048', rsaKey.export({ type: 'pkcs1', format: 'der' }))).toContain('PKCS#1');
    expect(problem('ECC_NIST_P256', sealed)).toContain('encrypted');
    expect(problem('ECC_NIST_P256', publicKey.export({ type: 'spki', format: 'der' }))).toContain('public key');
    expect(problem('ECC_NIST_P256', pem('pkcs8'))).toContain('PEM text');
    expect(problem('ECC_NIST_P256', pem('sec1'))).toContain('PEM text with an EC PRIVATE KEY');
    expect(problem('ECC_NIST_P256', pkcs8(explicit))).toContain('spelt out');
    expect(problem('ECC_NIST_P256', Buffer.from('-----BEGIN ENCRYPTED PRIVATE KEY-----\n'))).toContain('passphrase');
  });

  describe('of an elliptic curve', () => {
    const scalar = Buffer.alloc(32, 0x11);
    let point: Buffer;

    beforeAll(() => {
      const ecdh = createECDH('prime256v1');
      ecdh.setPrivateKey(scalar);
      point = ecdh.getPublicKey();
    });

    const secret = (bytes: Buffer) => tlv(0x04, bytes);
    const publicPart = (bytes: Buffer) => tlv(0xa1, tlv(0x03, Buffer.of(0), bytes));

    it('may leave its public point out, and may name its curve again', () => {
      expect(readMaterial('ECC_NIST_P256', p256(secret(scalar)))).toEqual({
        ok: true,
        value: { kind: 'ec', hasPublicPoint: false },
      });
      const whole = p256(secret(scalar), tlv(0xa0, P256), publicPart(point));
      expect(createPrivateKey({ key: whole, type: 'pkcs8', format: 'der' }).asymmetricKeyType).toBe('ec');
      expect(readMaterial('ECC_NIST_P256', whole)).toEqual({ ok: true, value: { kind: 'ec', hasPublicPoint: true } });
    });

    it('is refused where anything in it does not fit', () => {
      const other = (...inner: readonly Buffer[]) => problem('ECC_NIST_P256', p256(...inner));
      expect(other(secret(scalar), tlv(0xa0, P384), publicPart(point))).toContain('names another curve');
      expect(other(secret(scalar), publicPart(point.subarray(0, 33)))).toContain('public point');
      expect(other(secret(scalar), publicPart(point), publicPart(point))).toContain('public point');
      expect(other(secret(scalar.subarray(1)))).toContain('secret number');
      expect(other(secret(Buffer.concat([Buffer.of(0), scalar])))).toContain('secret number');
      expect(other(secret(Buffer.alloc(32)))).toContain('secret number');
      expect(problem('ECC_NIST_P256', tlv(0x30, ZERO, EC_ALGORITHM, tlv(0x04, tlv(0x30, ZERO, secret(scalar)))))).toContain(
        'damaged',
      );
    });

    it('has a secret number below the order of its curve, as OpenSSL has it', () => {
      for (const [spec, name] of CURVES) {
        const key = ec(name);
        const bytes = { ECC_NIST_P256: 32, ECC_NIST_P384: 48, ECC_NIST_P521: 66, ECC_SECG_P256K1: 32 }[spec as string] ?? 0;
        const at = key.indexOf(Buffer.of(0x04, bytes)) + 2;
        const fits = (candidate: bigint): { ours: boolean; theirs: boolean } => {
          const number = Buffer.from(candidate.toString(16).padStart(bytes * 2, '0'), 'hex');
          const changed = Buffer.from(key);
          number.copy(changed, at);
          const ecdh = createECDH(name);
          let theirs = true;
          try {
            ecdh.setPrivateKey(number);
          } catch {
            theirs = false;
          }
          return { ours: readMaterial(spec, changed).ok, theirs };
        };
        // The order is where OpenSSL's answer changes; it is found by halving.
        let [low, high] = [1n, 1n << (spec === 'ECC_NIST_P521' ? 521n : BigInt(bytes * 8))];
        while (high - low > 1n) {
          const middle = (low + high) / 2n;
          if (fits(middle).theirs) low = middle;
          else high = middle;
        }
        expect([fits(low), fits(high)]).toEqual([
          { ours: true, theirs: true },
          { ours: false, theirs: false },
        ]);
      }
    });
  });

  it('carries nothing beside the private key', () => {
    const key = p256(tlv(0x04, Buffer.alloc(32, 0x11)));
    expect(problem('ECC_NIST_P256', key)).toBe('');
    const parts = key.subarray(2);
    expect(problem('ECC_NIST_P256', tlv(0x30, parts, tlv(0xa0, Buffer.alloc(0))))).toContain('more than a private key');
    expect(problem('ECC_NIST_P256', tlv(0x30, ONE, parts.subarray(3)))).toContain('more than a private key');
    expect(problem('ECC_NIST_P256', Buffer.concat([key, Buffer.of(0)]))).toBe('More bytes follow after the key.');
    expect(problem('ECC_NIST_P256', key.subarray(0, -1))).toContain('cut off');
  });

  it('is never made of rubbish, and no truncation of a key is taken or throws', () => {
    const keys = [ec('secp521r1'), rsa(2048)];
    for (const [key, spec] of [
      [keys[0]!, 'ECC_NIST_P521'],
      [keys[1]!, 'RSA_2048'],
    ] as const) {
      fc.assert(
        fc.property(fc.integer({ min: 0, max: key.length - 1 }), (length) => !readMaterial(spec, key.subarray(0, length)).ok),
      );
      fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => !readMaterial(spec, bytes).ok));
      fc.assert(
        fc.property(fc.nat(key.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
          const changed = Buffer.from(key);
          changed[at]! ^= change;
          readMaterial(spec, changed);
        }),
      );
    }
  });
});

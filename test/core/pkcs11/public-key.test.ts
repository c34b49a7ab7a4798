import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { publicKeyChecks } from '../../../core/pkcs11/public-key';

function rsa(modulusLength: number, publicExponent: number): Buffer {
  return generateKeyPairSync('rsa', { modulusLength, publicExponent }).publicKey.export({ format: 'der', type: 'spki' });
}

function ec(namedCurve: string): Buffer {
  return generateKeyPairSync('ec', { namedCurve }).publicKey.export({ format: 'der', type: 'spki' });
}

const broken = (spki: Uint8Array, spec: Parameters<typeof publicKeyChecks>[1]) =>
  publicKeyChecks(spki, spec)
    .filter((check) => !check.ok)
    .map((check) => check.rule);

describe('the checks of a public key', () => {
  it('pass for keys of the right size, exponent and curve', () => {
    expect(broken(rsa(2048, 65537), 'RSA_2048')).toEqual([]);
    expect(broken(ec('P-384'), 'ECC_NIST_P384')).toEqual([]);
  });

  it('name the rule that a key breaks', () => {
    expect(broken(rsa(2048, 3), 'RSA_2048')).toEqual(['CER-RSA-EXPONENT']);
    expect(broken(rsa(2048, 65537), 'RSA_3072')).toEqual(['CER-RSA-MODULUS']);
    expect(broken(ec('P-256'), 'ECC_NIST_P384')).toEqual(['CER-EC-CURVE']);
  });

  it('refuse a point that is not on its curve', () => {
    const off = Buffer.from(ec('P-256'));
    off[off.length - 1] = (off[off.length - 1] ?? 0) ^ 1;
    expect(broken(off, 'ECC_NIST_P256')).toEqual(['CER-PUBLIC-KEY-VALID']);
    expect(broken(Buffer.from('3000', 'hex'), 'RSA_2048')).toEqual(['CER-PUBLIC-KEY-VALID']);
  });
});

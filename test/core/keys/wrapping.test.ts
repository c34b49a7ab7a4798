import { describe, expect, it } from 'vitest';
import { IMPORTABLE_SPECS, type ImportableSpec } from '../../../core/keys/kms-spec';
import {
  checkFits,
  checkWrapping,
  legalWrappings,
  materialBytes,
  oaepCapacity,
  wrappedLength,
  WRAPPING_ALGORITHMS,
  WRAPPING_KEY_SPECS,
  type Wrapping,
} from '../../../core/keys/wrapping';

const ALL: readonly Wrapping[] = WRAPPING_ALGORITHMS.flatMap((algorithm) =>
  WRAPPING_KEY_SPECS.map((wrappingKeySpec) => ({ algorithm, wrappingKeySpec })),
);

const short = ({ algorithm, wrappingKeySpec }: Wrapping): string => `${algorithm} ${wrappingKeySpec}`;

/** The matrix of the KMS Developer Guide, written down a second time. */
const OAEP = WRAPPING_KEY_SPECS.flatMap((spec) => [`RSAES_OAEP_SHA_256 ${spec}`, `RSAES_OAEP_SHA_1 ${spec}`]);
const KEY_WRAP = WRAPPING_KEY_SPECS.flatMap((spec) => [`RSA_AES_KEY_WRAP_SHA_256 ${spec}`, `RSA_AES_KEY_WRAP_SHA_1 ${spec}`]);
const LEGAL: Readonly<Record<ImportableSpec, readonly string[]>> = {
  SYMMETRIC_DEFAULT: OAEP,
  HMAC_224: OAEP,
  HMAC_256: OAEP,
  HMAC_384: OAEP,
  HMAC_512: OAEP,
  RSA_2048: KEY_WRAP,
  RSA_3072: KEY_WRAP,
  RSA_4096: KEY_WRAP,
  ECC_NIST_P256: [...OAEP, ...KEY_WRAP],
  ECC_NIST_P384: [...OAEP, ...KEY_WRAP],
  ECC_NIST_P521: [...OAEP.filter((name) => !name.endsWith('RSA_2048')), ...KEY_WRAP],
  ECC_SECG_P256K1: [...OAEP, ...KEY_WRAP],
};

describe('the wrapping of key material for KMS', () => {
  it.each(IMPORTABLE_SPECS)('is legal for %s exactly where KMS says so', (spec) => {
    const legal = ALL.filter((wrapping) => checkWrapping(spec, wrapping).ok).map(short);
    expect(legal.toSorted()).toEqual(LEGAL[spec].toSorted());
    expect(legalWrappings(spec).map(short).toSorted()).toEqual(legal.toSorted());
  });

  it('is refused with the rule, a sentence why, and what was asked', () => {
    const refused = (spec: ImportableSpec, algorithm: Wrapping['algorithm']) => {
      const checked = checkWrapping(spec, { algorithm, wrappingKeySpec: 'RSA_2048' });
      return checked.ok ? null : checked.error;
    };
    const rsa = refused('RSA_2048', 'RSAES_OAEP_SHA_256');
    expect(rsa?.code).toBe('policy.wrappingIllegal');
    expect(rsa?.detail).toMatchObject({
      rule: 'WRAP-RSA-BY-KEY-WRAP',
      spec: 'RSA_2048',
      algorithm: 'RSAES_OAEP_SHA_256',
      wrappingKeySpec: 'RSA_2048',
    });
    expect(refused('ECC_NIST_P521', 'RSAES_OAEP_SHA_1')?.detail['rule']).toBe('WRAP-P521-UNDER-3072');
    expect(refused('HMAC_512', 'RSA_AES_KEY_WRAP_SHA_1')?.detail['rule']).toBe('WRAP-SECRET-BY-OAEP');
    for (const spec of IMPORTABLE_SPECS)
      for (const wrapping of ALL) {
        const checked = checkWrapping(spec, wrapping);
        if (!checked.ok) expect(checked.error.detail['because']).toMatch(/^[A-Z].{40,}\.$/);
      }
  });

  it('is offered with the longest key and SHA-256 first', () => {
    expect(short(legalWrappings('SYMMETRIC_DEFAULT')[0]!)).toBe('RSAES_OAEP_SHA_256 RSA_4096');
    expect(short(legalWrappings('HMAC_224')[0]!)).toBe('RSAES_OAEP_SHA_256 RSA_4096');
    expect(short(legalWrappings('RSA_4096')[0]!)).toBe('RSA_AES_KEY_WRAP_SHA_256 RSA_4096');
    expect(short(legalWrappings('ECC_NIST_P521')[0]!)).toBe('RSA_AES_KEY_WRAP_SHA_256 RSA_4096');
  });

  it('knows how many bytes OAEP takes', () => {
    const capacities = (algorithm: Wrapping['algorithm']) =>
      WRAPPING_KEY_SPECS.map((wrappingKeySpec) => oaepCapacity({ algorithm, wrappingKeySpec }));
    expect(capacities('RSAES_OAEP_SHA_1')).toEqual([214, 342, 470]);
    expect(capacities('RSAES_OAEP_SHA_256')).toEqual([190, 318, 446]);
  });

  it('refuses material that is too long for OAEP or for ImportKeyMaterial, and takes the longest that fits', () => {
    const oaep: Wrapping = { algorithm: 'RSAES_OAEP_SHA_256', wrappingKeySpec: 'RSA_2048' };
    const twoStep: Wrapping = { algorithm: 'RSA_AES_KEY_WRAP_SHA_256', wrappingKeySpec: 'RSA_4096' };
    const rule = (wrapping: Wrapping, bytes: number) => {
      const checked = checkFits(wrapping, bytes);
      return checked.ok ? 'fits' : checked.error.detail['rule'];
    };
    expect([rule(oaep, 190), rule(oaep, 191)]).toEqual(['fits', 'WRAP-OAEP-CAPACITY']);
    expect([rule(twoStep, 5624), rule(twoStep, 5625)]).toEqual(['fits', 'WRAP-BLOB-LIMIT']);
  });

  it('gives the blob one exact length', () => {
    const length = (algorithm: Wrapping['algorithm'], wrappingKeySpec: Wrapping['wrappingKeySpec'], bytes: number) =>
      wrappedLength({ algorithm, wrappingKeySpec }, bytes);
    expect(length('RSAES_OAEP_SHA_1', 'RSA_3072', 32)).toBe(384);
    expect(length('RSA_AES_KEY_WRAP_SHA_256', 'RSA_4096', 2374)).toBe(2896);
    expect(length('RSA_AES_KEY_WRAP_SHA_1', 'RSA_2048', 184)).toBe(256 + 192);
    expect(length('RSA_AES_KEY_WRAP_SHA_1', 'RSA_2048', 185)).toBe(256 + 200);
  });

  it('knows the raw length of secret keys, and that pairs have none', () => {
    expect(IMPORTABLE_SPECS.map(materialBytes)).toEqual([32, 28, 32, 48, 64, ...Array<null>(7).fill(null)]);
  });
});

import { generateKeyPairSync, randomFillSync } from 'node:crypto';
import { failure, success, type Result } from '../contract/result';
import type { ImportableSpec } from '../keys/kms-spec';
import { materialBytes } from '../keys/wrapping';

const CURVES: Readonly<Partial<Record<ImportableSpec, string>>> = {
  ECC_NIST_P256: 'prime256v1',
  ECC_NIST_P384: 'secp384r1',
  ECC_NIST_P521: 'secp521r1',
  ECC_SECG_P256K1: 'secp256k1',
};

const publicKeyEncoding = { type: 'spki', format: 'der' } as const;
const privateKeyEncoding = { type: 'pkcs8', format: 'der' } as const;

/**
 * New material from the generator of the crypto library, which the operating system seeds: raw bytes, or a PKCS#8 key in DER. The
 * caller's to overwrite. Error: key.materialInvalid for secp256k1 in Electron, whose library does not have it.
 */
export function makeMaterial(spec: ImportableSpec): Result<Uint8Array> {
  const length = materialBytes(spec);
  if (length !== null) return success(randomFillSync(new Uint8Array(new ArrayBuffer(length))));
  const namedCurve = CURVES[spec];
  if (namedCurve === undefined) {
    const modulusLength = Number(spec.slice('RSA_'.length));
    return success(
      generateKeyPairSync('rsa', { modulusLength, publicExponent: 65537, publicKeyEncoding, privateKeyEncoding }).privateKey,
    );
  }
  try {
    return success(
      generateKeyPairSync('ec', { namedCurve, paramEncoding: 'named', publicKeyEncoding, privateKeyEncoding }).privateKey,
    );
  } catch (error) {
    if (!(error instanceof Error) || spec !== 'ECC_SECG_P256K1') throw error;
    return failure('key.materialInvalid', {
      problem: 'The desktop app cannot make a key on secp256k1. The terminal can: keyrite wrap.',
    });
  }
}

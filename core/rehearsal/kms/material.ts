import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { ImportableSpec } from '../../keys/kms-spec';
import { readMaterial } from '../../keys/pkcs8';
import { materialBytes } from '../../keys/wrapping';
import { no, yes, type Answer } from './refusal';

const CURVES: Readonly<Partial<Record<ImportableSpec, string>>> = {
  ECC_NIST_P256: 'prime256v1',
  ECC_NIST_P384: 'secp384r1',
  ECC_NIST_P521: 'secp521r1',
  ECC_SECG_P256K1: 'secp256k1',
};

const NOT_FITTING = no('IncorrectKeyMaterialException', 'The key material is not valid for the key spec of this KMS key.');

/**
 * Is this material for this spec? Errors: IncorrectKeyMaterialException; UnsupportedOperationException for a curve that the crypto
 * library of this process does not have (BoringSSL has no secp256k1).
 */
export function checkMaterial(spec: ImportableSpec, material: Uint8Array): Answer<null> {
  const raw = materialBytes(spec);
  if (raw !== null) return material.length === raw ? yes(null) : NOT_FITTING;
  if (!readMaterial(spec, material).ok) return NOT_FITTING;
  const key = privateKeyOf(material);
  if (key === null) return isCurveMissing(spec) ? curveMissing() : NOT_FITTING;
  return isOfSpec(key, spec) ? yes(null) : NOT_FITTING;
}

function isOfSpec(key: KeyObject, spec: ImportableSpec): boolean {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (spec.startsWith('RSA_')) return key.asymmetricKeyType === 'rsa' && modulusLength === Number(spec.slice('RSA_'.length));
  return key.asymmetricKeyType === 'ec' && namedCurve === CURVES[spec];
}

/** An unencrypted PKCS#8 private key, or null. */
export function privateKeyOf(pkcs8: Uint8Array): KeyObject | null {
  try {
    return createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  } catch {
    return null; // not PKCS#8, or of a kind this library does not have
  }
}

/** SubjectPublicKeyInfo, DER. */
export function publicKeyOf(key: KeyObject): Uint8Array {
  return createPublicKey(key).export({ format: 'der', type: 'spki' });
}

function isCurveMissing(spec: ImportableSpec): boolean {
  return spec === 'ECC_SECG_P256K1' && 'electron' in process.versions;
}

export function curveMissing(): Answer<never> {
  return no('UnsupportedOperationException', 'The crypto library of this rehearsal KMS does not have the curve secp256k1.');
}

/**
 * Names a material of a key. AWS does not publish how it does; like AWS's it depends on the key and the material alone, so that the
 * same material has the same id in every Region of a key and another one in another key.
 */
export function materialIdOf(keyId: string, material: Uint8Array): string {
  return createHash('sha256').update('keyrite-rehearsal-material-v1\n').update(`${keyId}\n`).update(material).digest('hex');
}

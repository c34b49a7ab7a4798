import pkcs11 from 'pkcs11js';
import type { Mechanism } from 'pkcs11js';
import { numberOf } from './names';

/** Bytes of a GCM tag, and of the IV we pass (SP 800-38D: 96 bits is the form that is used as it is). */
export const GCM_TAG_BYTES = 16;
export const GCM_IV_BYTES = 12;

/**
 * CK_GCM_PARAMS in the shape of PKCS#11 2.40 with `ulIvBits`, which modules of 2.40 and later read alike.
 * An empty `iv` is for tokens that make their own; SoftHSM would silently take it as an IV, so its profile passes one.
 */
export function gcm(iv: Buffer, mechanism = 'CKM_AES_GCM'): Mechanism {
  const parameter = { type: pkcs11.CK_PARAMS_AES_GCM_v240, iv, ivBits: iv.length * 8, tagBits: GCM_TAG_BYTES * 8 };
  return { mechanism: numberOf(mechanism), parameter };
}

const PSS: Readonly<Record<string, { readonly hashAlg: number; readonly mgf: number; readonly saltLen: number }>> = {
  CKM_SHA256_RSA_PKCS_PSS: { hashAlg: pkcs11.CKM_SHA256, mgf: pkcs11.CKG_MGF1_SHA256, saltLen: 32 },
  CKM_SHA384_RSA_PKCS_PSS: { hashAlg: pkcs11.CKM_SHA384, mgf: pkcs11.CKG_MGF1_SHA384, saltLen: 48 },
  CKM_SHA512_RSA_PKCS_PSS: { hashAlg: pkcs11.CKM_SHA512, mgf: pkcs11.CKG_MGF1_SHA512, saltLen: 64 },
};

/** A mechanism that needs no parameter of the caller; PSS salts are as long as their hash (RFC 8017, 9.1). */
export function plain(name: string): Mechanism {
  const pss = PSS[name];
  return pss
    ? { mechanism: numberOf(name), parameter: { type: pkcs11.CK_PARAMS_RSA_PSS, ...pss } }
    : { mechanism: numberOf(name) };
}

/** Hashes KMS takes in OAEP, by the names of FIPS 180-4. */
export type OaepHash = 'SHA-256' | 'SHA-1';

const OAEP: Readonly<Record<OaepHash, { readonly hashAlg: number; readonly mgf: number }>> = {
  'SHA-256': { hashAlg: pkcs11.CKM_SHA256, mgf: pkcs11.CKG_MGF1_SHA256 },
  'SHA-1': { hashAlg: pkcs11.CKM_SHA_1, mgf: pkcs11.CKG_MGF1_SHA1 },
};

/** CKZ_DATA_SPECIFIED, the only source of an OAEP label; the binding has no name for it. */
const LABEL_GIVEN = 1;

/** RSAES-OAEP as KMS unwraps it (RFC 8017, 7.1): one hash for label and mask, and no label. */
export function oaep(hash: OaepHash): Mechanism {
  const parameter = { type: pkcs11.CK_PARAMS_RSA_OAEP, ...OAEP[hash], source: LABEL_GIVEN };
  return { mechanism: numberOf('CKM_RSA_PKCS_OAEP'), parameter };
}

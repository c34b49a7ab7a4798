import { failure, success, type Result } from '../contract/result';
import type { ImportableSpec } from './kms-spec';

/** Wrapping algorithms of GetParametersForImport that Keyrite offers. RSAES_PKCS1_V1_5 has been refused by KMS since 2023-10-10; SM2PKE exists in China Regions only. */
export const WRAPPING_ALGORITHMS = [
  'RSAES_OAEP_SHA_256',
  'RSAES_OAEP_SHA_1',
  'RSA_AES_KEY_WRAP_SHA_256',
  'RSA_AES_KEY_WRAP_SHA_1',
] as const;

export type WrappingAlgorithm = (typeof WRAPPING_ALGORITHMS)[number];

export const WRAPPING_KEY_SPECS = ['RSA_2048', 'RSA_3072', 'RSA_4096'] as const;

export type WrappingKeySpec = (typeof WRAPPING_KEY_SPECS)[number];

/** How key material is wrapped on its way to KMS: the two choices that GetParametersForImport fixes. */
export interface Wrapping {
  readonly algorithm: WrappingAlgorithm;
  readonly wrappingKeySpec: WrappingKeySpec;
}

/**
 * What an algorithm is made of. `hash` is the hash of OAEP and of its MGF1 alike, the label is empty (RFC 8017, 7.1). `keyWrap`: OAEP
 * carries a fresh AES-256 key, and that key carries the material by RFC 5649; OAEP part first, no length between them.
 */
export interface WrappingFacts {
  readonly hash: 'SHA-256' | 'SHA-1';
  readonly hashBytes: number;
  readonly keyWrap: boolean;
}

export const WRAPPING_FACTS: Readonly<Record<WrappingAlgorithm, WrappingFacts>> = {
  RSAES_OAEP_SHA_256: { hash: 'SHA-256', hashBytes: 32, keyWrap: false },
  RSAES_OAEP_SHA_1: { hash: 'SHA-1', hashBytes: 20, keyWrap: false },
  RSA_AES_KEY_WRAP_SHA_256: { hash: 'SHA-256', hashBytes: 32, keyWrap: true },
  RSA_AES_KEY_WRAP_SHA_1: { hash: 'SHA-1', hashBytes: 20, keyWrap: true },
};

const MODULUS_BYTES: Readonly<Record<WrappingKeySpec, number>> = { RSA_2048: 256, RSA_3072: 384, RSA_4096: 512 };

/** EncryptedKeyMaterial of ImportKeyMaterial takes no more, in bytes. */
const BLOB_LIMIT = 6144;

const RAW_BYTES: Readonly<Partial<Record<ImportableSpec, number>>> = {
  SYMMETRIC_DEFAULT: 32,
  HMAC_224: 28,
  HMAC_256: 32,
  HMAC_384: 48,
  HMAC_512: 64,
};

/** Bytes of the raw material KMS takes for a spec, exactly; null where it takes a PKCS#8 key. */
export function materialBytes(spec: ImportableSpec): number | null {
  return RAW_BYTES[spec] ?? null;
}

/** The most bytes OAEP takes: k - 2 - 2 hLen (RFC 8017, 7.1.1). */
export function oaepCapacity({ algorithm, wrappingKeySpec }: Wrapping): number {
  return MODULUS_BYTES[wrappingKeySpec] - 2 - 2 * WRAPPING_FACTS[algorithm].hashBytes;
}

/** The exact length of the blob for so many bytes of material. */
export function wrappedLength({ algorithm, wrappingKeySpec }: Wrapping, materialLength: number): number {
  const modulus = MODULUS_BYTES[wrappingKeySpec];
  return WRAPPING_FACTS[algorithm].keyWrap ? modulus + 8 * Math.ceil(materialLength / 8) + 8 : modulus;
}

/** A rule that a choice breaks: its name, and why it is a rule. */
interface Broken {
  readonly rule: string;
  readonly because: string;
}

function brokenRule(spec: ImportableSpec, { algorithm, wrappingKeySpec }: Wrapping): Broken | null {
  const { keyWrap } = WRAPPING_FACTS[algorithm];
  if (keyWrap && materialBytes(spec) !== null) {
    const because = `${algorithm} is for RSA and EC private keys. ${spec} fits into OAEP itself: choose RSAES_OAEP_SHA_256, or RSAES_OAEP_SHA_1 for an HSM that has no other.`;
    return { rule: 'WRAP-SECRET-BY-OAEP', because };
  }
  if (!keyWrap && spec.startsWith('RSA_')) {
    const because = `An RSA private key is longer than OAEP can take under any wrapping key of KMS. Choose RSA_AES_KEY_WRAP_SHA_256 or RSA_AES_KEY_WRAP_SHA_1.`;
    return { rule: 'WRAP-RSA-BY-KEY-WRAP', because };
  }
  if (!keyWrap && spec === 'ECC_NIST_P521' && wrappingKeySpec === 'RSA_2048') {
    const because = `A P-521 private key does not fit into OAEP under RSA_2048, and KMS refuses the pair whatever its encoding. Choose RSA_3072 or RSA_4096, or RSA_AES_KEY_WRAP_SHA_256.`;
    return { rule: 'WRAP-P521-UNDER-3072', because };
  }
  return null;
}

/** Does KMS take material of this spec so wrapped? Error: policy.wrappingIllegal with the rule and a sentence why. */
export function checkWrapping(spec: ImportableSpec, wrapping: Wrapping): Result<null> {
  const broken = brokenRule(spec, wrapping);
  return broken === null ? success(null) : failure('policy.wrappingIllegal', { ...broken, spec, ...wrapping });
}

/**
 * Does material of this length fit? A legal pair can still be too long: a P-384 key fits under RSA_2048 with SHA-256 with 5 bytes to
 * spare, and attributes in its PKCS#8 fill more. Error: policy.wrappingIllegal.
 */
export function checkFits(wrapping: Wrapping, materialLength: number): Result<null> {
  const capacity = oaepCapacity(wrapping);
  if (!WRAPPING_FACTS[wrapping.algorithm].keyWrap && materialLength > capacity) {
    const because = `OAEP takes ${capacity} bytes here, and the material has ${materialLength}. Choose a longer wrapping key.`;
    return failure('policy.wrappingIllegal', { rule: 'WRAP-OAEP-CAPACITY', because, ...wrapping });
  }
  const length = wrappedLength(wrapping, materialLength);
  if (length <= BLOB_LIMIT) return success(null);
  const because = `The wrapped key would have ${length} bytes, and KMS takes ${BLOB_LIMIT}.`;
  return failure('policy.wrappingIllegal', { rule: 'WRAP-BLOB-LIMIT', because, ...wrapping });
}

const FOR_SECRETS: readonly WrappingAlgorithm[] = ['RSAES_OAEP_SHA_256', 'RSAES_OAEP_SHA_1'];
const FOR_PAIRS: readonly WrappingAlgorithm[] = [
  'RSA_AES_KEY_WRAP_SHA_256',
  'RSAES_OAEP_SHA_256',
  'RSA_AES_KEY_WRAP_SHA_1',
  'RSAES_OAEP_SHA_1',
];

/** Every wrapping KMS takes for a spec, best first: the longest wrapping key, then SHA-256 before SHA-1. */
export function legalWrappings(spec: ImportableSpec): readonly Wrapping[] {
  const algorithms = materialBytes(spec) === null ? FOR_PAIRS : FOR_SECRETS;
  return WRAPPING_KEY_SPECS.toReversed()
    .flatMap((wrappingKeySpec) => algorithms.map((algorithm) => ({ algorithm, wrappingKeySpec })))
    .filter((wrapping) => brokenRule(spec, wrapping) === null);
}

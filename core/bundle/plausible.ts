import { failure, type Failure } from '../contract/result';
import { checkWrapping, materialBytes, WRAPPING_FACTS, wrappedLength, type Wrapping } from '../keys/wrapping';
import { readWrappingKey } from '../keys/wrapping-key';
import type { BundleManifest } from './manifest';

/** A bundle in memory: `manifest` and the data files in the order of its sets. */
export interface BundleContent {
  readonly manifest: BundleManifest;
  readonly data: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

/** The shortest PKCS#8 key KMS takes, in bytes: P-256 without its public key (RFC 5958, RFC 5915) has 67. */
const LEAST_PKCS8_BYTES = 64;

/**
 * Why the files of a bundle cannot be what it calls them, or null. Signatures say that people approved them; this says that people were
 * not shown nonsense: a wrapping that KMS does not take, a key of another size, a blob no such wrapping can have.
 * Errors: policy.wrappingIllegal, key.wrappingKeyInvalid, key.blobLength.
 */
export function implausible({ manifest, data }: BundleContent): Failure | null {
  const wrapping = { algorithm: manifest.wrappingAlgorithm, wrappingKeySpec: manifest.wrappingKeySpec };
  const legal = checkWrapping(manifest.keySpec, wrapping);
  if (!legal.ok) return legal.error;
  for (const { name, bytes } of data) {
    const failed =
      manifest.kind === 'byok-out' ? keyFailure(name, bytes, wrapping) : blobFailure(name, bytes, manifest.keySpec, wrapping);
    if (failed) return failed;
  }
  return null;
}

function keyFailure(name: string, bytes: Uint8Array, { wrappingKeySpec }: Wrapping): Failure | null {
  const key = readWrappingKey(bytes);
  if (!key.ok) return failure(key.error.code, { ...key.error.detail, name }).error;
  if (key.value.spec === wrappingKeySpec) return null;
  return failure('key.wrappingKeyInvalid', { name, problem: `It is ${key.value.spec}; the manifest says ${wrappingKeySpec}.` })
    .error;
}

/** Exact where the material has one length; for PKCS#8 a whole number of key-wrap blocks, or the modulus of OAEP. */
function blobFailure(
  name: string,
  { length }: Uint8Array,
  keySpec: BundleManifest['keySpec'],
  wrapping: Wrapping,
): Failure | null {
  const material = materialBytes(keySpec);
  const least = wrappedLength(wrapping, material ?? LEAST_PKCS8_BYTES);
  const isExact = material !== null || !WRAPPING_FACTS[wrapping.algorithm].keyWrap;
  const fits = isExact ? length === least : length >= least && (length - least) % 8 === 0;
  if (fits) return null;
  const wanted = isExact ? `${least} bytes` : `${least} bytes or more in steps of 8`;
  return failure('key.blobLength', { name, wanted, got: `${length} bytes` }).error;
}

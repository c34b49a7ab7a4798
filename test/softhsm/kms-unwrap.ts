import { constants, createDecipheriv, privateDecrypt, type KeyObject } from 'node:crypto';
import type { WrappingAlgorithm } from '../../core/keys/wrapping';

/** Unwraps as KMS does, with OpenSSL's own OAEP and RFC 5649: no line of it is ours. */
export function kmsUnwrap(key: KeyObject, algorithm: WrappingAlgorithm, blob: Buffer): Buffer {
  const oaepHash = algorithm.endsWith('SHA_256') ? 'sha256' : 'sha1';
  const modulusBytes = (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  const inner = privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, blob.subarray(0, modulusBytes));
  if (!algorithm.startsWith('RSA_AES')) return inner;
  const kwp = createDecipheriv('id-aes256-wrap-pad', inner, Buffer.from('a65959a6', 'hex'));
  return Buffer.concat([kwp.update(blob.subarray(modulusBytes)), kwp.final()]);
}

import { constants, createPublicKey, publicEncrypt, randomFillSync } from 'node:crypto';
import { wrapPadded } from '../keys/key-wrap';
import { WRAPPING_FACTS, type WrappingAlgorithm } from '../keys/wrapping';
import type { WrappingKey } from '../keys/wrapping-key';
import { aesBlocks } from './aes-blocks';

/** RSAES-OAEP with an empty label (RFC 8017, 7.1.1). `oaepHash` sets the hash of MGF1 as well, as KMS wants it. */
function oaep({ spki }: WrappingKey, hash: 'SHA-256' | 'SHA-1', message: Uint8Array): Buffer {
  const key = createPublicKey({ key: Buffer.from(spki), type: 'spki', format: 'der' });
  const oaepHash = hash === 'SHA-256' ? 'sha256' : 'sha1';
  return publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, message);
}

/**
 * EncryptedKeyMaterial of ImportKeyMaterial. RSA_AES_KEY_WRAP_*: OAEP of a fresh AES-256 key, then the material wrapped under that key
 * by RFC 5649, nothing between them. That the combination is legal and the material fits was checked before.
 */
export function wrapMaterial(key: WrappingKey, algorithm: WrappingAlgorithm, material: Uint8Array): Uint8Array {
  const { hash, keyWrap } = WRAPPING_FACTS[algorithm];
  if (!keyWrap) return oaep(key, hash, material);
  const once = randomFillSync(new Uint8Array(new ArrayBuffer(32)));
  try {
    return Buffer.concat([oaep(key, hash, once), wrapPadded(aesBlocks(once), material)]);
  } finally {
    once.fill(0);
  }
}

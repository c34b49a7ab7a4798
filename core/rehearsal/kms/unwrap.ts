import { constants, createPrivateKey, privateDecrypt } from 'node:crypto';
import { unwrapPadded } from '../../keys/key-wrap';
import { WRAPPING_FACTS, type Wrapping } from '../../keys/wrapping';
import { aesBlocks } from '../../wrapping/aes-blocks';
import { invalid, no, yes, type Answer } from './refusal';

const AES_256_BYTES = 32;
/** RFC 5649: one block at least, and whole half-blocks. */
const LEAST_WRAPPED_BYTES = 16;

const NOT_DECRYPTED = no('InvalidCiphertextException', 'KMS could not decrypt the encrypted (wrapped) key material.');

/**
 * What KMS does with EncryptedKeyMaterial: RSAES-OAEP alone, or RSAES-OAEP over an AES-256 key followed by AES-KWP (RFC 5649).
 * The caller overwrites the material. Errors: ValidationException "Invalid encrypted key size"; InvalidCiphertextException.
 */
export function unwrap(wrapping: Wrapping, privateKeyPkcs8: string, blob: Uint8Array): Answer<Uint8Array> {
  const size = Number(wrapping.wrappingKeySpec.slice('RSA_'.length)) / 8;
  const isTwoStep = WRAPPING_FACTS[wrapping.algorithm].keyWrap;
  const rest = blob.length - size;
  const isSized = isTwoStep ? rest >= LEAST_WRAPPED_BYTES && rest % 8 === 0 : rest === 0;
  if (!isSized) return invalid('Invalid encrypted key size');
  const opened = openOaep(wrapping, privateKeyPkcs8, blob.subarray(0, size));
  if (opened === null) return NOT_DECRYPTED;
  return isTwoStep ? openKeyWrap(opened, blob.subarray(size)) : yes(opened);
}

function openOaep({ algorithm }: Wrapping, privateKeyPkcs8: string, blob: Uint8Array): Uint8Array | null {
  const key = createPrivateKey({ key: Buffer.from(privateKeyPkcs8, 'base64'), format: 'der', type: 'pkcs8' });
  const oaepHash = algorithm.endsWith('SHA_256') ? 'sha256' : 'sha1';
  try {
    return privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, blob);
  } catch {
    return null; // another key, another hash, or damaged
  }
}

function openKeyWrap(aesKey: Uint8Array, wrapped: Uint8Array): Answer<Uint8Array> {
  const material = aesKey.length === AES_256_BYTES ? unwrapPadded(aesBlocks(aesKey), wrapped) : null;
  aesKey.fill(0);
  return material ? yes(material) : NOT_DECRYPTED;
}

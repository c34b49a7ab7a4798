import { constants, privateDecrypt, publicEncrypt, type KeyObject } from 'node:crypto';
import { algorithmsOf } from './algorithms';
import { decryptWith, encryptWith, readHeader, type EncryptionContext } from './ciphertext';
import { decryptOutside, encryptOutside } from './external-cipher';
import { readExternal, type ExternalCiphertext } from './external-ciphertext';
import { findKey } from './find-key';
import { requireState, USABLE, type KeyHere } from './key-state';
import { curveMissing, privateKeyOf } from './material';
import type { Call } from './operation';
import { invalid, no, yes, type Answer } from './refusal';
import { currentBytes, materialBytes, requireAlgorithm } from './usable-key';

/**
 * Encrypts under a usable key. Errors: InvalidKeyUsageException, ValidationException for what RSA cannot hold, and of a key of an
 * external key store those of `encryptOutside`.
 */
export async function encryptUnder(
  call: Call,
  found: KeyHere,
  plaintext: Uint8Array,
  algorithm: string,
  context: EncryptionContext,
): Promise<Answer<Uint8Array>> {
  const { key } = found;
  const fits = requireAlgorithm(algorithmsOf(key.spec, key.usage).EncryptionAlgorithms, algorithm, key.spec);
  if (!fits.ok) return fits;
  if (key.external !== null) return encryptOutside(call, found, plaintext, context);
  const { id, bytes } = currentBytes(found);
  if (key.spec === 'SYMMETRIC_DEFAULT') return yes(encryptWith(bytes, { keyId: key.keyId, materialId: id }, plaintext, context));
  const capacity = oaepCapacity(key.spec, algorithm);
  if (plaintext.length > capacity)
    return invalid(`Algorithm ${algorithm} and key spec ${key.spec} cannot encrypt data larger than ${capacity} bytes.`);
  return withPrivateKey(bytes, (rsa) => yes(publicEncrypt(oaep(rsa, algorithm), plaintext)));
}

export interface AskedDecryption {
  readonly ciphertext: Uint8Array;
  /** symmetric ciphertexts say it themselves */
  readonly keyId: string | undefined;
  readonly algorithm: string;
  readonly context: EncryptionContext;
  /** `Decrypt`, or `ReEncryptFrom` */
  readonly action: string;
}

export interface Decrypted {
  readonly found: KeyHere;
  readonly plaintext: Uint8Array;
  /** null for a key pair, and for a key of an external key store */
  readonly materialId: string | null;
}

/**
 * Decrypts. Errors: IncorrectKeyException for a ciphertext of another key, InvalidCiphertextException, and those of a key that is not
 * usable.
 */
export async function decryptUnder(call: Call, asked: AskedDecryption): Promise<Answer<Decrypted>> {
  const outside = readExternal(asked.ciphertext);
  const header = outside ?? readHeader(asked.ciphertext);
  const named = asked.keyId ?? header?.keyId;
  if (named === undefined) return no('InvalidCiphertextException');
  const found = findKey(call, named, asked.action);
  if (!found.ok) return found;
  const ready = requireDecrypting(found.value, call, asked);
  if (!ready.ok) return ready;
  const plaintext = await open(found.value, call, asked, outside);
  if (!plaintext.ok) return plaintext;
  call.notes.usedKeyIds.push(found.value.key.keyId);
  const isTold = found.value.key.spec === 'SYMMETRIC_DEFAULT' && outside === null;
  const materialId = isTold ? (readHeader(asked.ciphertext)?.materialId ?? null) : null;
  return yes({ found: found.value, plaintext: plaintext.value, materialId });
}

const INCORRECT_KEY = 'The key ID in the request does not identify a CMK that can perform this operation.';

function requireDecrypting(found: KeyHere, call: Call, asked: AskedDecryption): Answer<null> {
  const { key } = found;
  if (key.usage !== 'ENCRYPT_DECRYPT') return no('IncorrectKeyException', INCORRECT_KEY);
  const ready = requireState(found, call.now, USABLE);
  if (!ready.ok) return ready;
  return requireAlgorithm(algorithmsOf(key.spec, key.usage).EncryptionAlgorithms, asked.algorithm, key.spec);
}

async function open(
  found: KeyHere,
  call: Call,
  asked: AskedDecryption,
  outside: ExternalCiphertext | null,
): Promise<Answer<Uint8Array>> {
  const { key } = found;
  if (key.spec !== 'SYMMETRIC_DEFAULT')
    return withPrivateKey(currentBytes(found).bytes, (rsa) => openOaep(rsa, asked.algorithm, asked.ciphertext));
  const header = outside ?? readHeader(asked.ciphertext);
  if (header === null) return no('InvalidCiphertextException');
  if (header.keyId !== key.keyId) return no('IncorrectKeyException', INCORRECT_KEY);
  if (outside !== null) return decryptOutside(call, found, outside, asked.context);
  return openInside(found, asked);
}

function openInside(found: KeyHere, asked: AskedDecryption): Answer<Uint8Array> {
  const material = materialBytes(found, readHeader(asked.ciphertext)?.materialId ?? '');
  const plaintext = material && decryptWith(material, asked.ciphertext, asked.context);
  return plaintext ? yes(plaintext) : no('InvalidCiphertextException');
}

/** Works with a private key of the state; a curve this library lacks was refused when it was imported, or by another runtime. */
export function withPrivateKey<T>(pkcs8: Uint8Array, act: (key: KeyObject) => Answer<T>): Answer<T> {
  const key = privateKeyOf(pkcs8);
  return key ? act(key) : curveMissing();
}

function openOaep(key: KeyObject, algorithm: string, ciphertext: Uint8Array): Answer<Uint8Array> {
  try {
    return yes(privateDecrypt(oaep(key, algorithm), ciphertext));
  } catch {
    return no('InvalidCiphertextException');
  }
}

function oaep(key: KeyObject, algorithm: string): { key: KeyObject; padding: number; oaepHash: string } {
  return { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: algorithm.endsWith('SHA_256') ? 'sha256' : 'sha1' };
}

/** RFC 8017, 7.1.1 */
function oaepCapacity(spec: string, algorithm: string): number {
  const hashBytes = algorithm.endsWith('SHA_256') ? 32 : 20;
  return Number(spec.slice('RSA_'.length)) / 8 - 2 - 2 * hashBytes;
}

import { createHash, timingSafeEqual } from 'node:crypto';
import { scopeOf } from '../../../core/pkcs11/data-scope';
import type { ObjectHandle } from '../../../core/pkcs11/data-session';
import { returnName } from '../../../core/pkcs11/return-value';
import { hsmAad, type Framing, type Sha256Of } from '../../../core/xks/aad';
import { cdiv } from '../../../core/xks/cdiv';
import type { DecryptFields, EncryptFields } from '../order-frame';
import { isBadCiphertext } from '../verdict';
import type { FirstUses } from './first-uses';
import type { Gcm } from './gcm';
import { WrongAnswer } from './wrong-answer';

export const sha256: Sha256Of = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

const NONE = Buffer.alloc(0);

function framed(framing: Framing, aad: Uint8Array | null, metadata: Uint8Array): Buffer {
  const bytes = hsmAad(framing, aad, metadata, sha256);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * Fields of the answer: ciphertext, IV, tag, integrity value (empty when none was asked for). What the answer says is decrypted first
 * where KMS asked for the integrity value, and the first time this thread uses a key.
 */
export function encryptOrder(gcm: Gcm, session: ObjectHandle, order: EncryptFields, uses: FirstUses): readonly Buffer[] {
  const { handle, metadata, aad, wantsCdiv } = order;
  const plaintext = asBuffer(order.plaintext);
  const bound = framed('spec', aad, metadata);
  const sealed = gcm.seal(session, handle, plaintext, bound);
  const { ciphertext, iv, tag } = sealed;
  if (!wantsCdiv && uses.isProven(handle)) return [ciphertext, iv, tag, NONE];
  // Before the decryption: a bit that flips in between must not be covered by the value (specification, "Encrypt").
  const value = cdiv({ aad: aad ?? NONE, metadata, iv, ciphertext, tag }, sha256);
  if (!timingSafeEqual(gcm.open(session, handle, sealed, bound), plaintext))
    throw new WrongAnswer('cdivMismatch', 'What was encrypted did not decrypt to what was sent.');
  uses.proven(handle);
  return [ciphertext, iv, tag, wantsCdiv ? asBuffer(value) : NONE];
}

function isAboutCiphertext(error: unknown): boolean {
  const name = returnName(error);
  return name !== null && (isBadCiphertext(name) || scopeOf(name) === 'unclear');
}

/**
 * Fields of the answer: the plaintext. Each framing is tried in turn; the tag decides, so a wrong one cannot give a wrong plaintext.
 * @throws what the token said, an unclear answer before a clear one: that one has to be looked into
 */
export function decryptOrder(gcm: Gcm, session: ObjectHandle, order: DecryptFields): readonly Buffer[] {
  const { handle, framings, metadata, aad } = order;
  const sealed = { ciphertext: asBuffer(order.ciphertext), iv: asBuffer(order.iv), tag: asBuffer(order.tag) };
  let failed: Error | null = null;
  for (const framing of framings) {
    try {
      return [gcm.open(session, handle, sealed, framed(framing, aad, metadata))];
    } catch (error) {
      if (!(error instanceof Error) || !isAboutCiphertext(error)) throw error;
      failed = failed !== null && !isBadCiphertext(returnName(failed) ?? '') ? failed : error;
    }
  }
  throw failed ?? new WrongAnswer('noFraming', 'A decryption without a framing.');
}

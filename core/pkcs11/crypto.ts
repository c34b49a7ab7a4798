import type { Handle, Mechanism, PKCS11 } from 'pkcs11js';
import { returnName } from './return-value';

/** Room for any MAC or signature of our keys (RSA-4096: 512 bytes). */
const SIGNATURE_ROOM = 1024;

export function sign(api: PKCS11, session: Handle, mechanism: Mechanism, key: Handle, data: Buffer): Buffer {
  api.C_SignInit(session, mechanism, key);
  return api.C_Sign(session, data, Buffer.alloc(SIGNATURE_ROOM));
}

/** C_Verify as a yes or no; only a wrong signature is a no, any other refusal is thrown. */
export function verifies(
  api: PKCS11,
  session: Handle,
  mechanism: Mechanism,
  key: Handle,
  data: Buffer,
  signature: Buffer,
): boolean {
  api.C_VerifyInit(session, mechanism, key);
  try {
    return api.C_Verify(session, data, signature);
  } catch (error) {
    const name = returnName(error);
    if (name === 'CKR_SIGNATURE_INVALID' || name === 'CKR_SIGNATURE_LEN_RANGE') return false;
    throw error;
  }
}

/** @param room bytes the token may add: tag, and IV where it puts one */
export function encrypt(
  api: PKCS11,
  session: Handle,
  mechanism: Mechanism,
  key: Handle,
  plaintext: Buffer,
  room: number,
): Buffer {
  api.C_EncryptInit(session, mechanism, key);
  return api.C_Encrypt(session, plaintext, Buffer.alloc(plaintext.length + room));
}

export function decrypt(api: PKCS11, session: Handle, mechanism: Mechanism, key: Handle, ciphertext: Buffer): Buffer {
  api.C_DecryptInit(session, mechanism, key);
  return api.C_Decrypt(session, ciphertext, Buffer.alloc(ciphertext.length));
}

export function randomBytes(api: PKCS11, session: Handle, bytes: number): Buffer {
  return api.C_GenerateRandom(session, Buffer.alloc(bytes));
}

/** A wrapped RSA-4096 private key is about 2.4 kB. */
const WRAPPED_ROOM = 8192;

export function wrapped(api: PKCS11, session: Handle, mechanism: Mechanism, wrapper: Handle, key: Handle): Buffer {
  return api.C_WrapKey(session, mechanism, wrapper, key, Buffer.alloc(WRAPPED_ROOM));
}

import pkcs11 from 'pkcs11js';
import type { Handle, Mechanism, PKCS11 } from 'pkcs11js';
import { closeSession, openSession } from './connection';
import { GCM_TAG_BYTES } from './mechanism';
import { tokenSummary } from './token-info';

/** The library and a handle, for whoever may not import the binding. */
export type Library = PKCS11;
export type ObjectHandle = Handle;

/** CK_SESSION_INFO.state of a crypto officer, read-only and read-write (PKCS#11 2.40, 3.3). */
const USER_STATES: readonly number[] = [1, 3];

/** Is the crypto officer logged in where this session is? Login is the application's; it ends with its last session. */
export function isUserSession(api: PKCS11, session: Handle): boolean {
  return USER_STATES.includes(api.C_GetSessionInfo(session).state);
}

/** Is the token with this serial still in its slot? SoftHSM 2.6.1 answers a search on a token that is gone with an empty list. */
export function isTokenThere(api: PKCS11, slot: Handle, serial: string): boolean {
  return tokenSummary(api.C_GetTokenInfo(slot)).serial === serial;
}

/** A session of one thread. `reopen` is for a session that is gone or stuck in an operation. */
export interface DataSession {
  readonly handle: () => Handle;
  readonly reopen: () => void;
}

export function openDataSession(api: PKCS11, slot: Handle): DataSession {
  let session = openSession(api, slot);
  return {
    handle: () => session,
    reopen: () => {
      closeSession(api, session);
      session = openSession(api, slot);
    },
  };
}

/**
 * A GCM mechanism of PKCS#11 2.40. The binding hands the module the memory of `iv` itself (its params.cpp), so a module that writes
 * its own IV into pIv writes it where the caller can read it, as long as the caller keeps `iv`.
 * @param type the CKM_ number
 */
export function gcmMechanism(type: number, iv: Buffer, aad: Buffer): Mechanism {
  const parameter = { type: pkcs11.CK_PARAMS_AES_GCM_v240, iv, ivBits: iv.length * 8, aad, tagBits: GCM_TAG_BYTES * 8 };
  return { mechanism: type, parameter };
}

/** Two calls, C_EncryptInit and C_Encrypt: `room` must hold the whole result, so that no size query is needed. The result lies in `room`. */
export function encryptOnce(
  api: PKCS11,
  session: Handle,
  mechanism: Mechanism,
  key: Handle,
  plaintext: Buffer,
  room: Buffer,
): Buffer {
  api.C_EncryptInit(session, mechanism, key);
  return api.C_Encrypt(session, plaintext, room);
}

/** Two calls, C_DecryptInit and C_Decrypt; as `encryptOnce`. */
export function decryptOnce(
  api: PKCS11,
  session: Handle,
  mechanism: Mechanism,
  key: Handle,
  sealed: Buffer,
  room: Buffer,
): Buffer {
  api.C_DecryptInit(session, mechanism, key);
  return api.C_Decrypt(session, sealed, room);
}

/** C_GenerateRandom over all of `bytes`. */
export function fillRandom(api: PKCS11, session: Handle, bytes: Buffer): void {
  api.C_GenerateRandom(session, bytes);
}

import { createHash } from 'node:crypto';
import type { Handle, PKCS11 } from 'pkcs11js';
import { failure, success, type Result } from '../contract/result';
import { checkValueMethod, GCM_TAG_PLAINTEXT, shortCheckValue, type CheckValueMethod } from '../keys/check-value';
import { allowedMechanisms } from '../keys/policy';
import type { KeyPlan } from '../keys/template';
import { attemptAsUser, inOwnSession, type Connection } from './connection';
import { encrypt, sign } from './crypto';
import { gcm, GCM_IV_BYTES, GCM_TAG_BYTES, plain } from './mechanism';
import { readBytes } from './objects';
import { checkPlan, secretClass, theObject } from './planned-key';
import type { CheckValue } from './port';
import { publicKey } from './public-key';

const ZEROS = Buffer.alloc(16);

function named(method: CheckValueMethod, bytes: Buffer): CheckValue {
  return { method, value: shortCheckValue(bytes) };
}

/** CKA_CHECK_VALUE as the token computes it; null where it has none or suppresses it with an empty value (PKCS#11 2.40, 4.9.2). */
function tokensOwn(api: PKCS11, session: Handle, key: Handle, method: CheckValueMethod): CheckValue | null {
  const bytes = readBytes(api, session, key, 'CKA_CHECK_VALUE');
  return bytes && bytes.length >= 3 ? named(method, bytes) : null;
}

function gcmTag(api: PKCS11, session: Handle, key: Handle): CheckValue {
  const sealed = encrypt(
    api,
    session,
    gcm(Buffer.alloc(GCM_IV_BYTES)),
    key,
    Buffer.from(GCM_TAG_PLAINTEXT, 'ascii'),
    GCM_TAG_BYTES,
  );
  const value = named('GCM-TAG', sealed.subarray(-GCM_TAG_BYTES));
  // The rest of this output is keystream under the zero IV and the other tag bytes: neither is anybody's business.
  sealed.fill(0);
  return value;
}

function mac(api: PKCS11, session: Handle, key: Handle, plan: KeyPlan, method: CheckValueMethod): CheckValue {
  const [mechanism = ''] = allowedMechanisms(plan.purpose, plan.keySpec);
  const code = sign(api, session, plain(mechanism), key, ZEROS);
  const value = named(method, code);
  code.fill(0);
  return value;
}

function ofSecret(connection: Connection, api: PKCS11, session: Handle, key: Handle, plan: KeyPlan): CheckValue | null {
  const method = checkValueMethod(plan.purpose, plan.keySpec);
  if (method === 'CMAC') return mac(api, session, key, plan, 'CMAC');
  if (method === 'P11-generic') return tokensOwn(api, session, key, 'P11-generic') ?? mac(api, session, key, plan, 'HMAC-ZERO');
  return connection.module.profile.gcm.iv === 'caller' ? gcmTag(api, session, key) : tokensOwn(api, session, key, 'P11');
}

/** The SHA-256 of the public key; the whole of it, because unlike 24 bits it identifies. */
function ofPair(connection: Connection, plan: KeyPlan): Result<CheckValue> {
  const spki = publicKey(connection, plan);
  if (!spki.ok) return spki;
  return success({
    method: 'SPKI-SHA256',
    value: createHash('sha256')
      .update(spki.value ?? ZEROS)
      .digest('hex'),
  });
}

/** The check value of a planned key with its method. Errors: token.unsupported where the token offers no way to one. */
export function checkValue(connection: Connection, plan: KeyPlan): Result<CheckValue> {
  const planned = checkPlan(connection, plan);
  if (!planned.ok) return planned;
  if (secretClass(plan) === 'private') return ofPair(connection, plan);
  return attemptAsUser(connection, (api) =>
    inOwnSession(connection, (session): Result<CheckValue> => {
      const key = theObject(api, session, plan, 'secret');
      if (!key.ok) return key;
      const value = ofSecret(connection, api, session, key.value, plan);
      return value ? success(value) : failure('token.unsupported', { problem: 'the token gives no check value for this key' });
    }),
  );
}

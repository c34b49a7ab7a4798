import { constants, createHash, createPublicKey, verify } from 'node:crypto';
import type { Handle, PKCS11 } from 'pkcs11js';
import { failure, success, type Result } from '../contract/result';
import { allowedMechanisms } from '../keys/policy';
import { SPEC_FACTS } from '../keys/spec-facts';
import type { KeyPlan } from '../keys/template';
import { attemptAsUser, inOwnSession, type Connection } from './connection';
import { decrypt, encrypt, randomBytes, sign, verifies } from './crypto';
import { gcm, GCM_IV_BYTES, GCM_TAG_BYTES, plain } from './mechanism';
import { checkPlan, secretClass, theObject } from './planned-key';
import type { Profile } from './profile';
import { spkiOf } from './public-key';

const CHALLENGE_BYTES = 32;

export interface FunctionalTest {
  readonly method: string;
  /** SHA-256 of the 32 random bytes the key was used on, as hex */
  readonly challengeSha256: string;
  readonly ok: boolean;
}

/** Encrypts under an IV of the token's RNG (or the token's own) and decrypts; IVs that the token puts beside the ciphertext travel with it. */
function roundTrip(api: PKCS11, session: Handle, key: Handle, challenge: Buffer, { gcm: { iv, mechanism } }: Profile): boolean {
  const mine = iv === 'caller' ? randomBytes(api, session, GCM_IV_BYTES) : Buffer.alloc(0);
  const sealed = encrypt(api, session, gcm(mine, mechanism), key, challenge, GCM_TAG_BYTES + GCM_IV_BYTES);
  const different = !sealed.includes(challenge);
  const appended = iv === 'appended';
  const back = appended
    ? decrypt(api, session, gcm(sealed.subarray(-GCM_IV_BYTES), mechanism), key, sealed.subarray(0, -GCM_IV_BYTES))
    : decrypt(api, session, gcm(mine, mechanism), key, sealed);
  return different && back.equals(challenge);
}

/** Signs, verifies, and sees that another challenge does not verify. */
function macTest(api: PKCS11, session: Handle, key: Handle, challenge: Buffer, mechanism: string): boolean {
  const code = sign(api, session, plain(mechanism), key, challenge);
  const other = Buffer.from(challenge);
  other[0] = (other[0] ?? 0) ^ 1;
  return (
    verifies(api, session, plain(mechanism), key, challenge, code) && !verifies(api, session, plain(mechanism), key, other, code)
  );
}

/** The token signs; the host verifies with the public key read from the token: a check the token cannot agree with itself on. */
function pairTest(api: PKCS11, session: Handle, privateKey: Handle, spki: Buffer, challenge: Buffer, plan: KeyPlan): boolean {
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  if (SPEC_FACTS[plan.keySpec].family === 'ec') {
    const digest = createHash('sha256').update(challenge).digest();
    const signature = sign(api, session, plain('CKM_ECDSA'), privateKey, digest);
    return verify('sha256', challenge, { key, dsaEncoding: 'ieee-p1363' }, signature);
  }
  const signature = sign(api, session, plain('CKM_SHA256_RSA_PKCS_PSS'), privateKey, challenge);
  return verify('sha256', challenge, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }, signature);
}

function testPair(api: PKCS11, session: Handle, plan: KeyPlan, challenge: Buffer): Result<{ method: string; ok: boolean }> {
  const privateKey = theObject(api, session, plan, 'private');
  if (!privateKey.ok) return privateKey;
  const publicObject = theObject(api, session, plan, 'public');
  if (!publicObject.ok) return publicObject;
  const spki = spkiOf(api, session, publicObject.value, plan.keySpec);
  if (!spki) return failure('token.unsupported', { problem: 'the token gives no public key' });
  const mechanism = SPEC_FACTS[plan.keySpec].family === 'ec' ? 'CKM_ECDSA' : 'CKM_SHA256_RSA_PKCS_PSS';
  return success({
    method: `sign with ${mechanism}, verify on the host`,
    ok: pairTest(api, session, privateKey.value, spki, challenge, plan),
  });
}

function testSecret(
  api: PKCS11,
  session: Handle,
  plan: KeyPlan,
  challenge: Buffer,
  profile: Profile,
): Result<{ method: string; ok: boolean }> {
  const key = theObject(api, session, plan, 'secret');
  if (!key.ok) return key;
  const [mechanism = ''] = allowedMechanisms(plan.purpose, plan.keySpec);
  if (mechanism !== 'CKM_AES_GCM') {
    return success({ method: `sign and verify with ${mechanism}`, ok: macTest(api, session, key.value, challenge, mechanism) });
  }
  if (profile.gcm.iv === 'hidden')
    return failure('token.unsupported', { problem: 'the token makes its own IV where this program cannot read it' });
  return success({
    method: `encrypt and decrypt with ${profile.gcm.mechanism}`,
    ok: roundTrip(api, session, key.value, challenge, profile),
  });
}

/** Uses the key once, on 32 bytes of the token's RNG, and undoes it. */
export function functionalTest(connection: Connection, plan: KeyPlan): Result<FunctionalTest> {
  const planned = checkPlan(connection, plan);
  if (!planned.ok) return planned;
  return attemptAsUser(connection, (api) =>
    inOwnSession(connection, (session): Result<FunctionalTest> => {
      const challenge = randomBytes(api, session, CHALLENGE_BYTES);
      const isPair = secretClass(plan) === 'private';
      const tested = isPair
        ? testPair(api, session, plan, challenge)
        : testSecret(api, session, plan, challenge, connection.module.profile);
      if (!tested.ok) return tested;
      return success({ ...tested.value, challengeSha256: createHash('sha256').update(challenge).digest('hex') });
    }),
  );
}

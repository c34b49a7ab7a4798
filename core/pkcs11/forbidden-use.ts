import pkcs11 from 'pkcs11js';
import type { Handle, Mechanism, PKCS11 } from 'pkcs11js';
import { allowedMechanisms } from '../keys/policy';
import { SPEC_FACTS } from '../keys/spec-facts';
import type { KeyPlan } from '../keys/template';
import { gcm, GCM_IV_BYTES, plain } from './mechanism';
import { numberOf } from './names';

export interface ForbiddenUse {
  readonly mechanism: string;
  readonly use: 'encrypt' | 'sign' | 'decrypt' | 'derive';
}

const AES_USES: readonly ForbiddenUse[] = [
  { mechanism: 'CKM_AES_ECB', use: 'encrypt' },
  { mechanism: 'CKM_AES_CBC', use: 'encrypt' },
  { mechanism: 'CKM_AES_GCM', use: 'encrypt' },
  { mechanism: 'CKM_AES_CMAC', use: 'sign' },
];

const HMAC_USES: readonly ForbiddenUse[] = [
  { mechanism: 'CKM_SHA_1_HMAC', use: 'sign' },
  { mechanism: 'CKM_SHA224_HMAC', use: 'sign' },
  { mechanism: 'CKM_SHA256_HMAC', use: 'sign' },
];

const RSA_USES: readonly ForbiddenUse[] = [
  { mechanism: 'CKM_RSA_PKCS', use: 'sign' },
  { mechanism: 'CKM_SHA1_RSA_PKCS', use: 'sign' },
  { mechanism: 'CKM_RSA_PKCS', use: 'decrypt' },
];

const EC_USES: readonly ForbiddenUse[] = [
  { mechanism: 'CKM_ECDSA_SHA1', use: 'sign' },
  { mechanism: 'CKM_ECDH1_DERIVE', use: 'derive' },
];

const USES = { aes: AES_USES, hmac: HMAC_USES, rsa: RSA_USES, ec: EC_USES } as const;

/** Uses a key of this plan must refuse although its type would allow them: each would work if the token ignored the policy. */
export function forbiddenUses(plan: KeyPlan): readonly ForbiddenUse[] {
  const allowed = allowedMechanisms(plan.purpose, plan.keySpec);
  return USES[SPEC_FACTS[plan.keySpec].family].filter(({ mechanism, use }) => use === 'decrypt' || !allowed.includes(mechanism));
}

function withParameter(mechanism: string): Mechanism {
  if (mechanism === 'CKM_AES_GCM') return gcm(Buffer.alloc(GCM_IV_BYTES));
  return mechanism === 'CKM_AES_CBC' ? { mechanism: numberOf(mechanism), parameter: Buffer.alloc(16) } : plain(mechanism);
}

/** Agreement with the pair's own public point; what comes of it would be a session object. */
function derive(api: PKCS11, session: Handle, key: Handle, publicPoint: Buffer): void {
  const parameter = { type: pkcs11.CK_PARAMS_EC_DH, kdf: pkcs11.CKD_NULL, publicData: publicPoint };
  api.C_DeriveKey(session, { mechanism: pkcs11.CKM_ECDH1_DERIVE, parameter }, key, [
    { type: pkcs11.CKA_CLASS, value: pkcs11.CKO_SECRET_KEY },
    { type: pkcs11.CKA_KEY_TYPE, value: pkcs11.CKK_GENERIC_SECRET },
    { type: pkcs11.CKA_TOKEN, value: false },
    { type: pkcs11.CKA_SENSITIVE, value: true },
    { type: pkcs11.CKA_EXTRACTABLE, value: false },
    { type: pkcs11.CKA_VALUE_LEN, value: 32 },
  ]);
}

/** Begins the operation. The caller closes the session, which ends what should not have begun. */
export function tryUse(api: PKCS11, session: Handle, key: Handle, { mechanism, use }: ForbiddenUse, publicPoint: Buffer): void {
  if (use === 'encrypt') api.C_EncryptInit(session, withParameter(mechanism), key);
  else if (use === 'decrypt') api.C_DecryptInit(session, withParameter(mechanism), key);
  else if (use === 'sign') api.C_SignInit(session, withParameter(mechanism), key);
  else derive(api, session, key, publicPoint);
}

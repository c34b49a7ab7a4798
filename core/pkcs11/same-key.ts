import { createCipheriv, createHmac, createPrivateKey, createPublicKey } from 'node:crypto';
import type { Handle, PKCS11 } from 'pkcs11js';
import type { Check } from '../keys/evidence';
import { kmsSpecOf } from '../keys/kms-spec';
import { readMaterial } from '../keys/pkcs8';
import type { KeySpec } from '../keys/spec';
import { SPEC_FACTS } from '../keys/spec-facts';
import { encrypt, randomBytes, sign } from './crypto';
import { plain } from './mechanism';
import { spkiOf } from './public-key';
import type { TrialKey } from './trial-keys';

const CHALLENGE_BYTES = 16;

/** What the token does with the key and what this process does with the material must be the same. */
function agree(api: PKCS11, session: Handle, keySpec: KeySpec, key: TrialKey, material: Uint8Array): boolean {
  const { family, bits } = SPEC_FACTS[keySpec];
  const challenge = randomBytes(api, session, CHALLENGE_BYTES);
  if (family === 'aes') {
    const ours = createCipheriv('aes-256-ecb', material, null).setAutoPadding(false).update(challenge);
    return encrypt(api, session, plain('CKM_AES_ECB'), key.secret, challenge, 0).equals(ours);
  }
  if (family === 'hmac') {
    const ours = createHmac(`sha${bits}`, material).update(challenge).digest();
    return sign(api, session, plain(`CKM_SHA${bits}_HMAC`), key.secret, challenge).equals(ours);
  }
  const spki = key.public === null ? null : spkiOf(api, session, key.public, keySpec);
  // A view: a copy would be key bytes that nobody overwrites.
  const der = Buffer.from(material.buffer, material.byteOffset, material.length);
  const ours = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
  return spki !== null && spki.equals(ours.export({ format: 'der', type: 'spki' }));
}

/**
 * Is the material the throw-away key, byte for byte, in the form KMS takes? Its shape and length are checked strictly, so that zeros
 * behind it count; then token and host use it on the same random challenge, or show the same public key. A key that can be read would
 * prove the same, but an HSM in FIPS mode makes none.
 */
export function sameKey(api: PKCS11, session: Handle, keySpec: KeySpec, key: TrialKey, material: Uint8Array): Check {
  const rule = 'CER-WRAP-SAME-KEY';
  const shape = readMaterial(kmsSpecOf(keySpec), material);
  const wanted = 'the throw-away key, exactly';
  if (!shape.ok) return { rule, ok: false, wanted, got: String(shape.error.detail['problem']) };
  if (!agree(api, session, keySpec, key, material)) return { rule, ok: false, wanted, got: 'another key' };
  const bare = shape.value.kind === 'ec' && !shape.value.hasPublicPoint;
  return { rule, ok: true, wanted, got: bare ? `${wanted}; its PKCS#8 form has no public key inside` : wanted };
}

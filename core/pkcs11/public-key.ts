import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Handle, PKCS11 } from 'pkcs11js';
import { failure, success, type Result } from '../contract/result';
import type { Check } from '../keys/evidence';
import type { KeySpec } from '../keys/spec';
import { isPair, SPEC_FACTS } from '../keys/spec-facts';
import type { KeyPlan } from '../keys/template';
import { attemptAsUser, type Connection } from './connection';
import { der, derBitString, derInteger, OCTET_STRING, readDer, SEQUENCE } from './der';
import { readBytes } from './objects';
import { checkPlan, theObject } from './planned-key';

/** rsaEncryption with NULL parameters (RFC 8017, A.1) and id-ecPublicKey (RFC 5480, 2.1.1), as DER. */
const RSA_ALGORITHM = Buffer.from('300d06092a864886f70d0101010500', 'hex');
const EC_PUBLIC_KEY = Buffer.from('06072a8648ce3d0201', 'hex');

function rsaSpki(modulus: Buffer, exponent: Buffer): Buffer {
  return der(SEQUENCE, RSA_ALGORITHM, derBitString(der(SEQUENCE, derInteger(modulus), derInteger(exponent))));
}

/** CKA_EC_POINT is the DER OCTET STRING of the point (PKCS#11 2.40, 2.3.3); some modules give the bare point. */
function bareEcPoint(value: Buffer): Buffer {
  const inner = readDer(value, OCTET_STRING);
  return inner && inner[0] === 0x04 ? inner : value;
}

function ecSpki(parameters: Buffer, point: Buffer): Buffer {
  return der(SEQUENCE, der(SEQUENCE, EC_PUBLIC_KEY, parameters), derBitString(bareEcPoint(point)));
}

/** SubjectPublicKeyInfo DER (RFC 5280, 4.1.2.7) from the attributes of a public key object; null when one is missing. */
export function spkiOf(api: PKCS11, session: Handle, object: Handle, keySpec: KeySpec): Buffer | null {
  const isEc = SPEC_FACTS[keySpec].family === 'ec';
  const first = readBytes(api, session, object, isEc ? 'CKA_EC_PARAMS' : 'CKA_MODULUS');
  const second = readBytes(api, session, object, isEc ? 'CKA_EC_POINT' : 'CKA_PUBLIC_EXPONENT');
  if (!first || !second) return null;
  return isEc ? ecSpki(first, second) : rsaSpki(first, second);
}

/** Parses the key; the parser itself refuses a point that is not on the curve (BR 6.1.6, SP 800-56A 5.6.2.3). */
function parse(spki: Buffer): KeyObject | null {
  try {
    return createPublicKey({ key: spki, format: 'der', type: 'spki' });
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}

function rsaChecks(key: KeyObject, bits: number): Check[] {
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  const exponentOk = publicExponent % 2n === 1n && publicExponent > 65536n && publicExponent < 2n ** 256n;
  return [
    {
      rule: 'CER-RSA-MODULUS',
      ok: modulusLength === bits && bits % 8 === 0,
      wanted: `${bits} bits`,
      got: `${modulusLength} bits`,
    },
    { rule: 'CER-RSA-EXPONENT', ok: exponentOk, wanted: 'odd, from 65537 to below 2^256', got: String(publicExponent) },
  ];
}

/** OpenSSL's names of the curves of KMS. */
const NODE_CURVES: Readonly<Record<string, string>> = { 'P-256': 'prime256v1', 'P-384': 'secp384r1', 'P-521': 'secp521r1' };

/** What the Baseline Requirements ask of a public key (6.1.5, 6.1.6), by rule. */
export function publicKeyChecks(spki: Uint8Array, keySpec: KeySpec): readonly Check[] {
  const { curve, bits } = SPEC_FACTS[keySpec];
  const key = parse(Buffer.from(spki));
  const wanted = curve ? `a point on ${curve.name}` : `an RSA public key`;
  const parsed: Check = { rule: 'CER-PUBLIC-KEY-VALID', ok: key !== null, wanted, got: key ? wanted : 'not a valid public key' };
  if (!key) return [parsed];
  if (!curve) return [parsed, ...rsaChecks(key, bits)];
  const got = key.asymmetricKeyDetails?.namedCurve ?? 'no named curve';
  return [
    parsed,
    { rule: 'CER-EC-CURVE', ok: got === NODE_CURVES[curve.name], wanted: NODE_CURVES[curve.name] ?? curve.name, got },
  ];
}

/** SPKI of a planned pair, refused (key.attributeDiffers with the rule) when it breaks a public key rule; null for a secret key. */
export function publicKey(connection: Connection, plan: KeyPlan): Result<Uint8Array | null> {
  if (!isPair(plan.keySpec)) return success(null);
  const planned = checkPlan(connection, plan);
  if (!planned.ok) return planned;
  return attemptAsUser(connection, (api, anchor) => {
    const object = theObject(api, anchor, plan, 'public');
    if (!object.ok) return object;
    const spki = spkiOf(api, anchor, object.value, plan.keySpec);
    if (!spki) return failure('token.unsupported', { problem: 'the token gives no public key' });
    const broken = publicKeyChecks(spki, plan.keySpec).find((check) => !check.ok);
    return broken
      ? failure('key.attributeDiffers', { rule: broken.rule, wanted: broken.wanted, got: broken.got })
      : success(new Uint8Array(spki));
  });
}

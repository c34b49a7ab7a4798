import type { KeyObject } from 'node:crypto';
import type { Attribute, Handle, PKCS11 } from 'pkcs11js';
import type { KeySpec } from '../keys/spec';
import { isPair, SPEC_FACTS } from '../keys/spec-facts';
import type { AttributeRow } from '../keys/template';
import { encodeAttribute, ulongBytesOf } from './attribute-codec';
import { numberOf } from './names';

/** A throw-away key: the object that holds the secret, and the public one of a pair. */
export interface TrialKey {
  readonly secret: Handle;
  readonly public: Handle | null;
}

type Rows = readonly (readonly [AttributeRow['name'], AttributeRow['value']])[];

/** Session objects: they are gone with the session they are made in. */
const SESSION: Rows = [
  ['CKA_TOKEN', false],
  ['CKA_LABEL', 'keyrite-throw-away'],
];

/** Extractable and with no wish for a trusted wrapper; sensitive as the keys it stands for, since some HSMs make no others. */
const WRAPPABLE: Rows = [
  ['CKA_PRIVATE', true],
  ['CKA_SENSITIVE', true],
  ['CKA_EXTRACTABLE', true],
  ['CKA_UNWRAP', false],
];

function encode(session: Handle, rows: Rows): Attribute[] {
  return rows.map(([name, value]) => encodeAttribute({ name, value }, ulongBytesOf(session)));
}

function secretKey(api: PKCS11, session: Handle, keySpec: KeySpec): TrialKey {
  const { family, keyType, valueBytes, generatedBy } = SPEC_FACTS[keySpec];
  const template = encode(session, [
    ...SESSION,
    ...WRAPPABLE,
    ['CKA_CLASS', 'CKO_SECRET_KEY'],
    ['CKA_KEY_TYPE', keyType],
    ['CKA_VALUE_LEN', String(valueBytes)],
    ['CKA_ENCRYPT', family === 'aes'],
    ['CKA_SIGN', family === 'hmac'],
    ['CKA_WRAP', false],
  ]);
  return { secret: api.C_GenerateKey(session, { mechanism: numberOf(generatedBy) }, template), public: null };
}

function pair(api: PKCS11, session: Handle, keySpec: KeySpec): TrialKey {
  const { curve, bits, keyType, generatedBy } = SPEC_FACTS[keySpec];
  const parameters: Rows = curve
    ? [['CKA_EC_PARAMS', curve.oidDer]]
    : [
        ['CKA_MODULUS_BITS', String(bits)],
        ['CKA_PUBLIC_EXPONENT', '010001'],
      ];
  const keys = api.C_GenerateKeyPair(
    session,
    { mechanism: numberOf(generatedBy) },
    encode(session, [
      ...SESSION,
      ...parameters,
      ['CKA_CLASS', 'CKO_PUBLIC_KEY'],
      ['CKA_KEY_TYPE', keyType],
      ['CKA_PRIVATE', false],
      ['CKA_VERIFY', true],
    ]),
    encode(session, [...SESSION, ...WRAPPABLE, ['CKA_CLASS', 'CKO_PRIVATE_KEY'], ['CKA_KEY_TYPE', keyType], ['CKA_SIGN', true]]),
  );
  return { secret: keys.privateKey, public: keys.publicKey };
}

/** A key of the same kind as the one that is to be wrapped. */
export function makeTrialKey(api: PKCS11, session: Handle, keySpec: KeySpec): TrialKey {
  return isPair(keySpec) ? pair(api, session, keySpec) : secretKey(api, session, keySpec);
}

/** Puts an RSA public key into the session as a wrapping key. `trusted` is what only a security officer may ask for. */
export function makeRsaWrapper(api: PKCS11, session: Handle, publicKey: KeyObject, trusted = false): Handle {
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  return api.C_CreateObject(
    session,
    encode(session, [
      ...SESSION,
      ['CKA_CLASS', 'CKO_PUBLIC_KEY'],
      ['CKA_KEY_TYPE', 'CKK_RSA'],
      ['CKA_PRIVATE', false],
      ['CKA_MODULUS', Buffer.from(n, 'base64url').toString('hex')],
      ['CKA_PUBLIC_EXPONENT', Buffer.from(e, 'base64url').toString('hex')],
      ['CKA_ENCRYPT', false],
      ['CKA_VERIFY', false],
      ['CKA_WRAP', true],
      ...(trusted ? ([['CKA_TRUSTED', true]] as const) : []),
    ]),
  );
}

/** The AES key between, for a trial: nobody trusts it, and it wraps what does not ask for that. */
export function makeAesWrapper(api: PKCS11, session: Handle): Handle {
  const template = encode(session, [
    ...SESSION,
    ...WRAPPABLE,
    ['CKA_CLASS', 'CKO_SECRET_KEY'],
    ['CKA_KEY_TYPE', 'CKK_AES'],
    ['CKA_VALUE_LEN', '32'],
    ['CKA_ENCRYPT', false],
    ['CKA_DECRYPT', false],
    ['CKA_WRAP', true],
  ]);
  return api.C_GenerateKey(session, { mechanism: numberOf('CKM_AES_KEY_GEN') }, template);
}

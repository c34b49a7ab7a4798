import { failure, success, type Result } from '../contract/result';
import { KEY_SPECS, PURPOSES, type KeySpec, type Purpose } from './spec';
import { isPair, SPEC_FACTS, type SpecFacts } from './spec-facts';
import type { AttributeRow, KeyClass, KeyPlan, ObjectTemplate, UnprovableRow } from './template';

/** What a purpose demands of the token, in the words of PKCS#11. */
interface PurposeFacts {
  readonly specs: readonly KeySpec[];
  /** May the key ever leave the token, wrapped? */
  readonly extractable: boolean;
}

const PURPOSE_FACTS: Readonly<Record<Purpose, PurposeFacts>> = {
  // An XKS key must be AES_256 (XKS proxy API, GetKeyMetadata), and is only safe as long as it never leaves the token.
  xks: { specs: ['AES_256'], extractable: false },
  byok: { specs: KEY_SPECS, extractable: true },
  resident: { specs: KEY_SPECS, extractable: false },
};

/** The specs a purpose may have. */
export function specsOf(purpose: Purpose): readonly KeySpec[] {
  return PURPOSE_FACTS[purpose].specs;
}

/** Every legal purpose and spec, for screens and tests that must cover them all. */
export function legalCombinations(): readonly { readonly purpose: Purpose; readonly keySpec: KeySpec }[] {
  return PURPOSES.flatMap((purpose) => specsOf(purpose).map((keySpec) => ({ purpose, keySpec })));
}

const RESIDENT_RSA = [
  'CKM_SHA256_RSA_PKCS',
  'CKM_SHA256_RSA_PKCS_PSS',
  'CKM_SHA384_RSA_PKCS',
  'CKM_SHA384_RSA_PKCS_PSS',
  'CKM_SHA512_RSA_PKCS',
  'CKM_SHA512_RSA_PKCS_PSS',
] as const;

/**
 * CKA_ALLOWED_MECHANISMS of the key that holds the secret, sorted. One key, one use (NIST SP 800-57 part 1, 5.2): a BYOK AES key
 * waits here for AWS KMS to encrypt with it, so on the token it may only do CMAC, which gives it a check value and a test;
 * an AES key that works on this token encrypts with GCM and computes no CMAC. See docs/decisions on key policies.
 */
export function allowedMechanisms(purpose: Purpose, keySpec: KeySpec): readonly string[] {
  const facts = SPEC_FACTS[keySpec];
  switch (facts.family) {
    case 'aes':
      return purpose === 'byok' ? ['CKM_AES_CMAC'] : ['CKM_AES_GCM'];
    case 'hmac':
      return [`CKM_SHA${facts.bits}_HMAC`];
    case 'rsa':
      return purpose === 'byok' ? ['CKM_SHA256_RSA_PKCS_PSS'] : RESIDENT_RSA;
    case 'ec':
      return ['CKM_ECDSA'];
  }
}

/** Attributes with their values, in the order they are shown. */
export type Rows = readonly (readonly [AttributeRow['name'], AttributeRow['value']])[];

function rows(pairs: Rows): AttributeRow[] {
  return pairs.map(([name, value]) => ({ name, value }));
}

interface Named {
  readonly purpose: Purpose;
  readonly keySpec: KeySpec;
  readonly ckaId: string;
  readonly label: string;
}

function identity(objectClass: string, facts: SpecFacts, { ckaId, label }: Named, secret: boolean): Rows {
  return [
    ['CKA_CLASS', objectClass],
    ['CKA_KEY_TYPE', facts.keyType],
    ['CKA_TOKEN', true],
    ['CKA_PRIVATE', secret],
    ['CKA_LABEL', label],
    ['CKA_ID', ckaId],
    // Attributes are final: no later login of a crypto officer may widen what was approved.
    ['CKA_MODIFIABLE', false],
    ['CKA_COPYABLE', false],
    ['CKA_DESTROYABLE', true],
    ['CKA_DERIVE', false],
  ];
}

function hiding(named: Named): Rows {
  const { extractable } = PURPOSE_FACTS[named.purpose];
  return [
    ['CKA_SENSITIVE', true],
    ['CKA_EXTRACTABLE', extractable],
    // An extractable key leaves only under a wrapping key that the security officer marked CKA_TRUSTED: two roles, enforced by the token.
    ['CKA_WRAP_WITH_TRUSTED', extractable],
    ['CKA_ALLOWED_MECHANISMS', allowedMechanisms(named.purpose, named.keySpec)],
  ];
}

/** What only the token can set: it made the key itself, and the key was never readable or (unless planned) extractable. */
function history(named: Named, facts: SpecFacts): Rows {
  return [
    ['CKA_LOCAL', true],
    ['CKA_ALWAYS_SENSITIVE', true],
    ['CKA_NEVER_EXTRACTABLE', !PURPOSE_FACTS[named.purpose].extractable],
    ['CKA_KEY_GEN_MECHANISM', facts.generatedBy],
  ];
}

function secretKey(named: Named, facts: SpecFacts): [KeyClass, Rows, Rows] {
  const encrypts = facts.family === 'aes' && named.purpose !== 'byok';
  const wanted: Rows = [
    ...identity('CKO_SECRET_KEY', facts, named, true),
    ['CKA_VALUE_LEN', String(facts.valueBytes)],
    ['CKA_ENCRYPT', encrypts],
    ['CKA_DECRYPT', encrypts],
    ['CKA_SIGN', !encrypts],
    ['CKA_VERIFY', !encrypts],
    ['CKA_WRAP', false],
    ['CKA_UNWRAP', false],
    ...hiding(named),
  ];
  return ['secret', wanted, history(named, facts)];
}

function publicKey(named: Named, facts: SpecFacts): [KeyClass, Rows, Rows] {
  const parameters: Rows = facts.curve
    ? [['CKA_EC_PARAMS', facts.curve.oidDer]]
    : [
        ['CKA_MODULUS_BITS', String(facts.bits)],
        ['CKA_PUBLIC_EXPONENT', '010001'],
      ];
  const wanted: Rows = [
    ...identity('CKO_PUBLIC_KEY', facts, named, false),
    ...parameters,
    ['CKA_ENCRYPT', false],
    ['CKA_VERIFY', true],
    ['CKA_VERIFY_RECOVER', false],
    ['CKA_WRAP', false],
  ];
  // Only the security officer may make it trusted; a key that came up trusted could wrap what must not leave.
  const set: Rows = [
    ['CKA_LOCAL', true],
    ['CKA_KEY_GEN_MECHANISM', facts.generatedBy],
    ['CKA_TRUSTED', false],
  ];
  return ['public', wanted, set];
}

function privateKey(named: Named, facts: SpecFacts): [KeyClass, Rows, Rows] {
  const wanted: Rows = [
    ...identity('CKO_PRIVATE_KEY', facts, named, true),
    ['CKA_DECRYPT', false],
    ['CKA_SIGN', true],
    ['CKA_SIGN_RECOVER', false],
    ['CKA_UNWRAP', false],
    ...hiding(named),
    ['CKA_ALWAYS_AUTHENTICATE', false],
  ];
  return ['private', wanted, history(named, facts)];
}

/** What a module cannot hold, by attribute; `reason` is a sentence for people. */
export interface MissingAttribute {
  readonly name: AttributeRow['name'];
  /** null: on objects of every class */
  readonly class: KeyClass | null;
  readonly reason: string;
}

/**
 * What one object is asked for, without what the module cannot hold.
 * @param object its class, the attributes that are set, and those that only the token can set
 */
export function objectTemplate(
  [keyClass, wanted, set]: [KeyClass, Rows, Rows],
  missing: readonly MissingAttribute[],
): ObjectTemplate {
  const concerned = missing.filter((attribute) => attribute.class === null || attribute.class === keyClass);
  const reasonOf = new Map<string, string>(concerned.map(({ name, reason }) => [name, reason]));
  const held = (row: AttributeRow) => !reasonOf.has(row.name);
  const asked = rows(wanted);
  const all = [...asked, ...rows(set)];
  const unprovable = all.flatMap((row): UnprovableRow[] => {
    const reason = reasonOf.get(row.name);
    return reason === undefined ? [] : [{ ...row, reason }];
  });
  return { class: keyClass, wanted: asked.filter(held), expected: all.filter(held), unprovable };
}

/** The objects of a key: one secret key, or public and private key in this order. Every attribute of the policy is in one of the lists. */
export function objectTemplates(named: Named, missing: readonly MissingAttribute[] = []): readonly ObjectTemplate[] {
  const facts = SPEC_FACTS[named.keySpec];
  const objects = isPair(named.keySpec) ? [publicKey(named, facts), privateKey(named, facts)] : [secretKey(named, facts)];
  return objects.map((object) => objectTemplate(object, missing));
}

/** Refuses a purpose and spec that do not go together, before anything is asked of a token. */
export function checkCombination(purpose: Purpose, keySpec: KeySpec): Result<null> {
  return specsOf(purpose).includes(keySpec) ? success(null) : failure('policy.illegalCombination', { purpose, keySpec });
}

/** The whole plan for one key; what officers see, approve and the token is then asked for. */
export function keyPlan(
  tokenSerial: string,
  named: Named & Pick<KeyPlan, 'follows'>,
  missing: readonly MissingAttribute[] = [],
): Result<KeyPlan> {
  const legal = checkCombination(named.purpose, named.keySpec);
  if (!legal.ok) return legal;
  // only an external key has generations: anywhere else two keys of one label are a mistake
  if (named.follows !== undefined && named.purpose !== 'xks')
    return failure('policy.illegalCombination', { purpose: named.purpose, follows: named.follows });
  return success({
    format: 'keyrite-key-plan-1',
    tokenSerial,
    purpose: named.purpose,
    keySpec: named.keySpec,
    ckaId: named.ckaId,
    label: named.label,
    ...(named.follows !== undefined && { follows: named.follows }),
    mechanism: SPEC_FACTS[named.keySpec].generatedBy,
    objects: objectTemplates(named, missing),
  });
}

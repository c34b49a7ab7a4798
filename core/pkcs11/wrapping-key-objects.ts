import { objectTemplate, type Rows } from '../keys/policy';
import type { ObjectTemplate } from '../keys/template';
import type { Profile } from './profile';
import type { WrapRecipe } from './wrap-recipe';

/** The public key of KMS that an object on the token is to be. */
export interface WrappingKeyFacts {
  /** lower-case hex, without leading zeros */
  readonly modulus: string;
  readonly ckaId: string;
  readonly label: string;
}

function identity(objectClass: string, keyType: string, { ckaId, label }: WrappingKeyFacts): Rows {
  return [
    ['CKA_CLASS', objectClass],
    ['CKA_KEY_TYPE', keyType],
    // It must outlive the change of login from the security officer, who trusts it, to the crypto officer, who wraps with it.
    ['CKA_TOKEN', true],
    // The security officer can make public objects only.
    ['CKA_PRIVATE', false],
    ['CKA_LABEL', label],
    ['CKA_ID', ckaId],
    ['CKA_MODIFIABLE', false],
    ['CKA_COPYABLE', false],
    ['CKA_DESTROYABLE', true],
    ['CKA_DERIVE', false],
    ['CKA_ENCRYPT', false],
    ['CKA_VERIFY', false],
    ['CKA_WRAP', true],
    ['CKA_TRUSTED', true],
  ];
}

function rsaKey(facts: WrappingKeyFacts, { missing }: Profile): ObjectTemplate {
  const wanted: Rows = [
    ...identity('CKO_PUBLIC_KEY', 'CKK_RSA', facts),
    ['CKA_VERIFY_RECOVER', false],
    ['CKA_ALLOWED_MECHANISMS', ['CKM_RSA_PKCS_OAEP']],
    ['CKA_MODULUS', facts.modulus],
    ['CKA_PUBLIC_EXPONENT', '010001'],
  ];
  const set: Rows = [
    ['CKA_LOCAL', false],
    ['CKA_MODULUS_BITS', String(facts.modulus.length * 4)],
  ];
  return objectTemplate(['public', wanted, set], missing);
}

/**
 * The AES key between KMS's key and the target. Being trusted it may wrap what must be wrapped by trusted keys only; it leaves the token
 * itself only under a trusted key, which is KMS's; and it cannot undo what it wrapped, for nobody can make it decrypt or unwrap.
 */
function aesKey(facts: WrappingKeyFacts, keyWrap: string, { missing }: Profile): ObjectTemplate {
  const wanted: Rows = [
    ...identity('CKO_SECRET_KEY', 'CKK_AES', facts),
    ['CKA_DECRYPT', false],
    ['CKA_SIGN', false],
    ['CKA_UNWRAP', false],
    ['CKA_VALUE_LEN', '32'],
    ['CKA_SENSITIVE', true],
    ['CKA_EXTRACTABLE', true],
    ['CKA_WRAP_WITH_TRUSTED', true],
    ['CKA_ALLOWED_MECHANISMS', [keyWrap]],
  ];
  const set: Rows = [
    ['CKA_LOCAL', true],
    ['CKA_ALWAYS_SENSITIVE', true],
    ['CKA_NEVER_EXTRACTABLE', false],
    ['CKA_KEY_GEN_MECHANISM', 'CKM_AES_KEY_GEN'],
  ];
  return objectTemplate(['secret', wanted, set], missing);
}

/** The objects of one imported wrapping key: KMS's public key, and for two steps the AES key between. */
export function wrappingKeyObjects(
  facts: WrappingKeyFacts,
  { keyWrap }: WrapRecipe,
  profile: Profile,
): readonly ObjectTemplate[] {
  const rsa = rsaKey(facts, profile);
  return keyWrap === null ? [rsa] : [rsa, aesKey(facts, keyWrap, profile)];
}

import type { Handle, PKCS11 } from 'pkcs11js';
import { success, type Result } from '../contract/result';
import type { Check } from '../keys/evidence';
import { SPEC_FACTS, type KeyFamily } from '../keys/spec-facts';
import type { KeyPlan } from '../keys/template';
import { attemptAsUser, inOwnSession, type Connection } from './connection';
import { forbiddenUses, tryUse, type ForbiddenUse } from './forbidden-use';
import { offers } from './mechanisms';
import { numberOf } from './names';
import { readBytes } from './objects';
import { checkPlan, secretClass, theObject } from './planned-key';
import { notProvable, refused, unprovableReason, UNTRUSTED } from './refusal';
import { controlWrap, withThrowAwayKeys, wrap } from './throw-away-wrapper';

/** The attributes that are the secret itself, by family. */
const SECRET_PARTS: Readonly<Record<KeyFamily, readonly string[]>> = {
  aes: ['CKA_VALUE'],
  hmac: ['CKA_VALUE'],
  rsa: ['CKA_PRIVATE_EXPONENT', 'CKA_PRIME_1', 'CKA_PRIME_2', 'CKA_EXPONENT_1', 'CKA_EXPONENT_2', 'CKA_COEFFICIENT'],
  ec: ['CKA_VALUE'],
};

/** Which return values count as the refusal that was wanted. Any other one proves nothing: a broken module refuses everything. */
const HIDDEN: readonly string[] = ['CKR_ATTRIBUTE_SENSITIVE'];
const UNEXTRACTABLE: readonly string[] = ['CKR_KEY_UNEXTRACTABLE', 'CKR_KEY_NOT_WRAPPABLE'];
// NSS says KEY_TYPE_INCONSISTENT where a usage attribute forbids; the types do fit, or the token would not offer the mechanism for them.
const NOT_ALLOWED: readonly string[] = ['CKR_MECHANISM_INVALID', 'CKR_KEY_FUNCTION_NOT_PERMITTED', 'CKR_KEY_TYPE_INCONSISTENT'];

function valueHidden(api: PKCS11, session: Handle, key: Handle, plan: KeyPlan): readonly Check[] {
  return SECRET_PARTS[SPEC_FACTS[plan.keySpec].family].map((name) =>
    refused('CER-VALUE-HIDDEN', HIDDEN, `${name} was readable: the key is compromised`, () => {
      const [result] = api.C_GetAttributeValue(session, key, [{ type: numberOf(name) }]);
      result?.value.fill(0);
    }),
  );
}

/**
 * A throw-away wrapping key that wraps a throw-away extractable key, and must not wrap ours. Without the first half a refusal could
 * mean no more than that the mechanism does not work.
 */
function wrapRefused(connection: Connection, api: PKCS11, session: Handle, key: Handle, plan: KeyPlan): Check {
  const rule = 'CER-WRAP-REFUSED';
  const mechanism = connection.module.profile.wrap[secretClass(plan) === 'secret' ? 'secret' : 'private'];
  if (mechanism === null) return notProvable(rule, 'the module has no wrapping mechanism this program can use');
  const untrusted = plan.purpose === 'byok' ? unprovableReason(plan, 'CKA_WRAP_WITH_TRUSTED') : null;
  if (untrusted !== null) return notProvable(rule, untrusted);
  const accepted = plan.purpose === 'byok' ? UNTRUSTED : UNEXTRACTABLE;
  return withThrowAwayKeys(api, session, (keys) => {
    const control = controlWrap(api, session, mechanism, keys);
    if (control !== null)
      return { rule, ok: false, wanted: accepted.join(' or '), got: `the trial wrap of a throw-away key failed with ${control}` };
    return refused(rule, accepted, 'the token wrapped the key: the key is compromised', () =>
      wrap(api, session, mechanism, keys.wrapper, key),
    );
  });
}

function useRefused(api: PKCS11, session: Handle, key: Handle, publicPoint: Buffer, { mechanism, use }: ForbiddenUse): Check {
  const check = refused('CER-MECHANISM-REFUSED', NOT_ALLOWED, 'the token began the operation', () =>
    tryUse(api, session, key, { mechanism, use }, publicPoint),
  );
  return { ...check, wanted: `${use} with ${mechanism}: ${check.wanted}` };
}

function mechanismsRefused(connection: Connection, api: PKCS11, plan: KeyPlan): Result<readonly Check[]> {
  const rule = 'CER-MECHANISM-REFUSED';
  const offered = forbiddenUses(plan).filter(({ mechanism, use }) => offers(connection.mechanisms, mechanism, use));
  if (offered.length === 0) return success([notProvable(rule, 'the token offers no other mechanism for this kind of key')]);
  const unlimited = unprovableReason(plan, 'CKA_ALLOWED_MECHANISMS');
  // Without a list of mechanisms only the usage attributes can forbid, and only what they forbid is to be refused.
  const uses = unlimited === null ? offered : offered.filter(({ use }) => deniedByUsage(plan, use));
  const checks: Check[] = unlimited === null ? [] : [notProvable(rule, unlimited)];
  for (const use of uses) {
    // A session each: an operation that began against the rules stays active until its session is closed.
    const check = inOwnSession(connection, (session): Result<Check> => {
      const key = theObject(api, session, plan, secretClass(plan));
      if (!key.ok) return key;
      const point = theObject(api, session, plan, 'public');
      const publicPoint = point.ok ? pointOf(api, session, point.value) : Buffer.alloc(0);
      return success(useRefused(api, session, key.value, publicPoint, use));
    });
    if (!check.ok) return check;
    checks.push(check.value);
  }
  return success(checks);
}

const USAGE: Readonly<Record<ForbiddenUse['use'], string>> = {
  encrypt: 'CKA_ENCRYPT',
  decrypt: 'CKA_DECRYPT',
  sign: 'CKA_SIGN',
  derive: 'CKA_DERIVE',
};

function deniedByUsage(plan: KeyPlan, use: ForbiddenUse['use']): boolean {
  const rows = plan.objects.filter((object) => object.class === secretClass(plan)).flatMap((object) => object.wanted);
  return rows.some((row) => row.name === USAGE[use] && row.value === false);
}

function pointOf(api: PKCS11, session: Handle, object: Handle): Buffer {
  return readBytes(api, session, object, 'CKA_EC_POINT') ?? Buffer.alloc(0);
}

/** What a new key must refuse: giving its value away, being wrapped, and doing what it is not for. Leaves no object behind. */
export function negativeTests(connection: Connection, plan: KeyPlan): Result<readonly Check[]> {
  const planned = checkPlan(connection, plan);
  if (!planned.ok) return planned;
  return attemptAsUser(connection, (api) => {
    const first = inOwnSession(connection, (session): Result<readonly Check[]> => {
      const key = theObject(api, session, plan, secretClass(plan));
      if (!key.ok) return key;
      return success([...valueHidden(api, session, key.value, plan), wrapRefused(connection, api, session, key.value, plan)]);
    });
    if (!first.ok) return first;
    const mechanisms = mechanismsRefused(connection, api, plan);
    return mechanisms.ok ? success([...first.value, ...mechanisms.value]) : mechanisms;
  });
}

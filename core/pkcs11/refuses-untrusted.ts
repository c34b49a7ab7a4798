import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Handle, PKCS11 } from 'pkcs11js';
import { failure, success, type Result } from '../contract/result';
import type { Check } from '../keys/evidence';
import type { KeySpec } from '../keys/spec';
import { SPEC_FACTS } from '../keys/spec-facts';
import type { KeyPlan } from '../keys/template';
import { attemptAsUser, inOwnSession, type Connection } from './connection';
import { wrapped } from './crypto';
import { oaep, plain, type OaepHash } from './mechanism';
import { checkPlan, secretClass, theObject } from './planned-key';
import type { Profile } from './profile';
import { notProvable, refusalOf, refused, unprovableReason, UNTRUSTED } from './refusal';
import { makeAesWrapper, makeRsaWrapper, makeTrialKey } from './trial-keys';

/** How tokens say that only a security officer may mark a key trusted; that the rest of the request is good is shown without the mark. */
const SO_ONLY: readonly string[] = ['CKR_ATTRIBUTE_READ_ONLY', 'CKR_ATTRIBUTE_VALUE_INVALID', 'CKR_TEMPLATE_INCONSISTENT'];

function trustedRefused(api: PKCS11, session: Handle, publicKey: KeyObject): Check {
  return refused(
    'CER-TRUSTED-SO-ONLY',
    SO_ONLY,
    'a crypto officer made a trusted wrapping key: anybody’s key could take ours',
    () => makeRsaWrapper(api, session, publicKey, true),
  );
}

/** One way to wrap, with a wrapper nobody trusts. */
type Wrap = (key: Handle) => Buffer;

/** Ways to try, first the one the real wrap goes. */
function ways(api: PKCS11, session: Handle, rsa: Handle, { byok }: Profile, isSecret: boolean): readonly Wrap[] {
  const byOaep = (hash: OaepHash): Wrap => {
    return (key) => wrapped(api, session, oaep(hash), rsa, key);
  };
  const keyWrap = byok?.keyWrap ?? null;
  if (isSecret || keyWrap === null) return [byOaep('SHA-256'), byOaep('SHA-1')];
  const aes = makeAesWrapper(api, session);
  return [(key) => wrapped(api, session, plain(keyWrap), aes, key)];
}

/** A throw-away key of the family: how long an RSA key is does not matter here, how long it takes to make does. */
function controlSpec({ keySpec }: KeyPlan): KeySpec {
  return SPEC_FACTS[keySpec].family === 'rsa' ? 'RSA_2048' : keySpec;
}

/** A wrapper that wraps a throw-away key without that wish must not wrap ours. */
function untrustedRefused(api: PKCS11, session: Handle, rsa: Handle, profile: Profile, plan: KeyPlan, key: Handle): Check {
  const rule = 'CER-WRAP-UNTRUSTED-REFUSED';
  const reason =
    profile.byok === null ? 'this program cannot wrap with this module' : unprovableReason(plan, 'CKA_WRAP_WITH_TRUSTED');
  if (reason !== null) return notProvable(rule, reason);
  const control = makeTrialKey(api, session, controlSpec(plan)).secret;
  let refusal: string | null = null;
  for (const wrap of ways(api, session, rsa, profile, secretClass(plan) === 'secret')) {
    refusal = refusalOf(() => wrap(control));
    if (refusal === null)
      return refused(rule, UNTRUSTED, 'the token wrapped the key under a key that nobody trusts: the key is compromised', () =>
        wrap(key),
      );
  }
  return { rule, ok: false, wanted: UNTRUSTED.join(' or '), got: `the trial wrap of a throw-away key failed with ${refusal}` };
}

/** What keeps the crypto officer from taking the key without the security officer. Leaves nothing behind. */
export function refusesUntrusted(connection: Connection, plan: KeyPlan): Result<readonly Check[]> {
  const planned = checkPlan(connection, plan);
  if (!planned.ok) return planned;
  if (plan.purpose !== 'byok')
    return failure('input.invalid', { problem: 'only a key that was planned for BYOK leaves wrapped' });
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 0x10001 });
  return attemptAsUser(connection, (api) =>
    inOwnSession(connection, (session): Result<readonly Check[]> => {
      const key = theObject(api, session, plan, secretClass(plan));
      if (!key.ok) return key;
      const rsa = makeRsaWrapper(api, session, publicKey);
      const trusted = trustedRefused(api, session, publicKey);
      return success([trusted, untrustedRefused(api, session, rsa, connection.module.profile, plan, key.value)]);
    }),
  );
}

import type { Handle, PKCS11 } from 'pkcs11js';
import { failure, success, type Result } from '../contract/result';
import { canonical } from '../evidence/canonical';
import { checkLabel } from '../keys/label';
import { keyPlan, type MissingAttribute } from '../keys/policy';
import type { KeyClass, KeyPlan } from '../keys/template';
import type { Connection } from './connection';
import { findKey } from './objects';
import type { Profile } from './profile';

type Wish = Pick<KeyPlan, 'purpose' | 'keySpec' | 'label' | 'ckaId' | 'follows'>;

function missingOf(profile: Profile): readonly MissingAttribute[] {
  return profile.missing;
}

/** The plan for a key on the connected token, with the profile's quirks in it. */
export function planFor({ module, serial }: Connection, wish: Wish): Result<KeyPlan> {
  const label = checkLabel(wish.label, module.profile.labelBytes);
  return label.ok ? keyPlan(serial, wish, missingOf(module.profile)) : label;
}

/**
 * Refuses a plan that is not, byte for byte in JCS form, what the policy gives for this token: nothing that was changed on its way
 * here, and no plan for another token, reaches the module.
 */
export function checkPlan(connection: Connection, plan: KeyPlan): Result<null> {
  const own = planFor(connection, plan);
  if (!own.ok) return own;
  return canonical(own.value) === canonical(plan)
    ? success(null)
    : failure('input.invalid', { problem: 'the plan is not what the policy gives for this token' });
}

/** The one object of a class that the plan made. Errors: key.notFound; key.duplicate. */
export function theObject(api: PKCS11, session: Handle, plan: KeyPlan, keyClass: KeyClass): Result<Handle> {
  const found = findKey(api, session, plan.ckaId, keyClass);
  const [first] = found;
  if (!first) return failure('key.notFound', { ckaId: plan.ckaId, class: keyClass });
  return found.length > 1 ? failure('key.duplicate', { ckaId: plan.ckaId, found: found.length }) : success(first);
}

/** The class of the object that holds the secret. */
export function secretClass(plan: KeyPlan): KeyClass {
  return plan.objects.some((object) => object.class === 'secret') ? 'secret' : 'private';
}

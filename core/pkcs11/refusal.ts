import type { Check } from '../keys/evidence';
import type { KeyPlan } from '../keys/template';
import { secretClass } from './planned-key';
import { returnName } from './return-value';

/** Which return value counts as the refusal of a wrapping key that nobody trusts (PKCS#11 2.40, 4.9: CKA_WRAP_WITH_TRUSTED). */
export const UNTRUSTED: readonly string[] = ['CKR_KEY_NOT_WRAPPABLE'];

/** Runs what must be refused; `did` is what an act that succeeds is called in the record. Another refusal than the wanted ones proves nothing. */
export function refused(rule: string, accepted: readonly string[], did: string, act: () => void): Check {
  const wanted = accepted.join(' or ');
  try {
    act();
    return { rule, ok: false, wanted, got: did };
  } catch (error) {
    const name = returnName(error);
    if (name === null) throw error;
    return { rule, ok: accepted.includes(name), wanted, got: name };
  }
}

export function notProvable(rule: string, reason: string): Check {
  return { rule, ok: true, wanted: 'not asked', got: `not provable: ${reason}` };
}

/** Why the module cannot hold this attribute of the secret's object, or null where it can. */
export function unprovableReason(plan: KeyPlan, name: string): string | null {
  const rows = plan.objects.filter((object) => object.class === secretClass(plan)).flatMap((object) => object.unprovable);
  return rows.find((row) => row.name === name)?.reason ?? null;
}

/** Runs calls that may fail as a matter of the token: null when they went well, else the return value that says why not. */
export function refusalOf(act: () => void): string | null {
  try {
    act();
    return null;
  } catch (error) {
    const name = returnName(error);
    if (name === null) throw error;
    return name;
  }
}

import type { Handle, PKCS11 } from 'pkcs11js';
import { failure, success, type Result } from '../contract/result';
import type { KeyClass, KeyPlan } from '../keys/template';
import { encodeAttribute, ulongBytesOf } from './attribute-codec';
import { attemptAsUser, type Connection } from './connection';
import { numberOf } from './names';
import { findObjects } from './objects';
import { checkPlan } from './planned-key';

/** Free; or held by the key that this one follows, and by earlier ones that were followed the same way. */
function isLabelOurs(api: PKCS11, session: Handle, { label, follows }: KeyPlan): boolean {
  const taken = findObjects(api, session, [{ name: 'CKA_LABEL', value: label }]).length;
  if (follows === undefined) return taken === 0;
  const before = [
    { name: 'CKA_LABEL', value: label },
    { name: 'CKA_ID', value: follows },
  ] as const;
  return taken > 0 && findObjects(api, session, before).length === 1;
}

/**
 * C_GenerateKey or C_GenerateKeyPair for a plan, once. Errors: key.duplicate when anything sits under the planned id or label
 * already (looked at in the moment before; a plan that follows another key wants its label there, once); else what the token says. Whether a failed call made a key is found out by CKA_ID,
 * never guessed.
 */
export function generate(connection: Connection, plan: KeyPlan): Result<{ mechanism: string; tookMs: number }> {
  const planned = checkPlan(connection, plan);
  if (!planned.ok) return planned;
  return attemptAsUser(connection, (api, anchor) => {
    const ids = findObjects(api, anchor, [{ name: 'CKA_ID', value: plan.ckaId }]);
    if (ids.length > 0 || !isLabelOurs(api, anchor, plan))
      return failure('key.duplicate', { ckaId: plan.ckaId, label: plan.label });
    const template = (keyClass: KeyClass) =>
      plan.objects
        .filter((object) => object.class === keyClass)
        .flatMap((object) => object.wanted.map((row) => encodeAttribute(row, ulongBytesOf(anchor))));
    const mechanism = { mechanism: numberOf(plan.mechanism) };
    const started = performance.now();
    if (plan.objects.length === 1) api.C_GenerateKey(anchor, mechanism, template('secret'));
    else api.C_GenerateKeyPair(anchor, mechanism, template('public'), template('private'));
    return success({ mechanism: plan.mechanism, tookMs: Math.round(performance.now() - started) });
  });
}

import { failure, success, type Result } from '../contract/result';
import type { KeyClass, KeyPlan } from '../keys/template';
import { encodeAttribute, ulongBytesOf } from './attribute-codec';
import { attemptAsUser, type Connection } from './connection';
import { numberOf } from './names';
import { findObjects } from './objects';
import { checkPlan } from './planned-key';

/**
 * C_GenerateKey or C_GenerateKeyPair for a plan, once. Errors: key.duplicate when anything sits under the planned id or label
 * already (looked at in the moment before); else what the token says. Whether a failed call made a key is found out by CKA_ID,
 * never guessed.
 */
export function generate(connection: Connection, plan: KeyPlan): Result<{ mechanism: string; tookMs: number }> {
  const planned = checkPlan(connection, plan);
  if (!planned.ok) return planned;
  return attemptAsUser(connection, (api, anchor) => {
    const ids = findObjects(api, anchor, [{ name: 'CKA_ID', value: plan.ckaId }]);
    const labels = findObjects(api, anchor, [{ name: 'CKA_LABEL', value: plan.label }]);
    if (ids.length + labels.length > 0) return failure('key.duplicate', { ckaId: plan.ckaId, label: plan.label });
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

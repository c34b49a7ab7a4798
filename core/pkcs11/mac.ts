import { failure, success, type Result } from '../contract/result';
import { allowedMechanisms } from '../keys/policy';
import { SPEC_FACTS } from '../keys/spec-facts';
import type { KeyPlan } from '../keys/template';
import { attemptAsUser, inOwnSession, type Connection } from './connection';
import { sign } from './crypto';
import { plain } from './mechanism';
import { checkPlan, theObject } from './planned-key';

/** The whole HMAC of a message under the planned key: what GenerateMac of KMS must give for the same key. */
export function mac(
  connection: Connection,
  { plan, message }: { readonly plan: KeyPlan; readonly message: Uint8Array },
): Result<{ mac: Uint8Array; mechanism: string }> {
  const planned = checkPlan(connection, plan);
  if (!planned.ok) return planned;
  if (SPEC_FACTS[plan.keySpec].family !== 'hmac')
    return failure('input.invalid', { problem: 'only an HMAC key makes a MAC here' });
  const [mechanism = ''] = allowedMechanisms(plan.purpose, plan.keySpec);
  return attemptAsUser(connection, (api) =>
    inOwnSession(connection, (session): Result<{ mac: Uint8Array; mechanism: string }> => {
      const key = theObject(api, session, plan, 'secret');
      if (!key.ok) return key;
      return success({ mac: new Uint8Array(sign(api, session, plain(mechanism), key.value, Buffer.from(message))), mechanism });
    }),
  );
}

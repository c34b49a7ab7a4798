import type { Handle, PKCS11 } from 'pkcs11js';
import { success, type Result } from '../contract/result';
import type { KeyPlan, ObjectTemplate } from '../keys/template';
import { sameValue } from './attribute-codec';
import { attemptAsUser, inOwnSession, type Connection } from './connection';
import { readValue } from './objects';
import { checkPlan, theObject } from './planned-key';
import type { AttributeReading } from './port';

/** Every expected attribute of one object, asked one by one and compared. */
export function readObject(api: PKCS11, session: Handle, object: Handle, template: ObjectTemplate): AttributeReading {
  const expected = template.expected.map(({ name, value }) => {
    const got = readValue(api, session, object, name);
    // An attribute without an answer is not ok: a module that ignores what it was asked for has not done it.
    return { name, wanted: value, got, ok: sameValue(got, value) };
  });
  const unprovable = template.unprovable.map(({ name, reason }) => ({
    name,
    wanted: 'not asked',
    got: `not provable: ${reason}`,
    ok: true,
  }));
  return { class: template.class, rows: [...expected, ...unprovable] };
}

function readAll(api: PKCS11, session: Handle, plan: KeyPlan): Result<readonly AttributeReading[]> {
  const readings: AttributeReading[] = [];
  for (const template of plan.objects) {
    const object = theObject(api, session, plan, template.class);
    if (!object.ok) return object;
    readings.push(readObject(api, session, object.value, template));
  }
  return success(readings);
}

/** Every attribute of the plan, read from the token and compared. */
export function readBack(connection: Connection, plan: KeyPlan): Result<readonly AttributeReading[]> {
  const planned = checkPlan(connection, plan);
  return planned.ok ? attemptAsUser(connection, (api, anchor) => readAll(api, anchor, plan)) : planned;
}

/** The same in a session opened for it, finding the objects anew: what one session shows is not a matter of that session. */
export function readBackInSecondSession(connection: Connection, plan: KeyPlan): Result<readonly AttributeReading[]> {
  const planned = checkPlan(connection, plan);
  return planned.ok
    ? attemptAsUser(connection, (api) => inOwnSession(connection, (session) => readAll(api, session, plan)))
    : planned;
}

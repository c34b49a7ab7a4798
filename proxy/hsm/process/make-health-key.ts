import type { Connection } from '../../../core/pkcs11/connection';
import type { DataApplication } from '../../../core/pkcs11/data-login';
import { fillRandom } from '../../../core/pkcs11/data-session';
import { destroy } from '../../../core/pkcs11/destroy';
import { generate } from '../../../core/pkcs11/generate';
import { planFor } from '../../../core/pkcs11/planned-key';
import { readBack } from '../../../core/pkcs11/read-back';
import type { KeyPlan } from '../../../core/keys/template';
import type { MakeKeyMessage } from './messages';

const CKA_ID_BYTES = 16;

/** The login as the ceremony's own functions take it. They ask neither the module's report nor the list of mechanisms. */
function connectionOf({ api, slot, anchor, token }: DataApplication, { module, profile }: MakeKeyMessage): Connection {
  const report = { path: module, sha256: '', cryptoki: '', manufacturer: '', description: '', version: '' };
  const { serial, label } = token;
  return { module: { api, profile, report }, slot, serial, label, mechanisms: [], anchor };
}

function randomId({ api, anchor }: DataApplication): string {
  const id = Buffer.alloc(CKA_ID_BYTES);
  fillRandom(api, anchor, id);
  return id.toString('hex');
}

function problemOf(connection: Connection, plan: KeyPlan): string {
  const made = generate(connection, plan);
  if (!made.ok) return made.error.code;
  const read = readBack(connection, plan);
  if (!read.ok) return read.error.code;
  const wrong = read.value.flatMap(({ rows }) => rows.filter(({ ok }) => !ok)).map(({ name }) => name);
  if (wrong.length === 0) return '';
  // A key that is not what was asked for is not left behind under the label.
  destroy(connection, { ckaId: plan.ckaId, label: plan.label });
  return `readBack ${wrong.join(' ')}`.slice(0, 250);
}

/**
 * Makes the health key exactly as the policy of XKS keys has it (AES-256, sensitive, not extractable, ENCRYPT and DECRYPT alone) and
 * reads every attribute back. Answers '' or what is wrong: a code of the house, `key.duplicate` where the label exists.
 */
export function makeHealthKey(application: DataApplication, message: MakeKeyMessage): string {
  const connection = connectionOf(application, message);
  const plan = planFor(connection, {
    purpose: 'xks',
    keySpec: 'AES_256',
    label: message.label,
    ckaId: randomId(application),
  });
  return plan.ok ? problemOf(connection, plan.value) : plan.error.code;
}

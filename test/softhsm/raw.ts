import pkcs11 from 'pkcs11js';
import type { Attribute, Handle, PKCS11 } from 'pkcs11js';
import type { KeyPlan } from '../../core/keys/template';
import { encodeAttribute } from '../../core/pkcs11/attribute-codec';

/** A way past the port, for what the port does not do on purpose: making objects with known values and twins. */
export function rawSession(modulePath: string, serial: string): { api: PKCS11; session: Handle } {
  const api = new pkcs11.PKCS11();
  api.load(modulePath);
  const slot = api.C_GetSlotList(true).find((one) => api.C_GetTokenInfo(one).serialNumber.trim() === serial);
  if (!slot) throw new Error(`no token ${serial}`);
  return { api, session: api.C_OpenSession(slot, pkcs11.CKF_RW_SESSION | pkcs11.CKF_SERIAL_SESSION) };
}

/** C_CreateObject with the plan's template and a value of ours. */
export function createPlanned(api: PKCS11, session: Handle, plan: KeyPlan, value: Uint8Array): Handle {
  const rows = plan.objects.flatMap((object) => object.wanted).filter(({ name }) => name !== 'CKA_VALUE_LEN');
  const template: Attribute[] = rows.map((row) => encodeAttribute(row, session.length === 4 ? 4 : 8));
  return api.C_CreateObject(session, [...template, { type: pkcs11.CKA_VALUE, value: Buffer.from(value) }]);
}

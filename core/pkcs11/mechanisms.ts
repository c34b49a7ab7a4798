import pkcs11 from 'pkcs11js';
import type { Handle } from 'pkcs11js';
import type { OpenReport } from './port';
import type { Module } from './module';
import { nameOf } from './names';

export type Mechanisms = OpenReport['mechanisms'];

const FLAGS = {
  hardware: pkcs11.CKF_HW,
  encrypt: pkcs11.CKF_ENCRYPT,
  decrypt: pkcs11.CKF_DECRYPT,
  sign: pkcs11.CKF_SIGN,
  verify: pkcs11.CKF_VERIFY,
  generate: pkcs11.CKF_GENERATE,
  generateKeyPair: pkcs11.CKF_GENERATE_KEY_PAIR,
  wrap: pkcs11.CKF_WRAP,
  unwrap: pkcs11.CKF_UNWRAP,
  derive: pkcs11.CKF_DERIVE,
} as const;

export type MechanismFlag = keyof typeof FLAGS;

/** The binding gives a CK_ULONG as a bigint where it does not fit 32 bits, whatever its types say. */
function size(value: number | bigint): number {
  return Number(value);
}

/** C_GetMechanismList with C_GetMechanismInfo of each. Sizes are as the module counts them: bits for some mechanisms, bytes for others. */
export function listMechanisms({ api }: Module, slot: Handle): Mechanisms {
  const list = api.C_GetMechanismList(slot).map((type) => {
    const info = api.C_GetMechanismInfo(slot, type);
    const flags = Object.entries(FLAGS).flatMap(([name, bit]) => (info.flags & bit ? [name] : []));
    return { name: nameOf('CKM_', type), minBits: size(info.minKeySize), maxBits: size(info.maxKeySize), flags };
  });
  return list.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Does the token offer the mechanism for this use? */
export function offers(mechanisms: Mechanisms, name: string, flag: MechanismFlag): boolean {
  return mechanisms.some((mechanism) => mechanism.name === name && mechanism.flags.includes(flag));
}

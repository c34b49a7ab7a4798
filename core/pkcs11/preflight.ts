import type { Handle, PKCS11 } from 'pkcs11js';
import { success, type Result } from '../contract/result';
import type { Check } from '../keys/evidence';
import { checkLabel } from '../keys/label';
import { allowedMechanisms, checkCombination } from '../keys/policy';
import type { KeySpec, Purpose } from '../keys/spec';
import { isPair, SPEC_FACTS } from '../keys/spec-facts';
import { attemptAsUser, type Connection } from './connection';
import type { MechanismFlag } from './mechanisms';
import { findObjects } from './objects';
import { tokenReport } from './token-info';

export interface PreflightRequest {
  readonly purpose: Purpose;
  readonly keySpec: KeySpec;
  readonly label: string;
  readonly ckaId: string | null;
}

function mechanismCheck({ mechanisms }: Connection, name: string, flags: readonly MechanismFlag[], keySpec: KeySpec): Check {
  const { bits } = SPEC_FACTS[keySpec];
  const found = mechanisms.find((mechanism) => mechanism.name === name);
  // PKCS#11 counts symmetric keys in bytes; some modules count them in bits. A zero means the module does not say.
  const fits = (size: number) => !found || (size >= found.minBits && (found.maxBits === 0 || size <= found.maxBits));
  const sizeOk = isPair(keySpec) ? fits(bits) : fits(bits) || fits(bits / 8);
  const flagsOk = flags.every((flag) => found?.flags.includes(flag));
  const got = found ? `${found.flags.join(', ')}; sizes ${found.minBits} to ${found.maxBits}` : 'not offered';
  return {
    rule: 'CER-MECHANISM-OFFERED',
    ok: found !== undefined && flagsOk && sizeOk,
    wanted: `${name} for ${flags.join(' and ')}, ${bits} bits`,
    got,
  };
}

/** The flags each allowed mechanism is used with on the object that holds the secret. */
function flagsFor(mechanism: string, keySpec: KeySpec): readonly MechanismFlag[] {
  if (mechanism === 'CKM_AES_GCM') return ['encrypt', 'decrypt'];
  return isPair(keySpec) ? ['sign'] : ['sign', 'verify'];
}

function mechanismChecks(connection: Connection, { purpose, keySpec }: PreflightRequest): readonly Check[] {
  const generates: MechanismFlag = isPair(keySpec) ? 'generateKeyPair' : 'generate';
  const uses = allowedMechanisms(purpose, keySpec).map((name) =>
    mechanismCheck(connection, name, flagsFor(name, keySpec), keySpec),
  );
  return [mechanismCheck(connection, SPEC_FACTS[keySpec].generatedBy, [generates], keySpec), ...uses];
}

function labelChecks(connection: Connection, api: PKCS11, anchor: Handle, { label, ckaId }: PreflightRequest): readonly Check[] {
  const limit = connection.module.profile.labelBytes;
  const fits = checkLabel(label, limit);
  const labels = findObjects(api, anchor, [{ name: 'CKA_LABEL', value: label }]).length;
  const length: Check = {
    rule: 'CER-LABEL-FITS',
    ok: fits.ok,
    wanted: `letters, digits, "-", "_", "."; at most ${limit} bytes`,
    got: `"${label}", ${label.length} bytes`,
  };
  const free: Check = { rule: 'CER-LABEL-FREE', ok: labels === 0, wanted: 'no object under this label', got: `${labels} found` };
  if (ckaId === null) return [length, free];
  const ids = findObjects(api, anchor, [{ name: 'CKA_ID', value: ckaId }]).length;
  return [length, free, { rule: 'CER-ID-FREE', ok: ids === 0, wanted: 'no object under this id', got: `${ids} found` }];
}

function tokenChecks({ module, slot }: Connection): readonly Check[] {
  const report = tokenReport(module, slot);
  const memory = report.freePrivateMemory;
  return [
    {
      rule: 'CER-TOKEN-WRITABLE',
      ok: !report.writeProtected,
      wanted: 'not write-protected',
      got: report.writeProtected ? 'write-protected' : 'writable',
    },
    {
      rule: 'CER-TOKEN-ROOM',
      ok: memory !== 0,
      wanted: 'free memory for private objects',
      got: memory === null ? 'the token does not say' : `${memory} bytes`,
    },
  ];
}

/** Is the plan possible here? Asked before anything is made. Errors: policy.illegalCombination; token.* */
export function preflight(connection: Connection, request: PreflightRequest): Result<readonly Check[]> {
  const legal = checkCombination(request.purpose, request.keySpec);
  if (!legal.ok) return legal;
  return attemptAsUser(connection, (api, anchor) =>
    success([
      ...tokenChecks(connection),
      ...mechanismChecks(connection, request),
      ...labelChecks(connection, api, anchor, request),
    ]),
  );
}

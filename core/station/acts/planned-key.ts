import { canonical } from '../../evidence/canonical';
import { failure, success, type Result } from '../../contract/result';
import { KEY_SPECS, PURPOSES, type KeySpec, type Purpose } from '../../keys/spec';
import type { KeyPlan } from '../../keys/template';
import type { Outcome } from '../../keys/evidence';
import type { TokenPort } from '../../pkcs11/port';
import type { Act, ActContext } from './act';
import type { CeremonyState } from '../../ceremony/state';
import { sha256Text } from '../../pack/sha256';

/** The key as it was approved: the plan in the transcript, refused unless its digest is the one the officers signed. */
export function approvedPlan(state: CeremonyState): Result<KeyPlan> {
  const plan = (state.data['token.plan'] ?? state.data['token.locate'])?.['plan'];
  const digest = state.values['template.digest'];
  if (plan === undefined || digest === undefined || sha256Text(canonical(plan)) !== digest)
    return failure('ceremony.differs', { what: 'template' });
  return success(plan as unknown as KeyPlan);
}

export interface PlannedKey {
  readonly purpose: Purpose;
  readonly keySpec: KeySpec;
  readonly label: string;
}

/** Purpose, spec and label as the plan's inputs name them. */
export function plannedKey(state: CeremonyState): Result<PlannedKey> {
  const { purpose = 'xks', keySpec = 'AES_256', keyLabel: label = '' } = state.genesis.data.inputs;
  if (!PURPOSES.some((one) => one === purpose) || !KEY_SPECS.some((one) => one === keySpec)) {
    return failure('policy.illegalCombination', { purpose, keySpec });
  }
  return success({ purpose: purpose as Purpose, keySpec: keySpec as KeySpec, label });
}

/** An act on the key that was approved: with its token, and refused where either is not to be had. */
export function onPlannedKey(body: (port: TokenPort, plan: KeyPlan, context: ActContext) => Promise<Result<Outcome>>): Act {
  return async (context) => {
    const port = await context.port();
    if (!port.ok) return port;
    const plan = approvedPlan(context.state);
    return plan.ok ? body(port.value, plan.value, context) : plan;
  };
}

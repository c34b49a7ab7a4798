import { failure, success, type Result } from '../../contract/result';
import type { Json } from '../../evidence/canonical';
import type { KmsPort } from '../../kms/port';
import type { ActContext } from './act';
import type { Canary, CanaryCall } from './canary';
import { kmsKeyArn } from './kms-plan';
import { storePlan } from './store-plan';

/** What the acts of a drill have in common. */
export interface DrillGround {
  readonly kms: KmsPort;
  readonly canary: Canary;
}

/** KMS as the one who uses the key, and the canary that the baseline made. */
export async function drillGround(context: ActContext): Promise<Result<DrillGround>> {
  const kms = await context.kms(storePlan(context.state).region, 'user');
  if (!kms.ok) return kms;
  const ciphertext = context.state.data['drill.baseline']?.['canary'];
  if (typeof ciphertext !== 'string') return failure('ceremony.notNow', { waitingFor: 'baseline' });
  return success({
    kms: kms.value,
    canary: { keyId: kmsKeyArn(context.state), ciphertext: new Uint8Array(Buffer.from(ciphertext, 'base64')) },
  });
}

/** Calls as the transcript keeps them: enough to find each in the proxy's log and in CloudTrail. */
export function callsAsData(calls: readonly CanaryCall[]): Json {
  return calls.map(({ requestId, ok, code }) => ({ requestId, ok, code }));
}

export interface KeptCall {
  readonly requestId: string;
  readonly ok: boolean;
}

/** The calls of all acts of this drill so far. */
export function callsSoFar({ state }: Pick<ActContext, 'state'>): readonly KeptCall[] {
  const acts = ['drill.baseline', 'drill.kill', 'drill.crash', 'drill.restarted', 'drill.restored'] as const;
  return acts.flatMap((act) => (state.data[act]?.['calls'] ?? []) as unknown as readonly KeptCall[]);
}

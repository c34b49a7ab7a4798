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

/**
 * Calls as the transcript keeps them: enough to find each in the log of a proxy and in CloudTrail. Their times are those of this
 * station, counted back from now by the clock that nobody can set. Those of an earlier try of the same act come first: what went
 * through then has to have its line, too.
 */
export function callsAsData(
  act: ActWithCalls,
  calls: readonly CanaryCall[],
  { state, now }: Pick<ActContext, 'state' | 'now'>,
): Json {
  const zero = now().getTime() - performance.now();
  const at = (ms: number): string => new Date(zero + ms).toISOString();
  const made = calls.map(({ requestId, ok, code, startedAtMs, endedAtMs }) => ({
    requestId,
    ok,
    code,
    from: at(startedAtMs),
    to: at(endedAtMs),
  }));
  return [...callsOf({ state }, act).map((call) => ({ ...call })), ...made];
}

export interface KeptCall {
  readonly requestId: string;
  readonly ok: boolean;
  readonly code: string;
  /** ISO 8601 UTC, by the clock of this station */
  readonly from: string;
  readonly to: string;
}

const ACTS_WITH_CALLS = [
  'drill.baseline',
  'drill.kill',
  'drill.crash',
  'drill.restarted',
  'drill.restored',
  'servers.untilRefused',
  'servers.stillRefused',
] as const;
type ActWithCalls = (typeof ACTS_WITH_CALLS)[number];

/** The calls of one act of this drill so far, over all its tries. */
export function callsOf({ state }: Pick<ActContext, 'state'>, act: ActWithCalls): readonly KeptCall[] {
  return (state.data[act]?.['calls'] ?? []) as unknown as readonly KeptCall[];
}

/** The calls of all acts of this drill so far, oldest first. */
export function callsSoFar(context: Pick<ActContext, 'state'>): readonly KeptCall[] {
  const calls = ACTS_WITH_CALLS.flatMap((act) => callsOf(context, act));
  return calls.toSorted((a, b) => (a.from < b.from ? -1 : 1));
}

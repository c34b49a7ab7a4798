import { failure, type Failure, type Result } from '../contract/result';
import type { NetworkOperation } from './network-port';
import type { Operation } from './operations';

/** Clock and patience, handed in: tests have their own. */
export interface Rim {
  readonly nowMs: () => number;
  /** Comes back early when `signal` says so. */
  readonly delay: (ms: number, signal: AbortSignal | null) => Promise<void>;
}

export const systemRim: Rim = {
  nowMs: () => Date.now(),
  delay: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal?.addEventListener('abort', end, { once: true });
    }),
};

/**
 * `never`: what changes something. `again`: reads, and cryptography that leaves nothing behind. `slowly`: GetParametersForImport,
 * of which KMS takes one in four seconds per account and Region; an earlier set stays valid beside the new one.
 */
export type Repeat = 'never' | 'again' | 'slowly';

export const REPEATS: Readonly<Record<Operation | NetworkOperation | 'GetCallerIdentity', Repeat>> = {
  GetCallerIdentity: 'again',
  CreateKey: 'never',
  DescribeKey: 'again',
  ListKeys: 'again',
  ListResourceTags: 'again',
  TagResource: 'never',
  UpdateKeyDescription: 'never',
  CreateAlias: 'never',
  UpdateAlias: 'never',
  DeleteAlias: 'never',
  ListAliases: 'again',
  GetKeyPolicy: 'again',
  PutKeyPolicy: 'never',
  GetParametersForImport: 'slowly',
  ImportKeyMaterial: 'never',
  DeleteImportedKeyMaterial: 'never',
  ListKeyRotations: 'again',
  RotateKeyOnDemand: 'never',
  GetKeyRotationStatus: 'again',
  ReplicateKey: 'never',
  GetPublicKey: 'again',
  GenerateMac: 'again',
  Encrypt: 'again',
  Decrypt: 'again',
  GenerateDataKey: 'again',
  GenerateDataKeyWithoutPlaintext: 'again',
  ReEncrypt: 'again',
  EnableKey: 'never',
  DisableKey: 'never',
  ScheduleKeyDeletion: 'never',
  CancelKeyDeletion: 'never',
  CreateGrant: 'never',
  ListGrants: 'again',
  RevokeGrant: 'never',
  GetKeyLastUsage: 'again',
  CreateCustomKeyStore: 'never',
  DescribeCustomKeyStores: 'again',
  ConnectCustomKeyStore: 'never',
  DisconnectCustomKeyStore: 'never',
  UpdateCustomKeyStore: 'never',
  DeleteCustomKeyStore: 'never',
  DescribeVpcEndpointServiceConfigurations: 'again',
  DescribeVpcEndpointServicePermissions: 'again',
  DescribeVpcEndpointServices: 'again',
  DescribeLoadBalancers: 'again',
  DescribeListeners: 'again',
  DescribeTargetHealth: 'again',
};

/** Waits between attempts: as many repeats as there are waits, then the failure stands. */
export const WAITS_MS: Readonly<Record<Repeat, readonly number[]>> = {
  never: [],
  again: [500, 1_500, 4_000],
  slowly: [4_500, 8_000, 12_000, 16_000],
};

/** What may pass by itself. A connection refused or a name that does not resolve is for people. */
const PASSING: ReadonlySet<string> = new Set(['aws.throttled', 'aws.noAnswer', 'aws.internal']);

/** Somebody did not want to wait any longer. */
export function cancelled(operation: string): { readonly ok: false; readonly error: Failure } {
  return failure('input.cancelled', { operation });
}

/** Asks, and asks again where a repeat can do no harm and the reason may pass. The SDK itself repeats nothing. */
export async function withRepeats<T>(
  operation: keyof typeof REPEATS,
  ask: () => Promise<Result<T>>,
  { delay }: Rim,
  signal: AbortSignal | null,
): Promise<Result<T>> {
  const waits = WAITS_MS[REPEATS[operation]];
  for (let attempts = 1; ; attempts++) {
    const answer = await ask();
    if (answer.ok) return answer;
    const waitMs = waits[attempts - 1];
    if (waits.length > 0 && signal?.aborted) return cancelled(operation);
    if (!PASSING.has(answer.error.code) || waitMs === undefined) return attempts === 1 ? answer : counted(answer.error, attempts);
    await delay(waitMs, signal);
    if (signal?.aborted) return cancelled(operation);
  }
}

function counted({ code, detail }: Failure, attempts: number): { readonly ok: false; readonly error: Failure } {
  return failure(code, { ...detail, attempts });
}

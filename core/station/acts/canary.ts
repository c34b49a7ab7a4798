import { randomBytes } from 'node:crypto';
import { success, type Result } from '../../contract/result';
import type { KmsPort } from '../../kms/port';

/** One use of the key through KMS in a drill. */
export interface CanaryCall {
  /** '' where KMS did not answer */
  readonly requestId: string;
  readonly ok: boolean;
  /** '' when ok, else the code of what came */
  readonly code: string;
  /** begin and end on a clock that nobody can set, ms */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

/** What says something of the caller, the network or the load, and nothing of the key. */
const BESIDE_THE_KEY: ReadonlySet<string> = new Set([
  ...['aws.unreachable', 'aws.noAnswer', 'aws.throttled', 'aws.accessDenied', 'aws.noCredentials', 'aws.clockSkew'],
  ...['aws.limit', 'aws.unknown', 'input.cancelled'],
]);

/** Did KMS refuse the use? A call that was lost on its way says nothing of a kill. */
export function isRefused({ ok, code }: Pick<CanaryCall, 'ok' | 'code'>): boolean {
  return !ok && !BESIDE_THE_KEY.has(code);
}

/** What is decrypted again and again: made of random bytes, so nothing is lost with it. */
export interface Canary {
  readonly keyId: string;
  readonly ciphertext: Uint8Array;
}

const CONTEXT = { purpose: 'keyrite-canary' } as const;
const ALGORITHM = 'SYMMETRIC_DEFAULT';

/** Encrypts the canary through KMS. */
export async function hatch(
  kms: KmsPort,
  keyId: string,
): Promise<Result<{ readonly canary: Canary; readonly requestId: string }>> {
  const made = await kms.encrypt({ keyId, plaintext: randomBytes(32), context: CONTEXT, algorithm: ALGORITHM });
  if (!made.ok) return made;
  return success({ canary: { keyId, ciphertext: made.value.value }, requestId: made.value.requestId });
}

/** Decrypts it once. A refusal is what a drill waits for, and no error. */
export async function sing(kms: KmsPort, { keyId, ciphertext }: Canary): Promise<CanaryCall> {
  const startedAtMs = performance.now();
  const answer = await kms.decrypt({ keyId, ciphertext, context: CONTEXT, algorithm: ALGORITHM });
  const times = { startedAtMs, endedAtMs: performance.now() };
  if (answer.ok) return { requestId: answer.value.requestId, ok: true, code: '', ...times };
  const { requestId = '' } = answer.error.detail;
  return { requestId: String(requestId), ok: false, code: answer.error.code, ...times };
}

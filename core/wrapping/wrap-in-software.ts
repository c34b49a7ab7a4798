import { failure, success, type Result } from '../contract/result';
import { wrappedLength } from '../keys/wrapping';
import { sha256Bytes } from '../pack/sha256';
import type { Wire } from '../pkcs11/client';
import { answerMessage, type WrapAnswer, type WrapJob } from './messages';

/** The material as EncryptedKeyMaterial, once for each wrapping key of the job, in their order. */
export interface SoftwareWrapped {
  /** Second class, and every record and screen says so: the key was in the memory of a computer. */
  readonly madeIn: 'software';
  readonly blobs: readonly {
    readonly wrappingKeySpec: WrapAnswer['blobs'][number]['wrappingKeySpec'];
    readonly blob: Uint8Array;
    readonly sha256: string;
  }[];
  readonly checkValue: WrapAnswer['checkValue'];
  /** SubjectPublicKeyInfo DER, to be compared with GetPublicKey; null for a secret key */
  readonly publicKey: Uint8Array | null;
}

/** Making an RSA key of 4096 bits takes some seconds, on a slow machine many. */
const DEADLINE_MS = 180_000;

const STOPPED = Symbol('stopped');

/** What the child answered. Whatever happened, the child is gone when this ends. */
async function ask(wire: Wire, job: WrapJob, stop: AbortSignal): Promise<unknown> {
  const gone = new Promise<string>((resolve) => wire.onExit(resolve));
  const answered = new Promise<unknown>((resolve) => wire.onMessage(resolve));
  const stopped = new Promise<void>((resolve) => {
    if (stop.aborted) resolve();
    else stop.addEventListener('abort', () => resolve(), { once: true });
  });
  try {
    if (!stop.aborted) wire.post({ begin: 'keyrite-wrap-child-1', job });
    const crashed = gone.then((reason) => {
      throw new Error(`The wrapping child ended without an answer (${reason})`);
    });
    return await Promise.race([answered, stopped.then(() => STOPPED), crashed]);
  } finally {
    wire.kill();
    await gone;
  }
}

/** Each blob is measured a second time, on this side: its length is the one thing about it that can be checked from outside. */
function checkLengths(job: WrapJob, { blobs, materialLength }: WrapAnswer): Result<null> {
  if (blobs.length !== job.wrappingKeys.length)
    return failure('key.blobLength', { wanted: job.wrappingKeys.length, got: blobs.length });
  for (const { wrappingKeySpec, blob } of blobs) {
    const wanted = wrappedLength({ algorithm: job.algorithm, wrappingKeySpec }, materialLength);
    if (blob.length !== wanted) return failure('key.blobLength', { wanted, got: blob.length });
  }
  return success(null);
}

/**
 * Wraps key material for KMS without an HSM: in a child process that is started for this one job, alone ever holds the material, and
 * overwrites it and ends. The child is told where a file is, never what is in it; what comes back is wrapped. Material that the
 * generator makes is kept by nobody: who wants a copy gives a wrapping key of their own as one more. Errors: those of `runJob`;
 * input.cancelled by `signal`.
 * @param start starts the child: core/wrapping/fork under Node
 * @throws when the child crashes or does not answer: that is a bug, or somebody killed it
 */
export async function wrapInSoftware(
  start: () => Wire,
  job: WrapJob,
  { signal, deadlineMs = DEADLINE_MS }: { readonly signal?: AbortSignal; readonly deadlineMs?: number } = {},
): Promise<Result<SoftwareWrapped>> {
  const deadline = AbortSignal.timeout(deadlineMs);
  const told = await ask(start(), job, signal ? AbortSignal.any([signal, deadline]) : deadline);
  if (signal?.aborted === true) return failure('input.cancelled');
  if (told === STOPPED) throw new Error(`The wrapping child gave no answer within ${deadlineMs} ms`);
  const answer = answerMessage.parse(told);
  if ('fault' in answer) throw new Error(`Wrapping child: ${answer.fault}`);
  if (!answer.result.ok) return answer.result;
  const { value } = answer.result;
  const lengths = checkLengths(job, value);
  if (!lengths.ok) return lengths;
  const blobs = value.blobs.map(({ wrappingKeySpec, blob }) => ({ wrappingKeySpec, blob, sha256: sha256Bytes(blob) }));
  return success({ madeIn: 'software', blobs, checkValue: value.checkValue, publicKey: value.publicKey });
}

import { failure, type Failure } from '../contract/result';
import type { AnswerFacts } from './answer-facts';
import { ERROR_NAMES, SIGNATURE_NAMES, type AwsCode } from './error-names';
import { printable } from './printable';
import { NoAnswer } from './transport';

/** What is known of a call that ended in an error. */
export interface Ending {
  readonly operation: string;
  /** null: no answer came, or none was asked for */
  readonly answer: AnswerFacts | null;
  /** the request was signed and given to the network */
  readonly isHandedOver: boolean;
  /** must not appear in words */
  readonly secrets: readonly string[];
  readonly nowMs: number;
}

/** More than this, and AWS refuses signatures. */
export const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** Is the clock of the other side, by its Date header, more than five minutes from ours? */
export function isSkewed(answer: AnswerFacts | null, nowMs: number): boolean {
  return answer?.dateMs !== undefined && Math.abs(answer.dateMs - nowMs) > CLOCK_TOLERANCE_MS;
}

/** Something that is not AWS answered, or somebody who must not: our own finding, made before the SDK read the answer. */
export class Unwanted extends Error {
  override readonly name = 'Unwanted';
  readonly code: AwsCode;
  constructor(code: AwsCode, message: string) {
    super(message);
    this.code = code;
  }
}

interface SdkError extends Error {
  readonly $metadata?: { readonly requestId?: string; readonly httpStatusCode?: number };
  readonly code?: unknown;
}

/** By its message alone: KMS gives a signature that is too old the name of one that is wrong. */
function isAboutTime(message: string): boolean {
  return /Signature (expired|not yet current)|too skewed/i.test(message);
}

function codeOfAnswer({ name, message }: Error, { operation, answer, nowMs }: Ending): AwsCode {
  if (SIGNATURE_NAMES.has(name) && (isAboutTime(message) || isSkewed(answer, nowMs))) return 'aws.clockSkew';
  // Of an import it says that the wrapped key cannot be unwrapped, elsewhere that a ciphertext is not one of this key.
  if (name === 'InvalidCiphertextException' && operation === 'ImportKeyMaterial') return 'aws.blobRefused';
  return ERROR_NAMES.get(name) ?? ((answer?.status ?? 0) >= 500 ? 'aws.internal' : 'aws.unknown');
}

const NETWORK = /^(E[A-Z_]+|CERT_\w+|ERR_TLS_\w+|UNABLE_TO_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN)$/;

const TOLD_AS_IT_IS: ReadonlySet<AwsCode> = new Set(['aws.accessDenied', 'aws.throttled', 'aws.clockSkew']);

/** The request was not even signed: what failed was fetching credentials (SSO, assumed role, process), and that asks AWS too. */
function codeOfPreparation({ name, message, code }: SdkError): AwsCode | null {
  if (SIGNATURE_NAMES.has(name) && isAboutTime(message)) return 'aws.clockSkew';
  const known = ERROR_NAMES.get(name);
  if (known !== undefined) return TOLD_AS_IT_IS.has(known) ? known : 'aws.noCredentials';
  return typeof code === 'string' && NETWORK.test(code) ? 'aws.unreachable' : null;
}

function codeOf(error: SdkError, ending: Ending): AwsCode | 'input.cancelled' | null {
  if (error instanceof Unwanted) return error.code;
  if (error instanceof NoAnswer) {
    if (error.wasSent && ending.isHandedOver) return 'aws.noAnswer';
    return error.reason === 'CANCELLED' ? 'input.cancelled' : 'aws.unreachable';
  }
  if (error.name === 'AbortError') return ending.isHandedOver ? 'aws.noAnswer' : 'input.cancelled';
  if (ending.answer !== null) return codeOfAnswer(error, ending);
  return ending.isHandedOver ? null : codeOfPreparation(error);
}

/** The answer is JSON no more, or XML no more: a proxy's page, or one cut short by it. */
function isUnreadable(error: Error, { answer }: Ending): boolean {
  return answer !== null && !('$fault' in error) && !(error instanceof Unwanted);
}

/**
 * An error of the SDK, of the network or of AWS as a value, with AWS's own words and the id CloudTrail knows the call by.
 * @throws the error itself when it is none of these, for then it is a bug
 */
export function awsFailure(thrown: unknown, ending: Ending): { readonly ok: false; readonly error: Failure } {
  if (!(thrown instanceof Error)) throw thrown;
  const error = thrown as SdkError;
  const { operation, answer, secrets } = ending;
  const common = {
    operation,
    requestId: printable(error.$metadata?.requestId ?? answer?.requestId ?? ''),
    status: answer?.status ?? 0,
  };
  if (isUnreadable(error, ending))
    return failure('aws.unknown', {
      ...common,
      name: error.name,
      message: 'The answer cannot be read as one of AWS: a proxy or another server may have answered, or it was cut short.',
    });
  const code = codeOf(error, ending);
  if (code === null) throw thrown;
  const name = error instanceof NoAnswer ? error.reason : error.name;
  return failure(code, { ...common, name, message: printable(error.message, secrets) });
}

/** Codes after which nobody can say whether AWS did what was asked: look first, then ask again. */
const DOUBTFUL: ReadonlySet<string> = new Set<AwsCode>(['aws.noAnswer', 'aws.internal', 'aws.unknown']);

/** May AWS have done it although an error came back? True of lost answers, faults of AWS and answers of strangers. */
export function mayHaveHappened({ code }: Failure): boolean {
  return DOUBTFUL.has(code);
}

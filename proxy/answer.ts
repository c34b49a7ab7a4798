import { printable, XKS_STATUS, type XksErrorName, type XksFailure, type XksResult } from '../core/xks/errors';
import type { ErrorAnswer } from '../core/xks/wire';

/** What goes out, whatever the protocol below it. */
export interface Answer {
  readonly status: number;
  /** JSON, printable ASCII */
  readonly body: string;
  /** the Allow header that a 405 has to have; '' for none */
  readonly allow: string;
}

/** The body of every refusal and failure (specification, "Error codes"). */
export function errorBody(name: XksErrorName, message: string): string {
  const answer: ErrorAnswer = { errorName: name, errorMessage: printable(message) };
  return JSON.stringify(answer);
}

export function failed({ name, message }: XksFailure): Answer {
  return { status: XKS_STATUS[name], body: errorBody(name, message), allow: '' };
}

export function answerOf(result: XksResult<string>): Answer {
  return result.ok ? { status: 200, body: result.value, allow: '' } : failed(result.error);
}

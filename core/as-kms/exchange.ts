import { printable } from '../xks/errors';

/** An answer that came in time. */
export interface Answer {
  readonly kind: 'answer';
  readonly status: number;
  /** '' when the header is missing */
  readonly contentType: string;
  /** the Date header, '' when missing */
  readonly date: string;
  readonly body: Uint8Array;
  /** from the first attempt on, so a retry after a time-out is in it */
  readonly ms: number;
  readonly attempts: number;
  /** did it come over a connection an earlier call had opened? */
  readonly isReused: boolean;
}

/**
 * No answer. `timeout`: connected, but too slow; `unreachable`: no connection (name, route, port, nobody listens); `tls`: the
 * handshake failed; `broken`: the connection ended, or what came is not HTTP.
 */
export interface NoAnswer {
  readonly kind: 'timeout' | 'unreachable' | 'tls' | 'broken';
  /** what happened, in words */
  readonly what: string;
  readonly ms: number;
  readonly attempts: number;
}

export type Exchange = Answer | NoAnswer;

/** The body as JSON; undefined when it is none. KMS says "cannot interpret the response" then. */
export function jsonOf({ body }: Answer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown;
  } catch {
    // what it says instead is of no use to KMS, and may be of any size
    return undefined;
  }
}

/** A member of the JSON object in the body that is text; '' when there is none. */
export function textIn(exchange: Exchange, member: string): string {
  const json = exchange.kind === 'answer' ? jsonOf(exchange) : undefined;
  if (typeof json !== 'object' || json === null || !Object.hasOwn(json, member)) return '';
  const value = (json as Record<string, unknown>)[member];
  return typeof value === 'string' ? value : '';
}

export function errorNameOf(exchange: Exchange): string {
  return textIn(exchange, 'errorName');
}

function bodyInWords(answer: Answer): string {
  const name = errorNameOf(answer);
  const message = textIn(answer, 'errorMessage');
  if (name !== '') return ` ${name}${message === '' ? '' : ` ("${shortened(message)}")`}`;
  if (jsonOf(answer) !== undefined) return answer.status === 200 ? '' : ' without an errorName';
  return answer.body.length === 0
    ? ' with an empty body'
    : ` with a body that is not JSON (${answer.contentType || 'no content type'})`;
}

/** Somebody else's text on its way to a terminal: printable and short. */
export function shortened(text: string): string {
  const clean = printable(text);
  return clean.length > 120 ? `${clean.slice(0, 117)}...` : clean;
}

/** What was seen, for people. Never says what a body of success holds: it may be a plaintext. */
export function inWords(exchange: Exchange): string {
  return exchange.kind === 'answer' ? `${exchange.status}${shortened(bodyInWords(exchange))}` : exchange.what;
}

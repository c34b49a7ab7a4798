/** What an answer says of itself before anything reads its body. */
export interface AnswerFacts {
  readonly status: number;
  readonly requestId: string;
  /** its Date header; undefined where it has none that can be read */
  readonly dateMs: number | undefined;
  readonly contentType: string;
  readonly isEmpty: boolean;
  /** it says that a rehearsal KMS made it */
  readonly isRehearsal: boolean;
}

/** Every answer of the rehearsal KMS carries it, errors too. */
export const REHEARSAL_HEADER = 'x-keyrite-rehearsal';

export function answerFacts(response: {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}): AnswerFacts {
  const { statusCode, headers, body } = response;
  const dateMs = Date.parse(headers['date'] ?? '');
  return {
    status: statusCode,
    requestId: headers['x-amzn-requestid'] ?? headers['x-amz-request-id'] ?? '',
    dateMs: Number.isNaN(dateMs) ? undefined : dateMs,
    contentType: headers['content-type'] ?? '',
    isEmpty: body instanceof Uint8Array && body.length === 0,
    isRehearsal: headers[REHEARSAL_HEADER] !== undefined,
  };
}

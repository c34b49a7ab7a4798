import { REHEARSAL_HEADER } from './identity';
import { xmlAnswer } from './query-protocol';
import type { Answer } from './refusal';
import type { Addressed } from './request';
import type { Output } from './wire';

/** What goes back over HTTP. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer in the form its service has: JSON 1.1 for KMS, XML for the others. Every one says that this is a rehearsal. */
export function replyOf({ service, operation }: Addressed, requestId: string, answer: Answer<Output>): Reply {
  if (service === 'kms') return jsonReply(requestId, answer);
  return { ...xmlAnswer(service, operation, requestId, answer), headers: { ...marks(requestId), 'content-type': 'text/xml' } };
}

function jsonReply(requestId: string, answer: Answer<Output>): Reply {
  const headers = { ...marks(requestId), 'content-type': 'application/x-amz-json-1.1' };
  if (answer.ok) {
    const isEmpty = Object.keys(answer.value).length === 0;
    return { status: 200, headers, body: isEmpty ? '' : JSON.stringify(answer.value) };
  }
  const { name, message, status } = answer.refusal;
  return {
    status,
    headers: { ...headers, 'x-amzn-errortype': name },
    body: JSON.stringify({ __type: name, ...(message === '' ? {} : { message }) }),
  };
}

function marks(requestId: string): Readonly<Record<string, string>> {
  return { 'x-amzn-requestid': requestId, [REHEARSAL_HEADER]: '1', 'cache-control': 'no-cache, no-store' };
}

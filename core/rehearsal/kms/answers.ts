import { REHEARSAL_HEADER } from './identity';

import type { Answer, Refusal } from './refusal';
import type { Addressed } from './request';
import type { Output } from './wire';

/** What goes back over HTTP. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer in the form its service has: JSON 1.1 for KMS, XML for STS. Every one says that this is a rehearsal. */
export function replyOf({ service }: Addressed, requestId: string, answer: Answer<Output>): Reply {
  return service === 'kms' ? jsonReply(requestId, answer) : xmlReply(requestId, answer);
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

const STS_NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** STS calls the same refusals by older names, and has 403 for those of the signature. */
const STS_NAMES: Readonly<Record<string, readonly [string, number]>> = {
  InvalidSignatureException: ['SignatureDoesNotMatch', 403],
  UnrecognizedClientException: ['InvalidClientTokenId', 403],
  IncompleteSignatureException: ['IncompleteSignature', 400],
  MissingAuthenticationTokenException: ['MissingAuthenticationToken', 403],
  UnknownOperationException: ['InvalidAction', 400],
  ThrottlingException: ['Throttling', 400],
};

function xmlReply(requestId: string, answer: Answer<Output>): Reply {
  const headers = { ...marks(requestId), 'content-type': 'text/xml' };
  if (!answer.ok) return { ...xmlError(requestId, answer.refusal), headers };
  const members = Object.entries(answer.value).map(([name, value]) => `<${name}>${escaped(String(value))}</${name}>`);
  const body = `<GetCallerIdentityResponse xmlns="${STS_NAMESPACE}"><GetCallerIdentityResult>${members.join('')}</GetCallerIdentityResult><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></GetCallerIdentityResponse>`;
  return { status: 200, headers, body };
}

function xmlError(requestId: string, refusal: Refusal): Pick<Reply, 'status' | 'body'> {
  const [code, status] = STS_NAMES[refusal.name] ?? [refusal.name, refusal.status];
  const error = `<Type>${status < 500 ? 'Sender' : 'Receiver'}</Type><Code>${escaped(code)}</Code><Message>${escaped(refusal.message)}</Message>`;
  return {
    status,
    body: `<ErrorResponse xmlns="${STS_NAMESPACE}"><Error>${error}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
  };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
